package doctor

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/meetingapi"
)

// TestClockOfAnotherYear has a clock that is years off, as after a power cut: then no
// certificate is valid, and the company's proxy isn't to blame.
func TestClockOfAnotherYear(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(nil)
	t.Cleanup(server.Close)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	epoch := func() time.Time { return time.Unix(-1, 0) }
	slack, err := bot.NewHTTP(ca)
	if err != nil {
		t.Fatal(err)
	}
	slack.Transport.(*http.Transport).TLSClientConfig.Time = epoch //nolint:forcetypeassert // NewHTTP makes it
	_, refused := bot.NewClient(bot.Config{BotToken: "xoxb-1", APIURL: server.URL + "/api/", HTTP: slack}).Identify(t.Context())
	transport, err := meetingapi.NewTransport(ca)
	if err != nil {
		t.Fatal(err)
	}
	transport.TLSClientConfig.Time = epoch
	reader, _, err := meetingapi.New(meetingapi.Config{
		BaseURL: server.URL, Auth: meetingapi.AppID{ID: "app", Key: "key"}, HTTP: &http.Client{Transport: transport},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, found := range []finding{tokenFinding(refused), unreachableFinding(reader.Login(t.Context()))} {
		if !strings.Contains(found.Text, "certificate") || !strings.Contains(found.Advice, "clock") {
			t.Errorf("doctor finds %q, %q, want the clock to be looked at", found.Text, found.Advice)
		}
	}
}
