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
			t.Errorf("New with BaseURL %q = %v, want an error that names the field and does not repeat it", base, err)
		}
	}
}
