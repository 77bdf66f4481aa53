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

// maxBody is far more than any call needs; the gateway's own limit is not published.
const maxBody = 1 << 20

// A call is one request on its way through the service.
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
	place  int // of the entry in the journal
	caller *User
	effect bool
}

// A reply is a status, headers and a body that are already decided.
type reply struct {
	status int
	header map[string]string
	body   []byte
	code   string // the error code, for the journal
}

// An ending says how the connection is left.
type ending int

const (
	endWell  ending = iota // the whole reply
	endHang                // no answer until the caller leaves
	endReset               // the connection is reset without an answer
	endCut                 // half the body, then the connection is cut
)

// An outcome is what the caller gets to see: a reply and how it ends.
type outcome struct {
	reply
	ending ending
}

// arrive reads the whole request and adds it to the journal, so that a call that is
// never answered is recorded too.
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

// find looks the request's route up by method and by the path as it was escaped.
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

// answer decides what the caller gets, and carries the call out unless a fault
// prevents it.
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
		out = s.spoil(f, c)
	} else {
		out.reply = s.perform(c)
	}
	out.reply = out.with(rate)
	return out
}

// perform authenticates the call and carries it out.
func (s *Server) perform(c *call) reply {
	if c.broken {
		return c.badRequest()
	}
	if no := s.astray(c); no != nil {
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

// send puts the outcome on the wire.
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

// ok is a reply with a JSON body, without the newline that an encoder would add.
func ok(v any) reply {
	return reply{status: http.StatusOK, body: marshal(v)}
}

// done is the 39 bytes of a call that returns nothing else. Huawei does not document them; the length is the one its
// samples show.
func done() reply {
	return reply{status: http.StatusOK, body: []byte(`{"returnCode":0,"returnDesc":"SUCCESS"}`)}
}

// with returns the reply with further headers.
func (r reply) with(header map[string]string) reply {
	all := map[string]string{}
	maps.Copy(all, r.header)
	maps.Copy(all, header)
	r.header = all
	return r
}

// marshal can't fail for this package's plain values; if one is wrong, that is a bug
// here.
func marshal(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic("meetingsim: " + err.Error())
	}
	return b
}

var traceable = regexp.MustCompile(`^[0-9A-Za-z-]{1,64}$`)

// requestID is the caller's own for a USG call that sent one, otherwise a new one:
// only the USG pages let a caller choose.
func requestID(r *http.Request, rt route) string {
	if id := r.Header.Get("X-Request-Id"); strings.HasPrefix(rt.path, "/v1/usg/") || strings.HasPrefix(rt.path, "/v2/usg/") {
		if traceable.MatchString(id) {
			return id
		}
	}
	return hexID()
}

// hexID is 32 hexadecimal digits, the form of Huawei's request ids and UUIDs.
func hexID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}
