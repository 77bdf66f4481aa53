package doctor

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"
)

// How far this machine's clock may be off. A login at the meeting service is
// signed for ten minutes, and a question stands for minutes.
const (
	clockDoubtful = time.Minute
	clockWrong    = 5 * time.Minute
)

// times compares this machine's clock with the Date of every answer.
type times struct {
	mu   sync.Mutex
	seen []reading // one for each service, the one from the quickest answer
}

// A reading is what one service's clock says.
type reading struct {
	service string
	ahead   time.Duration // theirs minus ours
	took    time.Duration // of the answer it was read from: it can't be more exact than that
}

// listener is a transport that reads the clock, and what limits the service
// tells, from answers on their way through.
type listener struct {
	http.RoundTripper
	service string
	times   *times
	hear    func(http.Header) // may be nil
}

// RoundTrip passes the request on.
func (l *listener) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := time.Now()
	resp, err := l.RoundTripper.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	l.times.read(l.service, resp.Header.Get("Date"), sent, time.Now())
	if l.hear != nil {
		l.hear(resp.Header)
	}
	return resp, nil
}

// read takes up the Date of one answer. It has whole seconds, so half a second
// is added: the error is then the same on either side.
func (t *times) read(service, date string, sent, got time.Time) {
	at, err := http.ParseTime(date)
	if err != nil {
		return
	}
	took := got.Sub(sent)
	now := reading{service, at.Add(time.Second / 2).Sub(sent.Add(took / 2)), took}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, before := range t.seen {
		if before.service == service {
			if took < before.took {
				t.seen[i] = now
			}
			return
		}
	}
	t.seen = append(t.seen, now)
}

// findings says how far the clock is off, by each service that told.
func (t *times) findings() (found []finding) {
	t.mu.Lock()
	defer t.mu.Unlock()
	var agree []string
	for _, service := range []string{slackService, meetingService} {
		for _, r := range t.seen {
			if r.service != service {
				continue
			}
			off := max(r.ahead.Abs()-r.took, 0) // the answer's way is no fault of the clock
			text := fmt.Sprintf("this machine's clock is %s %s %s's", r.ahead.Abs().Round(time.Second), direction(r.ahead), service)
			const advice = "set this machine's clock, best by NTP (timedatectl set-ntp true): logins are signed with the time, and questions expire by it"
			switch {
			case off > clockWrong:
				found = append(found, wrong(text, advice))
			case off > clockDoubtful:
				found = append(found, doubtful(text, advice))
			default:
				agree = append(agree, service+"'s")
			}
		}
	}
	if len(agree) > 0 {
		found = append(found, good("agrees with "+strings.Join(agree, " and ")))
	}
	if len(found) == 0 {
		return []finding{doubtful("nobody has told the time, so this machine's clock was not checked", "mend the lines below first")}
	}
	return found
}

func direction(ahead time.Duration) string {
	if ahead > 0 {
		return "behind"
	}
	return "ahead of"
}
