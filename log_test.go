package main

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/config"
)

// TestLogUnits: a duration is logged with its unit.
func TestLogUnits(t *testing.T) {
	t.Parallel()
	for format, want := range map[string]string{"json": `"took_ms":1.5,"count":2}`, "text": "took_ms=1.5 count=2"} {
		var out bytes.Buffer
		logger(config.Config{LogFormat: format}, &out).InfoContext(t.Context(), "done", "took", 1500*time.Microsecond, "count", 2)
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s: the log says %s want %s", format, out.String(), want)
		}
	}
}
