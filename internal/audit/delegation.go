package audit

import (
	"fmt"
	"time"

	"meetingbot/internal/store"
)

// let adds one row of a delegation, which gets a line of its own, as a request does.
func (s *story) let(r store.AuditRow) {
	d := r.Detail
	switch r.Event {
	case store.EventDelegated:
		s.by = oneLine(r.Actor)
		s.answer = "lets " + oneLine(d["receiver"])
		if until, err := time.Parse(time.RFC3339, d["until"]); err == nil {
			s.answer += " until " + until.UTC().Format(time.DateTime)
		}
		s.outcome = "active"
	case store.EventDelegationUsed:
		s.uses++
		s.called = fmt.Sprintf("used %d times, last for %s", s.uses, oneLine(d["request"]))
		if s.uses == 1 {
			s.called = "used for " + oneLine(d["request"])
		}
	case store.EventDelegationRevoked:
		s.outcome = "revoked"
		if d["why"] != "" {
			s.outcome = "ended (" + words(d["why"]) + ")"
		}
	case store.EventDelegationExpired:
		s.outcome = "expired"
	default: // not a delegation's event
	}
}
