package slacksim

import (
	"cmp"
	"context"
	"maps"
	"net"
	"net/http"
	"strconv"
	"time"
)

// response is the answer to a request.
type response struct {
	status int
	header http.Header
	kind   string // content type; JSON if empty
	body   []byte
	err    string // Slack's error, for the journal
	made   Ref    // the message that was posted, for the journal
}

// answer applies delay and faults to a request, performs it, writes the journal and
// responds, in this order: a caller that has the response finds the call in the journal.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, entry Call, perform func() response) {
	start := time.Now()
	entry.At = s.opts.Now()
	cleared := s.untilCleared()
	f, faulty, wait := s.nextFault(entry.Method, entry.Form)
	patience := r.Context()
	if f.Kind == FaultLate { // Slack performs the call even if the caller has given up
		patience = context.WithoutCancel(patience)
		if f.Delay == 0 {
			select {
			case <-cleared:
			case <-s.done:
			}
		}
	}
	if !s.pause(patience, wait) {
		entry.Error = "caller gave up"
		s.record(entry, start)
		return
	}
	entry.GaveUp = r.Context().Err() != nil
	faulty = faulty && f.Kind != FaultSlow && f.Kind != FaultLate
	var done response
	if !faulty || f.After && entry.Method != socketMethod { // a socket can't be upgraded and refused
		done = perform()
		entry.Made = done.made
	}
	if faulty {
		struck, answers := f.response(entry.Method, s.opts.Scopes)
		if !answers {
			entry.Error = string(f.Kind)
			s.record(entry, start)
			s.breakOff(w, r, f.Kind, done.body)
			return
		}
		done = struck
	}
	entry.Status, entry.Error = done.status, done.err
	s.record(entry, start)
	done.write(w)
}

// record completes the entry and appends it to the journal.
func (s *Server) record(entry Call, start time.Time) {
	entry.Duration = time.Since(start)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.journal = append(s.journal, entry)
	s.changed()
}

func (done response) write(w http.ResponseWriter) {
	if done.status == http.StatusSwitchingProtocols {
		return // the upgrade to a socket answers for itself
	}
	maps.Copy(w.Header(), done.header)
	w.Header().Set("Content-Type", cmp.Or(done.kind, "application/json; charset=utf-8"))
	w.WriteHeader(done.status)
	_, _ = w.Write(done.body) // the caller may have hung up
}

// pause waits for d. It reports false if the caller hung up or the server closed first.
func (s *Server) pause(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.done:
	}
	return false
}

// breakOff ends the request without a complete answer.
func (s *Server) breakOff(w http.ResponseWriter, r *http.Request, kind Kind, body []byte) {
	switch kind {
	case FaultHang:
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
	case FaultHalf:
		if body == nil {
			body = []byte(`{"ok":true,"channel":"C0"}`)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body[:len(body)/2]) // net/http closes a connection that owes bytes
		return
	default: // the others just drop the connection
	}
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 has no connection of its own to tear
	}
	abort(conn)
}

// abort closes the connection so that the peer sees a reset.
func abort(conn net.Conn) {
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // if this fails, the close is an ordinary one
	}
	_ = conn.Close()
}
