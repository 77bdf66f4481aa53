package monitor

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// A Check is one health check. Look returns an error that says what is wrong, or nil. The
// error is public, so it must not contain secrets.
type Check struct {
	Name string
	Look func(context.Context) error
}

// checkTime is how long a check may take before it counts as failed.
const checkTime = 2 * time.Second

// Handler serves /metrics, /healthz and /readyz. /healthz always succeeds: restarting a
// process that answers wouldn't help. /readyz runs the checks in ready, which tell
// whether it can serve people right now.
func (m *Metrics) Handler(ready []Check) http.Handler {
	alive := []Check{{Name: "process", Look: func(context.Context) error { return nil }}}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry}))
	mux.Handle("GET /healthz", checks(alive))
	mux.Handle("GET /readyz", checks(ready))
	return mux
}

// checks responds with 200 if all checks pass and with 503 if not, and with a line per
// check.
func checks(all []Check) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), checkTime)
		defer cancel()
		status, body := http.StatusOK, ""
		for _, c := range all {
			if err := c.Look(ctx); err != nil {
				status = http.StatusServiceUnavailable
				body += c.Name + ": " + strings.ReplaceAll(err.Error(), "\n", "; ") + "\n"
				continue
			}
			body += c.Name + ": ok\n"
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "no-store")
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body)) // the client may have left
	})
}
