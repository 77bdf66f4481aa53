package card

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// TestLastStateWins is the law of this package: however slow Slack is with a draw, and whether
// or not it answers, the card ends in the last state.
func TestLastStateWins(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		working reply // how Slack reacts to the draw of "Working…"
		final   []reply
		before  cancellation.Drawing // announced by another process
		atMost  time.Duration
	}{
		{name: "all is quick"},
		{name: "working takes two seconds", working: reply{takes: 2 * time.Second}, atMost: 10 * time.Second},
		{name: "working is applied after it was given up", working: reply{takes: 4 * time.Second}, atMost: time.Minute},
		{name: "working is applied long after", working: reply{takes: 20 * time.Second}, atMost: time.Minute},
		{name: "working is applied minutes after", working: reply{takes: 100 * time.Second}, atMost: time.Minute},
		{name: "working is refused", working: reply{err: bot.ErrThrottled}},
		{name: "working was never sent", working: reply{err: bot.ErrNotSent}},
		{name: "final is late too", working: reply{takes: 4 * time.Second}, final: []reply{{takes: 5 * time.Second}}, atMost: time.Minute},
		{name: "final is refused for a while", final: []reply{{err: bot.ErrThrottled}, {err: bot.ErrThrottled}}, atMost: 10 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				b.slack.answer = slices.Concat([]reply{row.working}, row.final)
				b.Show(b.request(cancellation.Calling))
				synctest.Wait()
				b.stored = b.request(cancellation.Done)
				took := b.settled(t, b.stored)
				time.Sleep(5 * time.Minute) // by then every late draw has been applied
				synctest.Wait()
				if got := b.slack.text("card"); got != "done" {
					t.Errorf("in the end the card says %q; it was drawn %q", got, b.slack.all())
				}
				if took > row.atMost {
					t.Errorf("that took %v, want at most %v", took, row.atMost)
				}
			})
		})
	}
}

// TestShowDuringDraw: a state that is shown while an earlier one is still being drawn ends up
// on top, although no caller waits for either.
func TestShowDuringDraw(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, b *room) {
		b.slack.answer = []reply{{takes: 700 * time.Millisecond}}
		b.Show(b.request(cancellation.Calling))
		synctest.Wait()
		b.Show(b.request(cancellation.Asked))
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if got := b.slack.text("card"); got != "asked" {
			t.Errorf("the card says %q; it was drawn %q", got, b.slack.all())
		}
	})
}

// TestOtherProcess: a draw waits for what another process announced, for as long as that may
// take effect. What this process announced it knows better itself.
func TestOtherProcess(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		other func(b *room) cancellation.Drawing
		waits bool
	}{
		{"none", func(*room) cancellation.Drawing { return cancellation.Drawing{} }, false},
		{"own", func(b *room) cancellation.Drawing { return b.request(cancellation.Done).Drawing }, false},
		{"own, after another's", func(b *room) cancellation.Drawing {
			return b.announced(cancellation.Drawing{By: "other", Until: time.Now().Add(-cancellation.DrawTimeout / 2)})
		}, true},
		{"own, long after another's", func(b *room) cancellation.Drawing {
			return b.announced(cancellation.Drawing{By: "other", Until: time.Now().Add(-2 * cancellation.DrawTimeout)})
		}, false},
		{"another's", func(*room) cancellation.Drawing { return cancellation.Drawing{By: "other", Until: time.Now()} }, true},
		{"another's, within one millisecond", func(*room) cancellation.Drawing {
			return cancellation.Drawing{By: "other", Until: time.Now().Add(time.Microsecond)}
		}, true},
		{"another's, long ago", func(*room) cancellation.Drawing {
			return cancellation.Drawing{By: "other", Until: time.Now().Add(-2 * cancellation.DrawTimeout)}
		}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				r := b.request(cancellation.Done)
				r.Drawing = row.other(b)
				at, err := b.Draw(t.Context(), r)
				if err != nil || (at.Again > 0) != row.waits {
					t.Errorf("Draw() = %v, %v; want to draw again: %t", at.Again, err, row.waits)
				}
				if got := b.slack.text("card"); got != "done" {
					t.Errorf("the card says %q, want it drawn at once", got)
				}
				time.Sleep(at.Again)
				if at, err := b.Draw(t.Context(), r); at.Again > 0 || err != nil {
					t.Errorf("Draw() after that time = %v, %v, want 0, nil", at.Again, err)
				}
			})
		})
	}
}

// TestCountDown: it counts, it ends without help, and it never draws over the next state.
func TestCountDown(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, b *room) {
		r := b.request(cancellation.Confirmed)
		r.UndoUntil = time.Now().Add(10 * time.Second)
		b.stored = r
		b.CountDown(r)
		synctest.Wait()
		if got := b.slack.text("card"); got != "undo within 10s" {
			t.Errorf("at first the card says %q", got)
		}
		time.Sleep(6 * time.Second)
		synctest.Wait()
		counted := len(b.slack.all())
		if counted < 2 {
			t.Errorf("drawn %q in six seconds, want a countdown", b.slack.all())
		}
		b.settled(t, b.request(cancellation.Declined))
		time.Sleep(time.Minute)
		synctest.Wait()
		if got := b.slack.all()[len(b.slack.all())-1]; got != "declined" || len(b.slack.all()) > counted+2 {
			t.Errorf("after the end it was still drawn: %q", b.slack.all()[counted:])
		}
	})
}

// TestCountDownElsewhere: an Undo that another process has handled ends the countdown, and so
// does a database that can't tell.
func TestCountDownElsewhere(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		stored cancellation.State
		reads  []error
		want   int // draws
	}{
		{stored: cancellation.Confirmed, want: 4},
		{stored: cancellation.Declined, want: 1},
		{stored: cancellation.Confirmed, reads: []error{errors.New("database down")}, want: 1},
	} {
		inRoom(t, func(t *testing.T, b *room) {
			r := b.request(cancellation.Confirmed)
			r.UndoUntil = time.Now().Add(20 * time.Second)
			b.Announce(&r, r.UndoUntil)
			b.stored, b.reads = b.request(row.stored), row.reads
			b.CountDown(r)
			time.Sleep(time.Minute)
			synctest.Wait()
			if got := b.slack.all(); len(got) != row.want {
				t.Errorf("stored as %s (%v), the card was drawn %q, want %d draws", row.stored, row.reads, got, row.want)
			}
		})
	}
}

// TestCountDownEnds: the last count comes some time before the window ends, because then the
// next state is drawn.
func TestCountDownEnds(t *testing.T) {
	t.Parallel()
	for window, want := range map[time.Duration]int{time.Second: 1, 6 * time.Second: 1, 8 * time.Second: 2, 11 * time.Second: 2} {
		inRoom(t, func(t *testing.T, b *room) {
			r := b.request(cancellation.Confirmed)
			r.UndoUntil = time.Now().Add(window)
			b.stored = r
			b.CountDown(r)
			time.Sleep(time.Minute)
			synctest.Wait()
			if got := len(b.slack.all()); got != want {
				t.Errorf("in a window of %v it was drawn %d times, want %d", window, got, want)
			}
		})
	}
}

// TestCountDownOnSkewedClock: the window ends by the clock that all replicas share, so the
// countdown works even where the machine's own clock says that it is over, or far from it.
func TestCountDownOnSkewedClock(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{20 * time.Second, -20 * time.Second} {
		inRoom(t, func(t *testing.T, b *room) {
			b.now = func() time.Time { return time.Now().Add(-ahead) }
			r := b.request(cancellation.Confirmed)
			r.UndoUntil = b.now().Add(10 * time.Second)
			b.stored = r
			b.CountDown(r)
			time.Sleep(time.Minute)
			synctest.Wait()
			if got := b.slack.all(); len(got) != 2 || got[0] != "undo within 10s" {
				t.Errorf("with the clock %v ahead it was drawn %q, want a countdown", ahead, got)
			}
		})
	}
}

// TestUneditable: if the message can't be edited, a click's response_url replaces it; a
// command's can only post a follow-up.
func TestUneditable(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name     string
		code     string
		response cancellation.ResponseURL
		want     string // the message that shows the final state; empty: none, and Draw fails
	}{
		{"can't update", "cant_update_message", click(), "replaced"},
		{"edit window closed", "edit_window_closed", click(), "replaced"},
		{"an unknown refusal", "brand_new_refusal", click(), "replaced"},
		{"message deleted", "message_not_found", click(), "replaced"},
		{"no click", "cant_update_message", cancellation.ResponseURL{URL: "https://hooks.example.com/1", At: time.Now()}, ""},
		{"no url", "cant_update_message", cancellation.ResponseURL{}, ""},
		{"a scope is missing", "missing_scope", click(), "replaced"},
		{"the token is revoked", "token_revoked", click(), "replaced"},
		{"a scope is missing, no click", "missing_scope", cancellation.ResponseURL{}, ""},
		{"busy", "internal_error", click(), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			refused := refusal(t, row.code)
			inRoom(t, func(t *testing.T, b *room) {
				b.slack.answer = []reply{{err: refused}}
				r := b.request(cancellation.Done)
				if r.Response = row.response; r.Response.URL != "" {
					r.Response.At = time.Now()
				}
				_, err := b.Draw(t.Context(), r)
				if row.want == "" {
					if !errors.Is(err, refused) {
						t.Errorf("Draw() = %v, want %v", err, refused)
					}
					return
				}
				if err != nil || b.slack.text(row.want) != "done" {
					t.Errorf("Draw() = %v; shown %v, want it %s", err, b.slack.shown, row.want)
				}
			})
		})
	}
}

// TestUsedURL: a used-up response_url is not the end if the message may become editable later:
// the error is the temporary one.
func TestUsedURL(t *testing.T) {
	t.Parallel()
	used := failure(t, "used_url", func(ctx context.Context, c *bot.Client) error {
		return c.Update(ctx, bot.MessageRef{Channel: "C0", TS: "1.2"}, bot.Message{Text: "x"})
	})
	for _, row := range []struct {
		name  string
		first error
		final bool // the card can't be reached any more
	}{
		{"Slack asks to wait", throttled(t, 60), false},
		{"the token is revoked", refusal(t, "token_revoked"), false},
		{"posting here is restricted", refusal(t, "restricted_action"), false},
		{"the message can't be edited", refusal(t, "cant_update_message"), true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				b.slack.answer = []reply{{err: row.first}, {err: used}}
				r := b.request(cancellation.Done)
				r.Response = click()
				r.Response.At = time.Now()
				_, err := b.Draw(t.Context(), r)
				if bot.Permanent(err) != row.final || !row.final && !errors.Is(err, row.first) {
					t.Errorf("Draw() = %v, want it permanent: %t", err, row.final)
				}
				if _, err := b.Draw(t.Context(), r); err != nil || b.slack.text("card") != "done" {
					t.Errorf("Draw() later = %v, the card says %q", err, b.slack.text("card"))
				}
			})
		})
	}
}

// TestDeletedInProgress: if the card was deleted, an answer to a click is a new message that
// can't be changed. "Working…" would stay there forever, so it isn't posted; a card with
// buttons or a final state is.
func TestDeletedInProgress(t *testing.T) {
	t.Parallel()
	deleted := refusal(t, "message_not_found")
	for _, row := range []struct {
		name   string
		r      func(*cancellation.Request)
		posted bool
	}{
		{"working", func(r *cancellation.Request) { r.State = cancellation.Calling }, false},
		{"about to work", func(r *cancellation.Request) { r.State = cancellation.Confirmed }, false},
		{"can be undone", func(r *cancellation.Request) {
			r.State, r.UndoUntil = cancellation.Confirmed, time.Now().Add(time.Minute)
		}, true},
		{"can be stopped", func(r *cancellation.Request) {
			r.State, r.WaitUntil = cancellation.Calling, time.Now().Add(time.Minute)
		}, true},
		{"asks again", func(r *cancellation.Request) { r.Supersedes = "earlier" }, true},
		{"final", func(r *cancellation.Request) { r.State = cancellation.Done }, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				b.slack.answer = []reply{{err: deleted}}
				r := b.request(cancellation.Asked)
				r.Response = click()
				r.Response.At = time.Now()
				row.r(&r)
				_, err := b.Draw(t.Context(), r)
				if posted := b.slack.text("replaced") != ""; posted != row.posted || posted != (err == nil) {
					t.Errorf("Draw() = %v, posted: %t, want %t", err, posted, row.posted)
				}
			})
		})
	}
}

// TestLanding checks who is certain to see a draw. Slack doesn't say whether the card that a
// response_url replaces still exists.
func TestLanding(t *testing.T) {
	t.Parallel()
	response := cancellation.Card{Channel: "C0", TS: "card", Way: cancellation.ByResponse}
	for _, row := range []struct {
		name string
		code string // with which Slack refuses to edit the card; empty: it doesn't
		card cancellation.Card
		only string
	}{
		{"edited", "", cancellation.Card{}, ""},
		{"deleted", "message_not_found", cancellation.Card{}, "U0BOB"},
		{"can't be edited", "cant_update_message", cancellation.Card{}, ""},
		{"by response_url", "", response, "U0BOB"},
		{"by response_url, posted a moment ago", "", cancellation.Card{Channel: "C0", Way: cancellation.ByResponse}, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				if row.code != "" {
					b.slack.answer = []reply{{err: refusal(t, row.code)}}
				}
				r := b.request(cancellation.Asked)
				if row.card.Channel != "" {
					r.Card = row.card
				}
				r.Response = click()
				r.Response.At = time.Now()
				if at, err := b.Draw(t.Context(), r); err != nil || at.Only != row.only || !at.Shows("U0BOB") || at.Shows("U0ANA") != (row.only == "") {
					t.Errorf("Draw() = %+v, %v; want it shown to %q only", at, err, row.only)
				}
			})
		})
	}
}

func click() cancellation.ResponseURL {
	return cancellation.ResponseURL{URL: "https://hooks.example.com/1", OfClick: true, By: "U0BOB"}
}

// TestAnnounceDuringCountdown: what is announced while a card counts down, for a copy that was
// clicked, doesn't hide the draws that the countdown will still make from another process.
func TestAnnounceDuringCountdown(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, b *room) {
		r, end := b.request(cancellation.Confirmed), time.Now().Add(time.Minute)
		b.Announce(&r, end)
		b.Announce(&r, time.Now())
		if until := r.Drawing.Until; until.Before(end) {
			t.Errorf("draws are announced until %v before the end of the countdown", end.Sub(until))
		}
	})
}
