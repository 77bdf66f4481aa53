package meetingapi_test

import (
	"strings"
	"testing"

	"meetingbot/meetingapi"
)

func TestNewNeedsCredentials(t *testing.T) {
	t.Parallel()
	for _, auth := range []meetingapi.Auth{
		nil, meetingapi.AppID{}, meetingapi.AppID{ID: "a"}, meetingapi.AppID{Key: "k"}, meetingapi.Account{Name: "a"}, meetingapi.Account{Password: "p"},
	} {
		if r, d, err := meetingapi.New(meetingapi.Config{Auth: auth}); err == nil || r != nil || d != nil {
			t.Errorf("New with %+v = %v, %v, no error; want one and nothing else", auth, r, d)
		}
	}
}

func TestBaseURL(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"api.meeting.example.com", "ftp://x", "https://", "https://u:hidden@host", "https://host?x=hidden", "https://host#hidden", "http://ho st", "://"} {
		_, _, err := meetingapi.New(meetingapi.Config{BaseURL: base, Auth: meetingapi.Account{Name: "a", Password: "b"}})
		if err == nil || !strings.Contains(err.Error(), "BaseURL") || strings.Contains(err.Error(), "hidden") {
			t.Errorf("New with BaseURL %q = %v, want an error that names the field but doesn't quote it", base, err)
		}
	}
}

// TestAppIDSignature uses vectors computed from the documented formula with an invented
// key, because the vendor publishes none.
func TestAppIDSignature(t *testing.T) {
	t.Parallel()
	const (
		id    = "fdb8e4699586458bbd10c834872dcc62"
		key   = "0123456789abcdef0123456789abcdef"
		nonce = "EycLQsHwxhzK9OW8UEKWNfH2I3CGR2nINuU1EBpv162d42d92s"
	)
	for _, tt := range []struct {
		desc string
		app  meetingapi.AppID
		want string
	}{
		{"a user", meetingapi.AppID{ID: id, Key: key, UserID: "testuser@mycorp.com"}, "538f10a4d4768e3ed95e2006a7936a2954bc3eea9f5b4c5bf658127c304bb3c9"},
		{"the administrator: both colons stay", meetingapi.AppID{ID: id, Key: key}, "bf003ebe5a82053053b4a14f195562e720eb3474a6a107599be0bad2fdd8a816"},
		{"a service provider's user", meetingapi.AppID{ID: id, Key: key, CorpID: "807074304", UserID: "testuser@mycorp.com"}, "609e6e2e20cdd617f309839562842cdcd0138d208b385c206ee49c946c4a3cc6"},
	} {
		got := meetingapi.Authorization(tt.app, 1627722929, nonce)
		want := "HMAC-SHA256 signature=" + tt.want + ",access=ZmRiOGU0Njk5NTg2NDU4YmJkMTBjODM0ODcyZGNjNjI="
		if got != want {
			t.Errorf("%s: Authorization(1627722929, nonce) = %q, want %q", tt.desc, got, want)
		}
	}
}
