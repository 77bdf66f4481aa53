package sim

import (
	"io"
	"strconv"
	"time"
)

// A refusal is a response that isn't the service's answer to what was asked.
type refusal struct {
	status      int
	kind, body  string
	afterSecond int
}

// refuse responds with a temporary refusal. The call has no effect.
func (e *exchange) refuse(l *fault) {
	r := e.refusal(l)
	if r.afterSecond > 0 {
		e.w.troubleUntil(time.Now().Add(l.delay))
	}
	if l.how == status423 {
		e.w.troubleUntil(time.Now().Add(afterLocked))
	}
	e.w.mu.Lock()
	e.c.status, e.c.answered = r.status, true
	e.w.mu.Unlock()
	e.write(r)
}

// refusal returns what a fault makes a service respond.
func (e *exchange) refusal(l *fault) refusal {
	code := map[string]string{
		status401: "USG.206020000", status403: "MMC.111070002", status423: "USG.206030015", status429: "APIG.0308", wait429: "APIG.0308", status500: "MMC.111070003", failsAfter: "MMC.111070003",
		starting: "MMC.111072004", locked: "MMC.111072050", unlisted: "MMC.111070005", tookTooLong: "MMC.111072049", doneTooLong: "MMC.111072049",
	}[l.how]
	word := map[string]string{status429: "ratelimited", wait429: "ratelimited", failsAfter: "fatal_error"}[l.how]
	if word == "" {
		word = l.how
	}
	body := `{"error_code":"` + code + `","error_msg":"for a while"}`
	failed := refusal{status: 500, body: body}
	if e.c.where == "slack" {
		body = `{"ok":false,"error":"` + word + `"}`
		failed = refusal{status: 200, body: body}
	}
	const page = "<html><body>Sorry!</body></html>"
	r := map[string]refusal{
		status401: {status: 401, body: body}, status403: {status: 403, body: body}, status423: {status: 423, body: body}, status429: {status: 429, body: body},
		wait429: {status: 429, body: body, afterSecond: int(l.delay / time.Second)}, status500: {status: 500, body: body},
		status403p: {status: 403, kind: "text/html", body: page}, status503p: {status: 503, kind: "text/html", body: page},
		status200p: {status: 200, kind: "text/html", body: page},
		noAuth:     {status: 200, body: body}, noScope: {status: 200, body: body}, internal: {status: 200, body: body},
		gateway: {status: 504, kind: "text/html", body: page}, gatewayLate: {status: 504, kind: "text/html", body: page}, failsAfter: failed,
		starting: {status: 400, body: body}, locked: {status: 400, body: body}, unlisted: {status: 400, body: body}, tookTooLong: {status: 400, body: body}, doneTooLong: {status: 400, body: body},
	}[l.how]
	if r.kind == "" {
		r.kind = "application/json"
	}
	return r
}

func (e *exchange) write(r refusal) {
	if r.afterSecond > 0 {
		e.rw.Header().Set("Retry-After", strconv.Itoa(r.afterSecond))
	}
	e.rw.Header().Set("Content-Type", r.kind)
	e.rw.WriteHeader(r.status)
	_, _ = io.WriteString(e.rw, r.body) // the caller may have hung up
}
