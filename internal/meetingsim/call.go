package meetingsim

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// maxBody is far more than any call needs; the gateway's own limit isn't published.
const maxBody = 1 << 20

// A call is one request being served.
type call struct {
	*http.Request
	route  route
	known  bool // a route was found
	arg    string
	query  url.Values
	body   []byte
	broken bool // body or query could not be read

	id     string
	began  time.Time
	entry  *Entry
	place  int // index of the entry in the journal
	caller *User
	effect bool
}

// A reply is a complete response.
type reply struct {
	status int
	header map[string]string
	body   []byte
	code   string // the error code, for the journal
}

// An ending says what happens to the connection.
type ending int

const (
	endWell  ending = iota // the whole reply is sent
	endHang                // no reply until the caller hangs up
	endReset               // the connection is reset without a reply
	endCut                 // half the body, then the connection closes
)

// An outcome is what the caller gets: a reply and how the connection ends.
type outcome struct {
	reply
	ending ending
}

// arrive reads the whole request and adds it to the journal, so that even a call that never
// gets an answer is recorded.
func (s *Server) arrive(r *http.Request) *call {
	c := &call{Request: r, began: time.Now()}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	c.body = body
	query, queryErr := url.ParseQuery(r.URL.RawQuery)
	c.query = query
	c.broken = err != nil || queryErr != nil || len(body) > maxBody
	c.route, c.arg, c.known = s.find(r)
	c.id = requestID(r, c.route)
	s.open(c)
	return c
}

// find looks up the request's route by method and escaped path.
func (s *Server) find(r *http.Request) (route, string, bool) {
	path, ok := strings.CutPrefix(r.URL.EscapedPath(), s.opts.PathPrefix)
	if !ok {
		return route{}, "", false
	}
	for _, rt := range s.routes {
		if rt.method != r.Method {
			continue
		}
		if arg, ok := rt.match(path); ok {
			return rt, arg, true
		}
	}
	return route{}, "", false
}

// answer decides what the caller gets, and performs the call unless a fault prevents it.
func (s *Server) answer(c *call) outcome {
	s.mu.Lock()
	delay := s.delay
	s.mu.Unlock()
	if !s.wait(delay) {
		return outcome{ending: endHang}
	}
	if !c.known {
		return outcome{reply: refuse(http.StatusNotFound, apiUnknown).withRequestID(c.id)}
	}
	rate, over := s.count(c)
	if over {
		return outcome{reply: s.throttled(c).with(rate)}
	}
	out := outcome{}
	if f, ok := s.drawFault(c.route.operation); ok {
		out = s.applyFault(f, c)
	} else {
		out.reply = s.perform(c)
	}
	out.reply = out.with(rate)
	return out
}

// perform authenticates the call and performs it.
func (s *Server) perform(c *call) reply {
	if c.broken {
		return c.badRequest()
	}
	if no := s.checkSite(c); no != nil {
		return *no
	}
	s.mu.Lock()
	defer s.watchers.pulse()
	defer s.mu.Unlock()
	s.settle()
	if !c.route.open {
		user, no := s.authenticate(c)
		if no != nil {
			return *no
		}
		c.caller = user
	}
	return c.route.handle(s, c)
}

// send writes the outcome to the connection.
func (s *Server) send(w http.ResponseWriter, r *http.Request, c *call, out outcome) {
	switch out.ending {
	case endHang:
		select {
		case <-r.Context().Done():
		case <-s.closed:
		}
		panic(http.ErrAbortHandler)
	case endReset:
		reset(w)
	case endCut:
		s.writeReply(w, c, out.reply, len(out.body)/2)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	default:
		s.writeReply(w, c, out.reply, len(out.body))
	}
}

// ok returns a reply with a JSON body, without the newline that an encoder would add.
func ok(v any) reply {
	return reply{status: http.StatusOK, body: marshal(v)}
}

// done returns the 39-byte body of calls that return nothing else. Huawei doesn't document
// it; the length is the one in Huawei's samples.
func done() reply {
	return reply{status: http.StatusOK, body: []byte(`{"returnCode":0,"returnDesc":"SUCCESS"}`)}
}

// with returns the reply with more headers.
func (r reply) with(header map[string]string) reply {
	all := map[string]string{}
	maps.Copy(all, r.header)
	maps.Copy(all, header)
	r.header = all
	return r
}

// marshal can't fail for this package's plain values. If it does, that is a bug here.
func marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("meetingsim: " + err.Error())
	}
	return b
}

var traceable = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// requestID returns the caller's own id for a USG call that sent one, otherwise a new one:
// only the USG pages let callers choose.
func requestID(r *http.Request, rt route) string {
	if id := r.Header.Get("X-Request-Id"); strings.HasPrefix(rt.path, "/v1/usg/") || strings.HasPrefix(rt.path, "/v2/usg/") {
		if traceable.MatchString(id) {
			return id
		}
	}
	return hexID()
}

// hexID returns 32 hexadecimal digits, the form of Huawei's request ids and UUIDs.
func hexID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}
