package doctor

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"meetingbot/internal/config"
	"meetingbot/meetingapi"
)

// TestLoginAdvice asserts that the advice fits how the login was answered.
func TestLoginAdvice(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status       int
		body         string
		text, advice string
	}{
		{http.StatusUnauthorized, `{}`, "the login is refused: MEETING_ACCOUNT and MEETING_PASSWORD don't match", "check both by logging in with them"},
		{http.StatusPreconditionFailed, `{}`, "the account of the login is disabled", "enable it in the Huawei Cloud Meeting console"},
		{http.StatusUnauthorized, "<html>", "the answer didn't come from the Meeting API (", "check MEETING_API_URL"},
		{http.StatusForbidden, "<html>", "the answer didn't come from the Meeting API (", "check MEETING_API_URL"},
		{http.StatusPreconditionFailed, "<html>", "the answer didn't come from the Meeting API (", "check MEETING_API_URL"},
		{http.StatusLocked, "<html>", "the answer didn't come from the Meeting API (", "check MEETING_API_URL"},
		{http.StatusServiceUnavailable, "", "the service can't answer the login just now", "run doctor again in a few minutes"},
		{http.StatusBadGateway, "<html>", "the service can't answer the login just now", "run doctor again in a few minutes"},
		{http.StatusOK, "<html>", "the login got an unexpected answer", "check that MEETING_API_URL is the root"},
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(tt.status)
			fmt.Fprint(w, tt.body)
		}))
		found := checkMeetings(t.Context(), config.Config{MeetingAPIURL: srv.URL, MeetingAccount: "a", MeetingPassword: "p"}, "", newClocks())
		srv.Close()
		if len(found) != 1 || found[0].Status != fail || !strings.HasPrefix(found[0].Text, tt.text) || !strings.HasPrefix(found[0].Advice, tt.advice) {
			t.Errorf("with status %d: %+v, want %q and %q", tt.status, found, tt.text, tt.advice)
		}
	}
}

// TestCorporationAdvice asserts that a refused login is also blamed on the enterprise, with
// which an ordinary App ID can't log in.
func TestCorporationAdvice(t *testing.T) {
	t.Parallel()
	refused := &meetingapi.Error{Class: meetingapi.ClassCredentials, Status: http.StatusUnauthorized}
	for corporation, want := range map[string]bool{"": false, "1234": true} {
		found := loginFinding(config.Config{MeetingAppID: "a", MeetingAppKey: "k", MeetingCorpID: corporation}, refused)
		if got := strings.Contains(found.Advice, "remove MEETING_CORP_ID unless"); got != want {
			t.Errorf("with the enterprise %q: %+v, want MEETING_CORP_ID in it: %t", corporation, found, want)
		}
	}
}

// TestGroupAdvice asserts that a group's id is blamed only if Slack doesn't know it.
func TestGroupAdvice(t *testing.T) {
	t.Parallel()
	for code, advice := range map[string]string{
		"no_such_subteam":   "correct the id, or remove it",
		"permission_denied": "an admin of the workspace has to let the bot read its user groups; until then, list people in ALLOW_USERS",
		"something_new":     "look up what Slack says",
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(w, `{"ok":false,"error":%q}`, code)
		}))
		s, err := newSlack(config.Config{SlackAPIURL: srv.URL + "/api/", SlackBotToken: "xoxb-1", AllowUsergroups: config.IDs{"S1"}}, newClocks())
		if err != nil {
			t.Fatal(err)
		}
		_, found := s.groups(t.Context())
		srv.Close()
		if len(found) != 1 || found[0].Status != fail || !strings.HasPrefix(found[0].Advice, advice) {
			t.Errorf("with %s: %+v, want %q", code, found, advice)
		}
	}
}
