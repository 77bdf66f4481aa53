package press_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/dbfault"
)

// TestPrefetch checks that what a click needs is read once, while the click is still being
// stored, and that the meeting is read only for people who probably may confirm. A cached
// reading of the person from before the click isn't enough. The card's permalink is fetched only
// now, because most of what needs it runs in the process that got the click.
func TestPrefetch(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name, who, action string
		unrecorded        bool // the click is faster than the commit that records the card
		window            time.Duration
		asked, reads      int // before the click is stored
		links             int32
		sent              int // calls in the end
	}{
		{"listed", steptest.Ana, action.Cancel, false, 0, 1, 1, 1, 1},
		{"card not recorded yet", steptest.Ana, action.Cancel, true, 0, 1, 1, 1, 1},
		{"not allowed", steptest.Dave, action.Cancel, false, 0, 1, 0, 1, 0},
		{"with an undo window", steptest.Ana, action.Cancel, false, time.Minute, 1, 0, 1, 1},
		{"keep", steptest.Ana, action.Keep, false, 0, 0, 0, 0, 0},
		{"a button of a card about several", steptest.Ana, action.CancelMany, false, 0, 0, 0, 0, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var slow atomic.Bool
			steptest.Run(t, func(h *steptest.Fixture) {
				h.Rules.UndoWindow = row.window
				h.DB.Around = func(_ context.Context, text string, carryOut func() error) error {
					if text == dbfault.Commit && slow.CompareAndSwap(true, false) {
						time.Sleep(2 * time.Second)
					}
					return carryOut()
				}
			}, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, func(r *cancellation.Request) {
					if row.unrecorded {
						r.Card = cancellation.Card{}
					}
				})
				who := bot.UserID(row.who)
				before := h.Chat.Asked()[who]
				slow.Store(true)
				time.AfterFunc(time.Second, func() {
					n, reads, links := h.Chat.Asked()[who]-before, h.Service.Reads(), h.Chat.Linked.Load()
					if n != row.asked || reads != row.reads || links != row.links {
						t.Errorf("while the click is being stored: looked up the person %d times, read the meeting %d times, fetched %d links; want %d, %d, %d",
							n, reads, links, row.asked, row.reads, row.links)
					}
				})
				h.Press(row.who, row.action, id, nil)
				h.Pass(2 * time.Minute)
				if reads := h.Service.Reads(); row.reads == 1 && reads != 1 {
					t.Errorf("in the end the meeting was read %d times, want once", reads)
				}
				if sent := len(h.Service.Sent()); sent != row.sent {
					t.Errorf("%d calls, want %d", sent, row.sent)
				}
			})
		})
	}
}

// TestPrefetchOnCopy checks that a click on a copy prepares the link that the owner gets, to the card
// itself, and no other.
func TestPrefetchOnCopy(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, func(r *cancellation.Request) {
			r.Copies = []cancellation.Card{{Channel: "D0COPY", TS: "2", Way: cancellation.ByDirect}}
		})
		h.Press(steptest.Ana, action.Cancel, id, func(in *step.Envelope) { in.Message = bot.MessageRef{Channel: "D0COPY", TS: "2"} })
		h.Pass(time.Minute)
		if links, sent := h.Chat.Linked.Load(), len(h.Service.Sent()); links != 1 || sent != 1 {
			t.Errorf("fetched %d links for %d calls, want 1 for 1", links, sent)
		}
	})
}
