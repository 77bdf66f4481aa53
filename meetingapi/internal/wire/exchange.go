package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// bodyGrace is how long to wait for the body of a successful change, whose status already
// says it all.
const bodyGrace = time.Second

// Request is one request.
type Request struct {
	Method  string
	Path    string // escaped
	Query   url.Values
	Header  http.Header // with canonical names
	Body    any         // nil: none
	Token   string      // empty: none, as for a login
	Limit   int64       // the most bytes of the answer to read
	Timeout time.Duration
	Change  bool // it changes something, so a lost answer means an unknown outcome

	// AnswerTime is how much of the request's time must be left when it is sent. A change
	// that was sent at the last moment would take effect without an answer.
	AnswerTime time.Duration
}

// Endpoint is where requests go.
type Endpoint struct {
	Base   string // of every URL, without a trailing slash
	HTTP   *http.Client
	Header http.Header // sent with every request
}

// Exchange writes the request and reads the answer, within the request's timeout and
// the context's deadline. It never retries, and sends nothing that has too little time left
// for its answer.
//
// But net/http does: if a reused connection dies, it resends a request whose method is
// GET, HEAD, OPTIONS or TRACE, one with an Idempotency-Key header, and one of which not
// a byte was written. Our DELETEs don't have that header, so they are resent only in the
// last case, which is harmless.
// TestDeleteIsNotRepeatedByNetHTTP checks this.
func (l *Endpoint) Exchange(ctx context.Context, r Request) (Answer, *NoAnswer) {
	timed, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	watch := &sending{}
	deadline, _ := timed.Deadline()
	watch.until = deadline.Add(-r.AnswerTime)
	req, err := l.request(watch.trace(timed), r)
	if err != nil {
		return Answer{}, &NoAnswer{Why: Invalid, Final: true}
	}
	// In a process that was suspended, the context's timer may not have fired yet, so
	// check the clock too.
	if err := timed.Err(); err != nil {
		return Answer{}, NothingSent(err)
	}
	if watch.late() {
		return Answer{}, NothingSent(errTooLate)
	}
	resp, err := l.HTTP.Do(req)
	if err != nil {
		if timed.Err() != nil {
			// If one connection has gone silent, the idle ones may have too: make the
			// next call open a new one.
			l.HTTP.CloseIdleConnections()
		}
		return Answer{}, lost(ctx, r, watch.maySent(), err)
	}
	defer resp.Body.Close()
	ans := Answer{Status: resp.StatusCode, Header: resp.Header}
	if ans.Good() && r.Change {
		defer time.AfterFunc(bodyGrace, cancel).Stop()
	}
	ans.Body, ans.Broken = readBody(resp.Body, r.Limit)
	return ans, nil
}

// request builds the HTTP request. net/http itself adds Accept-Encoding: gzip and
// decompresses the answer.
func (l *Endpoint) request(ctx context.Context, r Request) (*http.Request, error) {
	var body io.Reader
	if r.Body != nil {
		b, err := encode(r.Body)
		if err != nil {
			return nil, err
		}
		body = bytes.NewReader(b)
	}
	target := l.Base + r.Path
	if len(r.Query) > 0 {
		// Sorted keys, and %20 for a space, as in the vendor's SDK.
		target += "?" + strings.ReplaceAll(r.Query.Encode(), "+", "%20")
	}
	req, err := http.NewRequestWithContext(ctx, r.Method, target, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	maps.Copy(req.Header, r.Header)
	maps.Copy(req.Header, l.Header)
	if r.Token != "" {
		req.Header.Set("X-Access-Token", r.Token)
	}
	return req, nil
}

// encode encodes a body like the vendor's SDK, with a line feed after the JSON. It
// leaves a json.RawMessage as it is.
func encode(body any) ([]byte, error) {
	if raw, ok := body.(json.RawMessage); ok {
		return raw, nil
	}
	b, err := json.Marshal(body)
	return append(b, '\n'), err
}

// readBody reads at most limit bytes. It can return both data and an error.
func readBody(r io.Reader, limit int64) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(r, limit+1))
	if err == nil && int64(len(body)) > limit {
		return body[:limit], errors.New("answer is too long")
	}
	return body, err
}
