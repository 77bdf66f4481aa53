package meetingsim

import (
	"fmt"
	"net/http"
	"slices"
	"time"
)

// cancel is CancelMeeting (meeting_21_0015) for a meeting that isn't recurring. Its effect on
// a series isn't documented, and webinars have their own call; both are refused here.
func (s *Server) cancel(c *call) reply {
	b, end, no := s.target(c)
	if no != nil {
		return *no
	}
	if b.Series != nil || b.Webinar || len(c.body) > 0 {
		return c.badRequest()
	}
	kind := EffectCancel
	if b.State == StateRunning {
		if !end {
			return refuse(http.StatusBadRequest, confStarted)
		}
		kind = EffectEnd
	}
	s.applyDelete(c, b, func() {
		s.recordEffect(c, b.ID, kind, "")
		b.State, b.People = StateCancelled, 0
	})
	return done()
}

// cancelSeries is CancelRecurringMeeting: all remaining dates.
func (s *Server) cancelSeries(c *call) reply {
	b, end, no := s.target(c)
	if no != nil {
		return *no
	}
	if b.Series == nil || len(c.body) > 0 {
		return c.badRequest()
	}
	if b.State == StateRunning && !end {
		return refuse(http.StatusBadRequest, confStarted)
	}
	s.applyDelete(c, b, func() {
		detail := fmt.Sprintf("%d occurrences", len(b.Series.Occurrences))
		if b.State == StateRunning {
			detail += ", the first of them ended"
		}
		s.recordEffect(c, b.ID, EffectSeries, detail)
		b.State, b.People = StateCancelled, 0
	})
	return done()
}

// cancelOccurrence is CancelRecurringSubMeeting, a DELETE with a JSON body. One unknown id
// makes it refuse them all. Cancelling the last date cancels the series, unless a
// [FaultLastDate] forbids it: the documentation doesn't say which is right.
func (s *Server) cancelOccurrence(c *call) reply {
	b, end, no := s.target(c)
	if no != nil {
		return *no
	}
	if b.Series == nil {
		return c.badRequest()
	}
	ids, no := c.occurrences()
	if no != nil {
		return *no
	}
	running := ""
	if b.State == StateRunning {
		running = b.Series.Occurrences[0].ID
	}
	for _, id := range ids {
		if !slices.ContainsFunc(b.Series.Occurrences, func(o Occurrence) bool { return o.ID == id }) {
			return refuse(http.StatusBadRequest, confNotFound)
		}
		if id == running && !end {
			return refuse(http.StatusBadRequest, confStarted)
		}
	}
	if len(ids) == len(b.Series.Occurrences) {
		if no := s.lastDate(); no != nil {
			return *no
		}
	}
	s.applyDelete(c, b, func() {
		for _, id := range ids {
			s.recordEffect(c, b.ID, EffectOccurrence, id)
			b.dropOccurrence(id)
			if id == running {
				b.State, b.People, b.UUID = StateScheduled, 0, ""
			}
		}
		if len(b.Series.Occurrences) == 0 {
			b.State, b.People = StateCancelled, 0
		}
	})
	return reply{status: http.StatusOK}
}

// occurrences reads the required body of cancelOccurrence.
func (c *call) occurrences() ([]string, *reply) {
	var body struct {
		IDs []string `json:"cycleSubConfIDs"`
	}
	if len(c.body) > 0 && !c.decode(&body) {
		return nil, new(c.badRequest())
	}
	if len(body.IDs) == 0 || slices.Contains(body.IDs, "") {
		return nil, new(refuse(http.StatusBadRequest, confParamsMissing))
	}
	slices.Sort(body.IDs)
	return slices.Compact(body.IDs), nil
}

// lastDate returns the refusal to cancel a series' last date, if a fault for it is armed.
func (s *Server) lastDate() *reply {
	f, armed := s.draw(func(f Fault) bool { return f.Kind == FaultLastDate })
	if !armed {
		return nil
	}
	return new(f.refusal(http.StatusBadRequest, confBadRequest))
}

// target finds the meeting that a DELETE names and whether it may be ended, or says why the
// call is refused. The room number that people see (vmrConferenceID) doesn't identify a
// meeting here.
func (s *Server) target(c *call) (b *booking, end bool, refused *reply) {
	no := func(status int, code string) (*booking, bool, *reply) {
		return nil, false, new(refuse(status, code))
	}
	id, bad := c.identifier("conferenceID")
	if bad != nil {
		return nil, false, bad
	}
	kind, given := c.query["type"]
	if given && !slices.Equal(kind, []string{"1"}) {
		return no(http.StatusBadRequest, confBadRequest)
	}
	b = s.live(id)
	switch {
	case b == nil:
		return no(http.StatusBadRequest, confNotFound)
	case !c.caller.admin() && b.OwnerUUID != c.caller.UUID, !s.mayActFor(c, b):
		return no(http.StatusForbidden, confDenied)
	case b.State == StateCreating:
		return no(http.StatusBadRequest, confStarting)
	}
	return b, given, nil
}

// applyDelete applies a DELETE to b, and keeps the old state for reads if a lag is armed.
func (s *Server) applyDelete(c *call, b *booking, effect func()) {
	before := b.clone()
	effect()
	s.cancelled[b.ID]++
	if lag := s.lag(c.route.operation); lag > 0 {
		b.stale, b.staleUntil = before, s.now().Add(lag)
	} else {
		b.staleUntil = time.Time{}
	}
}
