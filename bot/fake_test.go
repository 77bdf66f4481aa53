package bot_test

import (
	"testing"

	"go.uber.org/goleak"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fakeSlack is a fake Web API that closes with the test.
type fakeSlack struct{ *fake.Slack }

func newFake(t *testing.T) fakeSlack {
	t.Helper()
	f := fakeSlack{fake.New()}
	t.Cleanup(f.Close)
	return f
}

// config points a client at the fake.
func (f fakeSlack) config() bot.Config {
	return bot.Config{AppToken: "xapp-1-secret", BotToken: "xoxb-2-secret", APIURL: f.URL + "/api/"}
}
