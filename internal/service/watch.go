package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"

	"meetingbot/internal/monitor"
)

// A watch is the server for operators: /healthz, /readyz and /metrics. It answers
// before anything else is running.
type watch struct {
	server *http.Server
	failed chan error // why it ended by itself
}

// watch starts the server, unless HTTP_ADDR is empty. It fails at once if the port
// is taken.
func (s *service) watch(ctx context.Context) (*watch, error) {
	w := &watch{server: monitor.NewServer(s.metrics.Handler(s.ready())), failed: make(chan error, 1)}
	if s.cfg.HTTPAddr == "" {
		return w, nil
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.HTTPAddr)
	if err != nil {
		return nil, fmt.Errorf("HTTP_ADDR: %w; choose another address, or set HTTP_ADDR to nothing to turn it off", err)
	}
	s.log.InfoContext(ctx, "serving health and metrics", "address", l.Addr().String())
	go func() {
		if err := w.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			w.failed <- fmt.Errorf("HTTP_ADDR: %w", err)
		}
	}()
	return w, nil
}

// close ends the server.
func (w *watch) close() { _ = w.server.Close() }
