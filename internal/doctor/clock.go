package doctor

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// How far this machine's clock may be off. The signature of a login is valid for ten
// minutes, a card for minutes to hours.
const (
	clockWarn = time.Minute
	clockFail = 5 * time.Minute
)

// clocks compares this machine's clock with the Date of every answer.
type clocks struct {
	mu   sync.Mutex
	seen map[string]reading // by service, from its fastest answer
}

func newClocks() *clocks { return &clocks{seen: map[string]reading{}} }

// A reading is one reading of a service's clock.
type reading struct {
	ahead time.Duration // theirs minus ours
	took  time.Duration // how long the answer took, which limits the reading's precision
}

// A clockTransport reads the service's clock from the answers that pass through it.
type clockTransport struct {
	http.RoundTripper
	service string
	clocks  *clocks
}

// RoundTrip forwards the request.
func (c *clockTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := time.Now()
	resp, err := c.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	c.clocks.read(c.service, resp.Header.Get("Date"), sent, time.Now())
	return resp, nil
}

// Unwrap lets the socket use the certificates and proxy of the underlying transport.
func (c *clockTransport) Unwrap() http.RoundTripper { return c.RoundTripper }

// read records the Date of an answer. Date has whole seconds, so we add half a second to
// make the error symmetric.
func (t *clocks) read(service, date string, sent, got time.Time) {
	at, err := http.ParseTime(date)
	if err != nil {
		return
	}
	took := got.Sub(sent)
	t.mu.Lock()
	defer t.mu.Unlock()
	if before, ok := t.seen[service]; !ok || took < before.took {
		t.seen[service] = reading{at.Add(time.Second / 2).Sub(sent.Add(took / 2)), took}
	}
}

// findings says how far this machine's clock is off from each service's.
func (t *clocks) findings() (found []finding) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var agree []string
	for _, service := range []string{slackService, meetingService} {
		r, ok := t.seen[service]
		if !ok {
			continue
		}
		off := r.ahead.Abs() - r.took // don't blame the clock for the answer's travel time
		if off <= clockWarn {
			agree = append(agree, service+"'s")
			continue
		}
		found = append(found, clockOff(off, "this machine's clock is "+apart(-r.ahead)+" "+service+"'s",
			"set this machine's clock, preferably by NTP (timedatectl set-ntp true): logins are signed with the time, and questions expire by it"))
	}
	if len(agree) > 0 {
		found = append(found, passed("agrees with "+strings.Join(agree, " and ")))
	}
	if len(found) == 0 {
		return []finding{warning("this machine's clock could not be checked: neither service answered", "fix the problems below first")}
	}
	return found
}

// clockOff returns the finding about a clock that is off by more than clockWarn.
func clockOff(off time.Duration, text, advice string) finding {
	if off > clockFail {
		return failed(text, advice)
	}
	return warning(text, advice)
}

// apart returns "1m0s ahead of" or "1m0s behind".
func apart(ahead time.Duration) string {
	if ahead < 0 {
		return ahead.Abs().Round(time.Second).String() + " behind"
	}
	return ahead.Round(time.Second).String() + " ahead of"
}
