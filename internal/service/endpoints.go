package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

// listen starts the server for operators, /healthz, /readyz and /metrics, unless HTTP_ADDR
// is empty. It answers before anything else is running, and listen fails at once if the
// port is taken. What comes from failed is why the server ended by itself.
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
		return nil, nil, fmt.Errorf("HTTP_ADDR: %w; choose another address, or set HTTP_ADDR to nothing to turn it off", err)
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
