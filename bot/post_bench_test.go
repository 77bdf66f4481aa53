package bot_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"meetingbot/bot"
)

// canned answers every call without a network.
type canned string

func (c canned) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	_ = r.Body.Close()
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(string(c))), Request: r}, nil
}

// BenchmarkPost measures a post without the network: rendering the card and reading Slack's answer, which repeats the whole
// message.
func BenchmarkPost(b *testing.B) {
	section := `{"type":"section","block_id":"x","text":{"type":"mrkdwn","text":"*Weekly review*, Tuesday, 24 November, 10:00 to 11:00","verbatim":false}}`
	answer := canned(`{"ok":true,"channel":"C1","ts":"1.2","message":{"user":"UBOT","type":"message","ts":"1.2","bot_id":"B1","app_id":"A1","text":"x","team":"T1",` +
		`"blocks":[` + strings.Repeat(section+",", 7) + section + `]}}`)
	c := bot.NewClient(bot.Config{BotToken: "xoxb-1", HTTP: &http.Client{Transport: answer}})
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.Post(b.Context(), bot.MessageRef{Channel: "C1"}, card()); err != nil {
			b.Fatal(err)
		}
	}
}
