package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

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
