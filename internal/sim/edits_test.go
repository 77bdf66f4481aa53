package sim

import (
	"testing"
	"time"
)

// TestEditsApart: a card with several meetings shows how far it is, and is edited at most every
// two seconds.
func TestEditsApart(t *testing.T) {
	tell(t, func(s *story) {
		line := "/cancel-meeting " + number(0)
		for i := 1; i < 5; i++ {
			s.book(i)
			line += " " + number(i)
		}
		s.after(time.Second, func() { s.typeLine(ana, general, line) })
		s.presses(5*time.Second, ana, "review_ticked")
		s.presses(8*time.Second, ana, "cancel_ticked")
		s.fault("meeting", "cancel", slow, 8*time.Second, time.Minute).delay = 1500 * time.Millisecond
		s.after(time.Minute, func() {
			var edits int
			var last time.Time
			for _, c := range s.slack.Journal() {
				if c.Method != "chat.update" || c.At.Before(s.began.Add(15*time.Second)) {
					continue
				}
				if gap := c.At.Sub(last); gap < 2*time.Second {
					s.t.Errorf("edited again after %v, want two seconds between", gap)
				}
				last = c.At
				edits++
			}
			if edits < 2 {
				s.t.Errorf("%d edits, want the beginning and the end", edits)
			}
		})
	})
}
