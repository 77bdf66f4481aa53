package doctor_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
)

// TestLongOwnerMap asserts that only a sample of a long map is looked up, spread from its
// beginning to its end, because the running bot shares Slack's limits, and that the report
// says so.
func TestLongOwnerMap(t *testing.T) {
	t.Parallel()
	s := newSetup(t, slacksim.Options{}, meetingsim.Options{})
	var lines strings.Builder
	for i := range 1000 {
		id := fmt.Sprintf("U1%04d", i)
		s.slack.AddUser(slacksim.User{ID: id, Name: id, Deleted: i == 0 || i == 995})
		fmt.Fprintf(&lines, "account%04d,%s\n", i, id)
	}
	s.env["OWNER_MAP"] = filepath.Join(t.TempDir(), "owners.csv")
	if err := os.WriteFile(s.env["OWNER_MAP"], []byte(lines.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	found, _ := s.examine(t)
	var said []string
	for _, f := range found {
		if f.Check == "owner map" {
			said = append(said, f.Status+" "+f.Text)
		}
	}
	all := strings.Join(said, "\n")
	for _, want := range []string{"U10000, whose account is deactivated", "U10995, whose account is deactivated", "ok only 200 of 1000 people were looked up"} {
		if !strings.Contains(all, want) {
			t.Errorf("doctor says %q, want %q in it", all, want)
		}
	}
	if n := len(s.slack.Calls("users.info")) / 2; n > 200+5 { // examine runs it twice; a few are for other checks
		t.Errorf("%d people were looked up, want 200", n)
	}
}
