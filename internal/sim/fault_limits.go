package sim

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"

	"meetingbot/internal/slacksim"
)

// limits are how many calls the services accept; with zero values, any number.
type limits struct {
	meeting int           // calls of each API a minute
	posts   time.Duration // between two messages in a channel, after a burst
	burst   int
	methods map[string]slacksim.Rate
}

// drawLimits has a service count calls as its vendor does. The limits are lower than the vendors',
// as if many others used up the rest.
func drawLimits(c *chance) (l limits) {
	if c.happens("limits/meeting", 0.1) {
		l.meeting = pick(c, "limits/meeting/calls", 6, 12, 25)
		c.note("limits: the meeting service accepts %d calls of each API a minute", l.meeting)
	}
	if c.happens("limits/slack", 0.1) {
		l.posts, l.burst = time.Second, 1+c.number("limits/slack/burst", 3)
		n := pick(c, "limits/slack/calls", 6, 12, 25)
		l.methods = map[string]slacksim.Rate{}
		for _, method := range []string{"chat.update", "users.info", "users.lookupByEmail", "conversations.history", "views.publish"} {
			l.methods[method] = slacksim.Rate{Calls: n}
		}
		c.note("limits: Slack accepts a message a second in each channel after the first %d, and %d calls a minute of some methods", l.burst, n)
	}
	return l
}

// noteLimit extends the trouble if a service's own limit is reached: work may have to wait until its
// next window.
func (w *world) noteLimit(where string, answer *httptest.ResponseRecorder) {
	used := answer.Code == http.StatusTooManyRequests
	switch after, err := strconv.Atoi(answer.Header().Get("Retry-After")); {
	case used && err == nil:
		w.troubleUntil(time.Now().Add(time.Duration(after) * time.Second))
	case used, strings.HasPrefix(answer.Header().Get("X-Apig-Ratelimit-Api"), "remain:0,"):
		w.troubleUntil(time.Now().Add(time.Minute))
	default:
		return
	}
	w.count(where + " is at its limit")
}
