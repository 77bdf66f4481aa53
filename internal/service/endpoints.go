package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"meetingbot/internal/monitor"
)

// endpoints are the server for operators: /healthz, /readyz and /metrics. It answers
// before anything else is running.
type endpoints struct {
	server *http.Server
	failed chan error // why it ended by itself
}

// listen starts the server, unless HTTP_ADDR is empty. It fails at once if the port
// is taken.
func (s *service) listen(ctx context.Context) (*endpoints, error) {
	e := &endpoints{server: monitor.NewServer(s.metrics.Handler(s.ready())), failed: make(chan error, 1)}
	if s.cfg.HTTPAddr == "" {
		return e, nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.HTTPAddr)
	if err != nil {
		return nil, fmt.Errorf("HTTP_ADDR: %w; choose another address, or set HTTP_ADDR to nothing to turn it off", err)
	}
	s.log.InfoContext(ctx, "serving health and metrics", "address", l.Addr().String())
	go func() {
		if err := e.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			e.failed <- fmt.Errorf("HTTP_ADDR: %w", err)
		}
	}()
	return e, nil
}

// close ends the server.
func (e *endpoints) close() { _ = e.server.Close() }
