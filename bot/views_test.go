package bot_test

import (
	"errors"
	"net/http"
	"testing"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

// TestOpenModalIsNotRetried: a trigger id is good for one dialog, so the call is never repeated.
func TestOpenModalIsNotRetried(t *testing.T) {
	t.Parallel()
	var lost http.HandlerFunc = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"opened":      {fake.Reply(`{"ok":true,"view":{"id":"V1"}}`), nil},
		"too late":    {fake.Reply(`{"ok":false,"error":"expired_trigger_id"}`), bot.ErrGone},
		"answer lost": {lost, bot.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.Answer("views.open", tt.answer)
			err := bot.NewClient(f.config()).OpenModal(t.Context(), "1.2.3", bot.Modal{})
			if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
				t.Errorf("OpenModal() = %v, want %v", err, tt.want)
			}
			if got := len(f.Made("views.open")); got != 1 {
				t.Errorf("%d calls, want 1", got)
			}
		})
	}
}
