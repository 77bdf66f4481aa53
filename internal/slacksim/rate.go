package slacksim

import (
	"cmp"
	"time"
)

// A Rate limits how many calls of a method Slack takes per span of time. Slack's tiers
// are 1, 20, 50 and 100 a minute.
//
// https://docs.slack.dev/apis/web-api/rate-limits
type Rate struct {
	Calls int
	Per   time.Duration // a minute if zero
}

// takeFromRate takes one call from the method's rate, if there is one. The lock is held.
func (s *Server) takeFromRate(method string) error {
	rate, limited := s.opts.Rates[method]
	if !limited {
		return nil
	}
	now, per := s.opts.Now(), cmp.Or(rate.Per, time.Minute)
	recent := s.spent[method]
	for len(recent) > 0 && now.Sub(recent[0]) >= per {
		recent = recent[1:]
	}
	if len(recent) >= rate.Calls {
		s.spent[method] = recent
		wait := per
		if len(recent) > 0 {
			wait = per - now.Sub(recent[0])
		}
		return &apiError{code: "ratelimited", wait: wait}
	}
	s.spent[method] = append(recent, now)
	return nil
}
