package bot

import (
	"errors"
	"maps"
	"sync"
	"time"
)

// How often and how long Slack takes answers at a response_url.
// See https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
const (
	ResponseUses = 5
	responseLife = 30 * time.Minute
)

// ReservedUses is how many answers of a click's response_url are for the message that was clicked, to show what came of
// the click. Where the bot is no member, nothing else can change that message.
const ReservedUses = 2

// uses counts the answers that this process has sent to each response_url, by any caller. The zero value is ready to
// use.
type uses struct {
	mu      sync.Mutex
	sent    map[Secret]used
	sweepAt int // how many to keep before those that Slack no longer takes answers at are dropped
}

type used struct {
	times int
	first time.Time
}

const minSweep = 1000

// take counts one more answer to url, unless fewer than keep would be left.
func (u *uses) take(url Secret, keep int) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	now := time.Now()
	it, known := u.sent[url]
	switch {
	case keep > 0 && it.times+keep >= ResponseUses:
		return false
	case !known:
		it.first = now
		u.sweep(now)
	}
	it.times++
	u.sent[url] = it
	return true
}

// settle takes back an answer that certainly doesn't count: it never left, or Slack asked to wait.
func (u *uses) settle(url Secret, err error) {
	if !errors.Is(err, ErrNotSent) && !errors.Is(err, ErrThrottled) {
		return
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if it, known := u.sent[url]; known {
		it.times--
		u.sent[url] = it
	}
}

func (u *uses) sweep(now time.Time) {
	if u.sent == nil {
		u.sent = map[Secret]used{}
	}
	if len(u.sent) < max(minSweep, u.sweepAt) {
		return
	}
	maps.DeleteFunc(u.sent, func(_ Secret, it used) bool { return now.Sub(it.first) > responseLife })
	u.sweepAt = 2 * len(u.sent)
}
