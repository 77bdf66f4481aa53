package card

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// draws is what this process has drawn of one card, numbered in the order in which the states
// were committed.
type draws struct {
	mu        sync.Mutex
	latest    int
	open      map[int]string       // draws in progress → the state that each shows
	uncertain map[string]time.Time // states whose draw ended without an answer → until when it may still take effect
	announced time.Time            // when the draws that other processes announced are settled, by the stored clock
	settled   time.Time            // the same by this process's clock, which nobody sets
	ended     chan struct{}        // closed and replaced whenever a draw ends
	used      time.Time
	redrawing atomic.Bool       // redrawLater is running
	urls      map[string]urlUse // what was done through each response_url
	landed    *landed           // what the card already shows, if only its copies are to be drawn again
}

// maxCards is how many cards' draws are kept before old ones are swept.
const maxCards = 256

// register numbers a draw of r. A request that took over another's card shares its draws.
func (b *Board) register(r cancellation.Request) (*draws, int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	d := b.draws[r.ID]
	if d == nil && r.Supersedes != "" {
		d = b.draws[r.Supersedes]
	}
	if d == nil {
		if now := time.Now(); len(b.draws) >= maxCards && now.Sub(b.lastSweep) >= time.Second { // a sweep visits all of them
			b.lastSweep = now
			sweep(b.draws, now)
		}
		d = &draws{open: map[int]string{}, uncertain: map[string]time.Time{}, ended: make(chan struct{}), urls: map[string]urlUse{}}
	}
	b.draws[r.ID] = d
	d.mu.Lock()
	defer d.mu.Unlock()
	d.latest++
	d.open[d.latest] = stateOf(r)
	d.used = time.Now()
	return d, d.latest
}

// sweep drops draws that can't matter any more.
func sweep(all map[cancellation.ID]*draws, now time.Time) {
	maps.DeleteFunc(all, func(_ cancellation.ID, d *draws) bool {
		d.mu.Lock()
		defer d.mu.Unlock()
		return len(d.open) == 0 && now.Sub(d.used) > cancellation.DrawTimeout
	})
}

// stateOf identifies what a draw of r shows. Two draws of the same state don't conflict.
func stateOf(r cancellation.Request) string {
	page := 0
	if r.Batch != nil {
		page = r.Batch.Revision
	}
	return string(r.ID) + "/" + string(r.State) + "/" + string(r.Outcome) + "/" + r.WaitUntil.String() + "/" + strconv.Itoa(page)
}

// isCurrent reports whether no later draw has started.
func (d *draws) isCurrent(n int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.latest == n
}

// next numbers another draw of the state that draw n showed, unless a later draw has started.
func (d *draws) next(n int) (int, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.latest != n {
		return n, false
	}
	d.latest++
	d.open[d.latest] = ""
	return d.latest, true
}

// done records the end of a draw. Only an answer, or an error that proves it was never sent,
// settles it.
func (d *draws) done(n int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	state, ok := d.open[n]
	if !ok {
		return
	}
	delete(d.open, n)
	d.used = time.Now()
	if unanswered(err) {
		d.uncertain[state] = d.used.Add(cancellation.DrawTimeout)
	}
	close(d.ended)
	d.ended = make(chan struct{})
}

// unanswered reports whether a failed draw may still take effect.
func unanswered(err error) bool {
	return err != nil && !errors.Is(err, bot.ErrNotSent) &&
		(errors.Is(err, bot.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled))
}

// openBefore returns the draws before n that are in progress.
func (d *draws) openBefore(n int) []int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.DeleteFunc(slices.Collect(maps.Keys(d.open)), func(other int) bool { return other >= n })
}

// uncertainFor returns for how long an abandoned draw of a state other than r's may take effect;
// zero if none can.
func (d *draws) uncertainFor(r cancellation.Request) (left time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for state, until := range d.uncertain {
		if state != stateOf(r) {
			left = max(left, time.Until(until))
		}
	}
	return left
}

// othersFor returns for how long draws by other processes may take effect. By the stored clock they
// are settled at the given time, left from now. Repeated calls for the same time count down from the
// first one, because that clock may have been set forward since.
func (d *draws) othersFor(at time.Time, left time.Duration) time.Duration {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.announced.Equal(at) {
		d.announced, d.settled = at, time.Now().Add(left)
	}
	return time.Until(d.settled)
}

// wait waits until no draw before n is in progress, and reports whether that happened within
// the limit.
func (d *draws) wait(ctx context.Context, n int, limit time.Duration) bool {
	t := time.NewTimer(limit)
	defer t.Stop()
	for {
		d.mu.Lock()
		ended := d.ended
		d.mu.Unlock()
		if len(d.openBefore(n)) == 0 {
			return true
		}
		select {
		case <-ended:
		case <-t.C:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

// Slack takes five answers at a response_url. For a card that can't be reached any other way,
// some are reserved for its end and the reply to that: a question that can't be redrawn is
// merely out of date until the next click, but buttons that can't be removed would stay. A card
// that asks again may use one of these, because nobody can answer it until it is drawn, and so
// may one whose outcome isn't known, until it says so.
const reservedAnswers = 2

// beforeUnknown is how many answers another process may have used before this one first says
// that the outcome isn't known: for "Undo" and for "Working…".
const beforeUnknown = 2

// ErrReserved is why a state isn't drawn: the remaining answers at the response_url are reserved for
// the end.
var ErrReserved = fmt.Errorf("the last answers are reserved for the end: %w", bot.ErrGone)

// A urlUse is what this process has done through a response_url.
type urlUse struct {
	answers int  // used
	unknown bool // the card says that the outcome isn't known
}

// usesResponseURL reports whether this process has drawn the card of r through its
// response_url.
func (d *draws) usesResponseURL(r cancellation.Request) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.urls[r.Response.URL].answers > 0
}

// spendAnswer counts an answer at the response_url of r, and reports whether one was left for
// this state. It knows only the draws of this process. Nil draws mean a message other
// than the card, see [Board.DrawElsewhere].
func (d *draws) spendAnswer(r cancellation.Request) bool {
	if d == nil {
		return true
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	u, reserved := d.urls[r.Response.URL], reservedAnswers
	switch {
	case r.IsUnknown() && u.unknown:
		return false
	case r.IsUnknown():
		u.answers = max(u.answers, beforeUnknown)
		reserved--
	case r.State == cancellation.Asked && r.Supersedes != "":
		reserved--
	}
	if end := r.State.Final() && !r.IsUnknown(); !end && u.answers >= cancellation.ResponseUses-reserved {
		return false
	}
	u.answers++
	d.urls[r.Response.URL] = u
	return true
}

// giveBack takes back what spendAnswer counted, if Slack hasn't acted on the answer.
func (d *draws) giveBack(r cancellation.Request, err error) {
	if d == nil || !errors.Is(err, bot.ErrThrottled) && !errors.Is(err, bot.ErrNotSent) {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	u := d.urls[r.Response.URL]
	u.answers--
	d.urls[r.Response.URL] = u
}

// keepUnknown remembers that the card of r, if it goes through a response_url, shows an unknown
// outcome. From then on the remaining answers are reserved for what is found out: the unknown outcome
// isn't drawn again, even if an earlier draw might replace it.
func (d *draws) keepUnknown(r cancellation.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if u := d.urls[r.Response.URL]; r.IsUnknown() && u.answers > 0 {
		u.unknown = true
		d.urls[r.Response.URL] = u
	}
}

// showsUnknown reports whether keepUnknown was called for the card of r, which still shows that.
func (d *draws) showsUnknown(r cancellation.Request) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return r.IsUnknown() && d.urls[r.Response.URL].unknown
}
