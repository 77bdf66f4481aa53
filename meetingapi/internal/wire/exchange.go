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

// bodyGrace is how long to wait for the body of a successful change. The status line
// already says all that matters.
const bodyGrace = time.Second

// Request is one request.
type Request struct {
	Method  string
	Path    string // escaped
	Query   url.Values
	Header  http.Header // its names as net/http spells them
	Body    any         // nil: none
	Token   string      // empty: none, as for a login
	Limit   int64       // how much of the answer to read
	Timeout time.Duration
	Change  bool // it changes something: a lost answer leaves open whether it did
}

// Line is where requests go.
type Line struct {
	Base   string // of every URL, without a slash at the end
	HTTP   *http.Client
	Header http.Header // goes with every request
}

// Exchange writes the request and reads the answer, within the request's timeout and
// the context's deadline. It never retries.
//
// net/http does, on its own: it resends a request that died with a reused connection
// if its method is GET, HEAD, OPTIONS or TRACE, if it carries an Idempotency-Key
// header, or if not one byte of it was written. Our DELETEs don't carry that header,
// so they are resent only in the last case, which repeats nothing.
// TestDeleteIsNotRepeatedByNetHTTP checks this.
func (l *Line) Exchange(ctx context.Context, r Request) (Answer, *NoAnswer) {
	timed, cancel := context.WithTimeout(ctx, r.Timeout)
	defer cancel()
	watch := &sending{}
	watch.until, _ = timed.Deadline()
	req, err := l.request(watch.trace(timed), r)
	if err != nil {
		return Answer{}, &NoAnswer{Why: Unsound, Final: true}
	}
	// In a process that was suspended, the context's own timer may not have fired
	// yet; the clock knows.
	if err := timed.Err(); err != nil {
		return Answer{}, NothingSent(err)
	}
	if watch.late() {
		return Answer{}, NothingSent(errTooLate)
	}
	resp, err := l.HTTP.Do(req)
	if err != nil {
		if timed.Err() != nil {
			// If one connection has gone silent, the idle ones may be dead too: make
			// the next call open its own.
			l.HTTP.CloseIdleConnections()
		}
		return Answer{}, lost(ctx, r, watch.possible(), err)
	}
	defer resp.Body.Close()
	ans := Answer{Status: resp.StatusCode, Header: resp.Header}
	if ans.Good() && r.Change {
		defer time.AfterFunc(bodyGrace, cancel).Stop()
	}
	ans.Body, ans.Broken = readBody(resp.Body, r.Limit)
	return ans, nil
}

// request builds what goes on the wire. net/http adds Accept-Encoding: gzip and
// undoes it in the answer.
func (l *Line) request(ctx context.Context, r Request) (*http.Request, error) {
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

// encode writes a body as the vendor's SDK does: with an encoder's line feed after
// the JSON. Already encoded bodies stay as they are.
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
