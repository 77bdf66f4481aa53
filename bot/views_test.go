package bot_test

import (
	"errors"
	"net/http"
	"testing"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

// TestOpenModalOnce: Slack opens one dialog for a trigger id, so that a second call says whether the first one, whose
// answer was lost, was carried out.
func TestOpenModalOnce(t *testing.T) {
	t.Parallel()
	var (
		lost      http.HandlerFunc = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
		opened                     = fake.Reply(`{"ok":true,"view":{"id":"V1"}}`)
		exchanged                  = fake.Reply(`{"ok":false,"error":"exchanged_trigger_id"}`)
		expired                    = fake.Reply(`{"ok":false,"error":"expired_trigger_id"}`)
	)
	for name, tt := range map[string]struct {
		answers []http.HandlerFunc
		want    error
		calls   int
	}{
		"opened":                               {[]http.HandlerFunc{opened}, nil, 1},
		"opened by an earlier call":            {[]http.HandlerFunc{exchanged}, nil, 1},
		"too late":                             {[]http.HandlerFunc{expired}, bot.ErrGone, 1},
		"answer lost, opened":                  {[]http.HandlerFunc{lost, exchanged}, nil, 2},
		"answer lost, not opened":              {[]http.HandlerFunc{lost, opened}, nil, 2},
		"answer lost, and nobody can say more": {[]http.HandlerFunc{lost, expired}, bot.ErrUnavailable, 2},
		"both answers lost":                    {[]http.HandlerFunc{lost, lost}, bot.ErrUnavailable, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.Answer("views.open", fake.InTurn(tt.answers...))
			err := bot.NewClient(f.config()).OpenModal(t.Context(), "1.2.3", bot.Modal{})
			if !errors.Is(err, tt.want) || (err == nil) != (tt.want == nil) {
				t.Errorf("OpenModal() = %v, want %v", err, tt.want)
			}
			if got := len(f.Made("views.open")); got != tt.calls {
				t.Errorf("%d calls, want %d", got, tt.calls)
			}
		})
	}
}
