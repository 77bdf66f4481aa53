package bot_test

import (
	"net/http"
	"testing"
	"testing/synctest"

	"go.uber.org/goleak"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
	"meetingbot/internal/memnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeSlack is a fake Web API that closes with the test.
type fakeSlack struct {
	*fake.Slack
	http *http.Client // nil: the client's own
}

func newFake(t *testing.T) fakeSlack {
	t.Helper()
	f := fakeSlack{Slack: fake.New()}
	t.Cleanup(f.Close)
	return f
}

// inBubble runs a test with fake time and an in-memory network, so that it doesn't matter how busy the machine is.
func inBubble(t *testing.T, test func(*testing.T, fakeSlack)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		m := memnet.New("memory")
		transport := &http.Transport{DialContext: m.DialContext}
		f := fakeSlack{fake.NewOn(m), &http.Client{Transport: transport}}
		t.Cleanup(f.Close)
		t.Cleanup(transport.CloseIdleConnections)
		test(t, f)
	})
}

// config points a client at the fake.
func (f fakeSlack) config() bot.Config {
	return bot.Config{AppToken: "xapp-1-secret", BotToken: "xoxb-2-secret", APIURL: f.URL + "/api/", HTTP: f.http}
}
