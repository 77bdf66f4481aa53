package service

import (
	"context"
	"errors"
	"time"

	"meetingbot/internal/monitor"
)

// alive are the checks that only this process can fail.
func (s *service) alive() []monitor.Check {
	return []monitor.Check{{Name: "process", Look: func(context.Context) error { return nil }}}
}

// ready are the checks of whether commands are taken right now.
func (s *service) ready() []monitor.Check {
	return []monitor.Check{
		{Name: "running", Look: func(context.Context) error {
			if s.stopping.Load() {
				return errors.New("stopping")
			}
			return nil
		}},
		{Name: "slack", Look: func(context.Context) error {
			if ok, reason := s.bot.Ready(); !ok {
				return errors.New(reason)
			}
			return nil
		}},
		{Name: "database", Look: s.store.Check},
	}
}

// gauges are read when somebody asks for them.
func (s *service) gauges() {
	s.metrics.Gauge("socket_last_frame_seconds", "How long ago Slack was last heard of; -1 before the first time.", func() float64 {
		last := s.bot.Stats().LastFrame
		if last.IsZero() {
			return -1
		}
		return time.Since(last).Seconds()
	})
	s.metrics.Gauge("token_expires_in_seconds", "How long the meeting service's token is good for; 0 without one.", func() float64 {
		expiry := s.meetings.TokenExpiry()
		if expiry.IsZero() {
			return 0
		}
		return time.Until(expiry).Seconds()
	})
	s.metrics.Gauge("jobs_waiting", "Steps that wait for their turn or their moment.", func() float64 {
		n, _ := s.backlog()
		return float64(n)
	})
	s.metrics.Gauge("jobs_oldest_age_seconds", "How long the oldest step has been due; 0 if none is.", func() float64 {
		_, age := s.backlog()
		return age.Seconds()
	})
}

// backlog reads how much is waiting; nothing is known of it while the database
// does not answer.
func (s *service) backlog() (int, time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) //nolint:forbidigo // the metrics' reader brings no context
	defer cancel()
	n, age, err := s.queue.Backlog(ctx)
	if err != nil {
		return 0, 0
	}
	return n, age
}
