package doctor

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// How far this machine's clock may be off. A login's signature is valid for ten
// minutes, a question for minutes to hours.
const (
	clockDoubtful = time.Minute
	clockWrong    = 5 * time.Minute
)

// times compares this machine's clock with the Date of every answer.
type times struct {
	mu   sync.Mutex
	seen map[string]reading // by service, from its quickest answer
}

func newTimes() *times { return &times{seen: map[string]reading{}} }

// A reading is what one service's clock said.
type reading struct {
	ahead time.Duration // theirs minus ours
	took  time.Duration // how long the answer took, which bounds the reading's precision
}

// listener is a transport that reads the service's clock from the answers that pass
// through.
type listener struct {
	http.RoundTripper
	service string
	times   *times
}

// RoundTrip forwards the request.
func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := time.Now()
	resp, err := l.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	l.times.read(l.service, resp.Header.Get("Date"), sent, time.Now())
	return resp, nil
}

// Unwrap lets the socket use the certificates and the proxy of the underlying
// transport.
func (l *listener) Unwrap() http.RoundTripper { return l.RoundTripper }

// read uses the Date of one answer. Date has whole seconds, so half a second is added
// to make the error symmetric.
func (t *times) read(service, date string, sent, got time.Time) {
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

// findings says how far the clock is off from each service's.
func (t *times) findings() (found []finding) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var agree []string
	for _, service := range []string{slackService, meetingService} {
		r, ok := t.seen[service]
		if !ok {
			continue
		}
		direction := "ahead of"
		if r.ahead > 0 {
			direction = "behind"
		}
		off := r.ahead.Abs() - r.took // the answer's travel time isn't the clock's error
		text := fmt.Sprintf("this machine's clock is %s %s %s's", r.ahead.Abs().Round(time.Second), direction, service)
		const advice = "set this machine's clock, preferably by NTP (timedatectl set-ntp true): logins are signed with the time, and questions expire by it"
		switch {
		case off > clockWrong:
			found = append(found, wrong(text, advice))
		case off > clockDoubtful:
			found = append(found, doubtful(text, advice))
		default:
			agree = append(agree, service+"'s")
		}
	}
	if len(agree) > 0 {
		found = append(found, good("agrees with "+strings.Join(agree, " and ")))
	}
	if len(found) == 0 {
		return []finding{doubtful("this machine's clock could not be checked: neither service answered", "fix the problems below first")}
	}
	return found
}
