package service

import (
	"context"
	"errors"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"meetingbot/internal/monitor"
)

// serve runs all parts until ctx ends or one of them can't go on.
func (s *service) serve(ctx context.Context) error {
	listener, err := s.listen(ctx)
	if err != nil {
		return err
	}
	if err := s.queue.Start(ctx); err != nil {
		return err
	}
	g, running := errgroup.WithContext(ctx)
	sweeping, endSweep := context.WithCancel(context.WithoutCancel(ctx))
	defer endSweep()
	server := monitor.NewServer(s.metrics.Handler(s.alive(), s.ready()))
	if listener != nil {
		g.Go(func() error {
			if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
				return err
			}
			return nil
		})
		s.log.InfoContext(ctx, "health and metrics are served", "address", listener.Addr().String())
	}
	g.Go(func() error { return s.bot.Run(context.WithoutCancel(ctx)) })
	g.Go(func() error { s.handlers.Run(sweeping); return nil })
	g.Go(func() error { s.introduce(running); return nil })
	g.Go(func() error { s.store.Warm(running); return nil })
	g.Go(func() error {
		<-running.Done()
		endSweep()
		return s.stop(context.WithoutCancel(ctx), server)
	})
	return g.Wait()
}

// stop ends the parts in the order in which they depend on each other: running
// steps finish while sockets still take what comes, which is stored for the
// next start; then the sockets are closed.
func (s *service) stop(ctx context.Context, server *http.Server) error {
	begin := time.Now()
	s.log.InfoContext(ctx, "stopping", "timeout", s.cfg.ShutdownTimeout)
	s.stopping.Store(true)
	ctx, cancel := context.WithDeadline(ctx, begin.Add(s.cfg.ShutdownTimeout))
	defer cancel()
	steps, cancelSteps := context.WithDeadline(ctx, begin.Add(max(s.cfg.ShutdownTimeout-stopTime, s.cfg.ShutdownTimeout/2)))
	defer cancelSteps()
	if err := s.queue.Stop(steps); err != nil {
		s.log.WarnContext(ctx, "steps broken off", "error", err)
	}
	err := s.bot.Close(ctx)
	s.handlers.Close()
	err = errors.Join(err, server.Close())
	s.log.InfoContext(ctx, "stopped", "took", time.Since(begin).Round(time.Millisecond))
	return err
}

// introduce logs in at the meeting service before the first command needs it,
// and says what this login may do. Failing is not fatal: the service may come
// back, and until then people are told.
func (s *service) introduce(ctx context.Context) {
	if err := s.meetings.Login(ctx); err != nil {
		if ctx.Err() == nil {
			s.log.ErrorContext(ctx, "the meeting service does not let us in; run `meetingbot doctor`", "error", err)
		}
		return
	}
	role, err := s.meetings.Role(ctx)
	if err != nil {
		s.log.WarnContext(ctx, "what this login may do is not known", "error", err)
		return
	}
	s.log.InfoContext(ctx, "logged in at the meeting service", "role", role.String())
}
