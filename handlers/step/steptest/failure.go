package steptest

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"meetingbot/bot"
)

// SlackError returns the error of a call that Slack answers with this code.
func SlackError(t *testing.T, code string) error {
	t.Helper()
	return slackSays(t, func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"ok":false,"error":"` + code + `"}`)) })
}

// SlackWait returns the error of a call that Slack answers with a Retry-After.
func SlackWait(t *testing.T, wait time.Duration) error {
	t.Helper()
	return slackSays(t, func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())))
		w.WriteHeader(http.StatusTooManyRequests)
	})
}

func slackSays(t *testing.T, answer func(http.ResponseWriter)) error {
	t.Helper()
	slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w) }))
	defer slack.Close()
	c := bot.NewClient(bot.Config{BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: slack.URL + "/api/", HTTP: slack.Client()})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	err := c.Update(ctx, bot.MessageRef{Channel: Channel, TS: "1.1"}, bot.Message{Text: "x"})
	if err == nil {
		t.Fatal("the client took a failure for a success")
	}
	return err
}
