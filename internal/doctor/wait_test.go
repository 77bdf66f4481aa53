package doctor

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestAnnounceWait asserts that only a slow run is announced.
func TestAnnounceWait(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]string{time.Second / 2: "", 3 * time.Second: "still checking; "} {
		synctest.Test(t, func(t *testing.T) {
			var out bytes.Buffer
			stop := announceWait(&out)
			<-time.After(took)
			stop()
			if got := out.String(); (got == "") != (want == "") || !strings.HasPrefix(got, want) {
				t.Errorf("after %v it says %q, want %q", took, got, want)
			}
		})
	}
}
