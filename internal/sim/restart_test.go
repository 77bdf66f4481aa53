package sim

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/meetingsim"
)

// soonEnough is how soon after its start, on SQLite, the process continues the work of a dead
// one.
const soonEnough = 2 * time.Second

// TestRestart: wherever the process dies, the next one continues in time. A bubble's clock only
// counts waiting, so a busy machine takes no longer.
func TestRestart(t *testing.T) {
	for where, times := range map[string]int{
		"db COMMIT": 7, "meeting detail": 1, "meeting cancel": 1, "slack chat.update": 2, "slack chat.postMessage": 2,
	} {
		for n := range times {
			for _, after := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s %d after=%v", where, n+1, after), func(t *testing.T) {
					tell(t, func(s *story) {
						s.types(time.Second, ana, general, "")
						pressed := 10 * time.Second
						s.presses(pressed, bob, "cancel_meeting")
						s.deaths = append(s.deaths, &death{name: "luck", where: where, after: after, from: s.began.Add(pressed), left: n + 1, pause: time.Second})
						s.after(pressed, s.goesOn)
					})
				})
			}
		}
	}
}

// goesOn waits for the second process, and fails unless it soon continues the first one's work.
func (s *story) goesOn() {
	for end := time.Now().Add(time.Minute); s.lifeCount() < 2; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			s.t.Error("the process never died")
			return
		}
	}
	began := time.Now()
	time.Sleep(soonEnough)
	if s.effectsSince(began) > 0 {
		return
	}
	if r, err := s.tryRead(s.processIn(s.slots[0]).url); err != nil || !r.atRest() {
		s.t.Errorf("%v after its start the process has not continued (%v)", soonEnough, err)
	}
}

func (s *story) lifeCount() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lives
}

// effectsSince counts how often the service has touched the meeting, or what people see.
func (s *story) effectsSince(began time.Time) (n int) {
	for _, e := range s.meetings.Journal() {
		if e.At.After(began) && (e.Operation == meetingsim.OpDetail || e.Operation == meetingsim.OpCancel) {
			n++
		}
	}
	for _, c := range s.slack.Journal() {
		if c.At.After(began) && (strings.HasPrefix(c.Method, "chat.") || strings.HasPrefix(c.Method, "conversations.")) {
			n++
		}
	}
	return n
}
