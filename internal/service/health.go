package service

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"time"

	"meetingbot/internal/monitor"
)

// A phase is a stage of the service's life.
type phase int32

const (
	opening phase = iota // waiting for the database
	running
	stopping
)

// ready returns the checks that tell whether commands are accepted right now. They run
// before the service has been assembled, when only the phase is set.
func (s *service) ready() []monitor.Check {
	return []monitor.Check{
		{Name: "running", Look: func(context.Context) error {
			switch phase(s.phase.Load()) {
			case opening:
				return fmt.Errorf("waiting for the database for %s", time.Since(s.began).Round(time.Second))
			case stopping:
				return errors.New("stopping")
			case running:
			}
			return nil
		}},
		{Name: "slack", Look: s.opened(func(context.Context) error {
			if ok, reason := s.bot.Ready(); !ok {
				return errors.New(reason)
			}
			return nil
		})},
		{Name: "database", Look: s.opened(func(ctx context.Context) error {
			if err := s.probe(ctx); err != nil {
				return err
			}
			return s.writes.Check()
		})},
	}
}

// opened wraps a check to fail until the parts it needs exist.
func (s *service) opened(look func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		if phase(s.phase.Load()) == opening {
			return errors.New("not yet")
		}
		return look(ctx)
	}
}

// probe commits a harmless write, which reaches the disk.
func (s *service) probe(ctx context.Context) error {
	err := s.store.Check(ctx)
	s.writes.Wrote(err)
	return err
}

// gauges adds the metrics that are read when they are scraped.
func (s *service) gauges() {
	s.metrics.Gauge("socket_last_frame_seconds", "How long ago Slack was last heard from; -1 before the first time.", func() float64 {
		last := s.bot.Stats().LastFrame
		if last.IsZero() {
			return -1
		}
		return time.Since(last).Seconds()
	})
	s.metrics.LabelledGauge("audit_head_seq", "The newest row of the audit trail, and its hash.", "hash", s.auditHead)
	s.metrics.Gauge("token_expires_in_seconds", "How long the meeting service's token is valid; 0 without one.", func() float64 {
		expiry := s.meetings.TokenExpiry()
		if expiry.IsZero() {
			return 0
		}
		return time.Until(expiry).Seconds()
	})
	s.metrics.Gauge("jobs_waiting", "Steps waiting for their turn or their time; NaN while the database doesn't answer.", func() float64 {
		n, _ := s.backlog()
		return n
	})
	s.metrics.Gauge("jobs_oldest_age_seconds", "How long the oldest step has been due; 0 if there is none, NaN while the database doesn't answer.", func() float64 {
		_, age := s.backlog()
		return age
	})
}

// backlog returns how many steps are waiting, and for how many seconds.
func (s *service) backlog() (n, age float64) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second) //nolint:forbidigo // a scrape has no context
	defer cancel()
	waiting, oldest, err := s.queue.Backlog(ctx)
	if err != nil {
		return math.NaN(), math.NaN()
	}
	return float64(waiting), oldest.Seconds()
}

// listen starts the HTTP server for /healthz, /readyz and /metrics, unless HTTP_ADDR is
// empty. It serves before anything else is running. listen fails at once if the port is
// taken; failed receives the error if the server fails later.
func (s *service) listen(ctx context.Context) (failed <-chan error, end func() error, err error) {
	server := &http.Server{
		Handler:           s.metrics.Handler(s.ready()),
		ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 10 * time.Second,
	}
	if s.cfg.HTTPAddr == "" {
		return nil, server.Close, nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.HTTPAddr)
	if err != nil {
		return nil, nil, fmt.Errorf("HTTP_ADDR: %w; choose another address, or set HTTP_ADDR to an empty value to turn it off", err)
	}
	s.log.InfoContext(ctx, "serving health and metrics", "address", l.Addr().String())
	ended := make(chan error, 1)
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			ended <- fmt.Errorf("HTTP_ADDR: %w", err)
		}
	}()
	return ended, server.Close, nil
}
