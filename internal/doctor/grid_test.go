package doctor_test

import (
	"testing"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
)

// TestOrgInstall asserts that doctor accepts an app installed for a whole organisation, and
// says that it is.
func TestOrgInstall(t *testing.T) {
	t.Parallel()
	s := newSetup(t, slacksim.Options{}, meetingsim.Options{RateLimit: 100})
	s.slack.InstallToOrg(slacksim.Enterprise{ID: "E0ORG", Name: "Acme", Teams: []string{"T0TWO"}})
	found, code := s.examine(t)
	if bad := notOK(found); len(bad) > 0 || code != 0 {
		t.Errorf("Run() = %d with %q, want 0 and all well", code, bad)
	}
	if !says(found, "bot token", "ok", "organi") {
		t.Error("Run() does not say that the app is installed for an organisation")
	}
}
