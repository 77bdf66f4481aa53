package service

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// serve runs all parts until ctx ends or one of them fails; httpFailed receives the error
// of the HTTP server. It logs why it ends, if it has to.
func (s *service) serve(ctx context.Context, httpFailed <-chan error) error {
	if err := s.await(ctx, s.queue.Start); err != nil {
		return s.stops(ctx, err)
	}
	g, running := errgroup.WithContext(ctx)
	sweeping, endSweep := context.WithCancel(context.WithoutCancel(ctx))
	defer endSweep()
	g.Go(func() error { return s.bot.Run(context.WithoutCancel(ctx)) })
	g.Go(func() error { s.handlers.Run(sweeping); return nil })
	g.Go(func() error { s.login(running); return nil })
	g.Go(func() error { _ = s.handlers.Warm(running); return nil }) // the next query returns the same error
	g.Go(func() error { s.maintainTrail(running); return nil })
	var failed error
	g.Go(func() error {
		select {
		case <-running.Done():
			if ctx.Err() == nil {
				failed = context.Cause(running)
			}
		case failed = <-httpFailed:
		}
		_ = s.stops(ctx, failed)
		endSweep()
		s.stop(context.WithoutCancel(ctx))
		return failed
	})
	err := g.Wait()
	if failed == nil { // a part failed while it was being stopped
		_ = s.stops(ctx, err)
	}
	return err
}

// stopTime is how much of the shutdown timeout is reserved for closing sockets and files
// after running steps have finished.
const stopTime = 2 * time.Second

// stop stops the parts in order of dependency: it lets running steps finish while the
// sockets still accept events, which are stored for the next start, and then closes the
// sockets. Steps that don't finish within the shutdown timeout continue after the next
// start.
func (s *service) stop(ctx context.Context) {
	begin := time.Now()
	s.log.InfoContext(ctx, "stopping", "timeout_ms", s.cfg.ShutdownTimeout.Milliseconds())
	s.phase.Store(int32(stopping))
	ctx, cancel := context.WithDeadline(ctx, begin.Add(s.cfg.ShutdownTimeout))
	defer cancel()
	steps, cancelSteps := context.WithDeadline(ctx, begin.Add(max(s.cfg.ShutdownTimeout-stopTime, s.cfg.ShutdownTimeout/2)))
	defer cancelSteps()
	if err := s.queue.Stop(steps); err != nil {
		s.log.WarnContext(ctx, "steps interrupted", "error", err)
	}
	if err := s.bot.Close(ctx); err != nil {
		s.log.WarnContext(ctx, "closing sockets without waiting", "error", err)
	}
	s.handlers.Close()
	s.slack.Close()
	s.log.InfoContext(ctx, "stopped", "took_ms", time.Since(begin).Milliseconds())
}

// login logs in to the meeting service before the first command needs it, and logs what
// the login may do. A failure is not fatal: the service may come back, and until then
// people are told.
func (s *service) login(ctx context.Context) {
	if err := s.meetings.Login(ctx); err != nil {
		if ctx.Err() == nil {
			s.log.ErrorContext(ctx, "could not log in to the meeting service; run `meetingbot doctor`", "error", err)
		}
		return
	}
	role, err := s.meetings.Role(ctx)
	if err != nil {
		s.log.WarnContext(ctx, "could not find out what this login may do", "error", err)
		return
	}
	s.log.InfoContext(ctx, "logged in to the meeting service", "role", role.String())
}
