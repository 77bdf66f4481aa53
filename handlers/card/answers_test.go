package card

import (
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// TestReservesAnswersForFinalState: redraws of a question that only a response_url reaches
// don't use up the answers that remove its buttons; a click brings new ones.
func TestReservesAnswersForFinalState(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, b *room) {
		at := func(s cancellation.State, url string) cancellation.Request {
			r := b.request(s)
			r.Card.Way = cancellation.ByResponse
			r.Response = cancellation.ResponseURL{URL: url, At: time.Now(), OfClick: true}
			return r
		}
		refused := 0
		for range 6 {
			if _, err := b.Draw(t.Context(), at(cancellation.Asked, "first")); errors.Is(err, bot.ErrGone) {
				refused++
			}
		}
		if refused != 3 {
			t.Errorf("%d of 6 redraws were refused, want 3", refused)
		}
		again := at(cancellation.Asked, "first")
		again.Supersedes = "r0"
		if _, err := b.Draw(t.Context(), again); err != nil {
			t.Errorf("Draw() of a card that asks again = %v", err)
		}
		if _, err := b.Draw(t.Context(), again); !errors.Is(err, bot.ErrGone) {
			t.Errorf("second Draw() of a card that asks again = %v, want the last answer reserved", err)
		}
		if _, err := b.Draw(t.Context(), at(cancellation.Asked, "second")); err != nil {
			t.Errorf("Draw() after another click = %v", err)
		}
		if _, err := b.Draw(t.Context(), at(cancellation.Expired, "first")); err != nil {
			t.Errorf("Draw() of the final state = %v", err)
		}
		if got, want := b.slack.all(), []string{"asked", "asked", "asked", "asked", "asked", "expired"}; !slices.Equal(got, want) {
			t.Errorf("drawn: %q, want %q", got, want)
		}
	})
}

// byURL returns a request in a state, with a card that only a click's response_url reaches.
func (b *room) byURL(s cancellation.State, o cancellation.Outcome) cancellation.Request {
	r := b.request(s)
	r.Card.Way, r.Response, r.Outcome = cancellation.ByResponse, click(), o
	r.Response.At = time.Now()
	return r
}

// TestReservesAnswersWhileUnknown: where only a response_url reaches the card, it says that the
// outcome isn't known, and what becomes known bit by bit doesn't use up the answers that its end
// and the reply need. A process that has died may have used some.
func TestReservesAnswersWhileUnknown(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		before []cancellation.State // drawn by this process
		fails  int                  // draws that Slack refuses for the moment, at first
		atMost int                  // answers used before the end
	}{
		{"after a countdown", []cancellation.State{cancellation.Confirmed, cancellation.Calling}, 0, 3},
		{"after working", []cancellation.State{cancellation.Calling}, 0, 2},
		{"in another process", nil, 0, 1},
		{"after trouble", []cancellation.State{cancellation.Calling}, 3, 4},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				draw := func(s cancellation.State, o cancellation.Outcome) error {
					_, err := b.Draw(t.Context(), b.byURL(s, o))
					return err
				}
				for range row.fails {
					b.slack.answer = append(b.slack.answer, reply{err: bot.ErrThrottled})
				}
				for _, s := range row.before {
					_ = draw(s, "")
				}
				for range row.fails {
					_ = draw(cancellation.Done, cancellation.Unknown)
				}
				for range 4 {
					if err := draw(cancellation.Done, cancellation.Unknown); err != nil && !errors.Is(err, ErrReserved) {
						t.Fatalf("Draw() while the outcome is unknown = %v", err)
					}
				}
				if b.slack.calls > row.atMost || row.fails == 0 && b.slack.calls < row.atMost {
					t.Errorf("%d answers used before the end, want %d", b.slack.calls, row.atMost)
				}
				if got := b.slack.text("replaced"); got != "done" {
					t.Errorf("while the outcome is unknown, the card says %q", got)
				}
				if err := draw(cancellation.Done, cancellation.Cancelled); err != nil {
					t.Errorf("Draw() of the end = %v", err)
				}
			})
		})
	}
}

// TestUnknownOutcomeLeavesAnswers: an unknown outcome that a late "Working…" may replace is drawn
// once through a response_url, and what is found out still has an answer left. In between, the
// reply has used one.
func TestUnknownOutcomeLeavesAnswers(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name    string
		working reply
		others  time.Duration // until when another process's draws may take effect
	}{
		{"of this process", reply{takes: 20 * time.Second}, 0},
		{"of a process that died", reply{}, 13 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				others := time.Now().Add(row.others)
				at := func(s cancellation.State, o cancellation.Outcome) cancellation.Request {
					r := b.byURL(s, o)
					if row.others > 0 {
						r.Drawing = b.announced(cancellation.Drawing{By: "other", Until: others})
					}
					return r
				}
				b.slack.answer = []reply{{}, row.working}
				b.Show(b.store(at(cancellation.Confirmed, "")))
				synctest.Wait()
				b.Show(b.store(at(cancellation.Calling, "")))
				time.Sleep(clientTimeout + time.Second)
				if landing, err := b.Draw(t.Context(), b.store(at(cancellation.Done, cancellation.Unknown))); err != nil || landing.Again > 0 {
					t.Errorf("Draw() = %+v, %v", landing, err)
				}
				time.Sleep(10 * time.Minute)
				if got, want := b.slack.all(), 3; len(got) != want {
					t.Errorf("drawn before the outcome is known: %q, want %d draws", got, want)
				}
				b.settled(t, b.store(at(cancellation.Done, cancellation.Cancelled)))
				if got, want := b.slack.all(), 4; len(got) != want {
					t.Errorf("drawn: %q, want %d draws", got, want)
				}
			})
		})
	}
}

// TestUnknownOutcomeOverOpenDraw: an unknown outcome was drawn while Slack still worked on
// "Working…", which came to stand above it. It counts as shown only once it is drawn over that.
func TestUnknownOutcomeOverOpenDraw(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, b *room) {
		b.slack.answer = []reply{{takes: patience + time.Second}}
		b.Show(b.byURL(cancellation.Calling, ""))
		synctest.Wait()
		if landing, err := b.Draw(t.Context(), b.store(b.byURL(cancellation.Done, cancellation.Unknown))); err != nil || landing.Again > 0 {
			t.Errorf("Draw() = %+v, %v", landing, err)
		}
		if got, want := b.slack.all(), []string{"done", "calling", "done"}; !slices.Equal(got, want) {
			t.Errorf("drawn: %q, want %q", got, want)
		}
	})
}

// TestWorkingDoesNotFollow: what follows a card that can't be replaced stays as it is. That
// suits the outcome, but not "Working…".
func TestWorkingDoesNotFollow(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, b *room) {
		for _, state := range []cancellation.State{cancellation.Confirmed, cancellation.Calling, cancellation.Done} {
			r := b.request(state)
			r.Card = cancellation.Card{Channel: "C0", Way: cancellation.ByResponse}
			r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/1", At: time.Now()}
			_, err := b.Draw(t.Context(), r)
			if followed := b.slack.text("followed") == string(state); followed != (state == cancellation.Done) || followed != (err == nil) {
				t.Errorf("%s: Draw() = %v, drawn: %t", state, err, followed)
			}
		}
	})
}

// TestCopyBehind: while Slack asks to wait before it edits a copy, the draw stays open, and
// the card, which only its response_url reaches, is drawn once.
func TestCopyBehind(t *testing.T) {
	t.Parallel()
	used := refusal(t, "used_url")
	for _, row := range []struct {
		name  string
		card  error // of each draw of the card
		drawn []string
	}{
		{"the card is drawn", nil, []string{"done", "done"}},
		{"the card can't be changed", used, []string{"done"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				r := b.byURL(cancellation.Done, "")
				r.Copies = []cancellation.Card{{Channel: "D0", TS: "copy", Way: cancellation.ByDirect}}
				b.slack.answer = []reply{{err: row.card}, {err: throttled(t, 60)}}
				if _, err := b.Draw(t.Context(), r); err == nil || bot.Permanent(err) {
					t.Errorf("Draw() = %v, want it to be repeated for the copy", err)
				}
				if row.card != nil {
					b.slack.answer = []reply{{err: row.card}}
				}
				if at, err := b.Draw(t.Context(), r); bot.Permanent(err) != (row.card != nil) || row.card == nil && (err != nil || at.Only != "U0BOB") {
					t.Errorf("second Draw() = %+v, %v", at, err)
				}
				if got := b.slack.all(); b.slack.text("copy") != "done" || !slices.Equal(got, row.drawn) {
					t.Errorf("the copy says %q; drawn: %q, want %q", b.slack.text("copy"), got, row.drawn)
				}
			})
		})
	}
}

// TestCountDownSavesAnswers: where the message can't be edited, the countdown is drawn once.
// That counts even if the card isn't known to have come through a response_url: a click that
// reveals where the card is doesn't say how it got there.
func TestCountDownSavesAnswers(t *testing.T) {
	t.Parallel()
	refused := refusal(t, "not_in_channel")
	for _, way := range []cancellation.Way{cancellation.ByMessage, cancellation.ByResponse} {
		inRoom(t, func(t *testing.T, b *room) {
			r := b.request(cancellation.Confirmed)
			r.UndoUntil, r.Card.Way, r.Response = time.Now().Add(20*time.Second), way, click()
			r.Response.At = time.Now()
			if way == cancellation.ByMessage {
				b.slack.answer = []reply{{err: refused}, {}, {err: refused}, {}, {err: refused}, {}}
			}
			b.CountDown(r)
			time.Sleep(time.Minute)
			synctest.Wait()
			if got := b.slack.all(); len(got) != 1 {
				t.Errorf("a card by %s was drawn %q, want it once", way, got)
			}
		})
	}
}
