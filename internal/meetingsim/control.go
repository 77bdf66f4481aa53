package meetingsim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// Control returns a JSON handler through which another process controls the service. It isn't
// part of the vendor's API and has no authentication, so serve it on a loopback port of its
// own. A request that changes something must have Content-Type: application/json, which keeps
// pages of other sites from sending it.
//
//	GET    /meetings                 all meetings, without passwords
//	POST   /meetings                 add one; the response has all fields filled in
//	POST   /meetings/{id}/start      people join
//	POST   /meetings/{id}/end
//	POST   /meetings/{id}/change     the fields given, e.g. {"subject": "…"}
//	DELETE /meetings/{id}            forget it
//	POST   /users                    add one
//	GET    /journal                  every request that arrived
//	GET    /effects                  what they changed
//	GET    /faults                   the faults that are armed
//	POST   /faults                   arm one, e.g. {"operation": "cancel", "kind": "hang", "times": 1}
//	DELETE /faults                   disarm all
//	POST   /delay                    {"delay": "200ms"} on every call
//
// A fault's fields are those of [Fault] in lower camel case; durations are strings such as
// "1.5s". Mistakes get 400 and unknown meetings 404, with a sentence in "error".
func (s *Server) Control() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /meetings", func(w http.ResponseWriter, _ *http.Request) { tell(w, views(s.Meetings(), viewMeeting)) })
	mux.HandleFunc("POST /meetings", posted(func(v meetingView) (any, error) { return viewMeeting(s.AddMeeting(v.meeting(Meeting{}))), nil }))
	mux.HandleFunc("POST /meetings/{id}/start", found(s.Start))
	mux.HandleFunc("POST /meetings/{id}/end", found(s.End))
	mux.HandleFunc("POST /meetings/{id}/change", s.controlChange)
	mux.HandleFunc("DELETE /meetings/{id}", found(s.Forget))
	mux.HandleFunc("POST /users", posted(s.controlUser))
	mux.HandleFunc("GET /journal", func(w http.ResponseWriter, _ *http.Request) { tell(w, views(s.Journal(), viewEntry)) })
	mux.HandleFunc("GET /effects", func(w http.ResponseWriter, _ *http.Request) { tell(w, views(s.Effects(), viewEffect)) })
	mux.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) { tell(w, views(s.Faults(), viewFault)) })
	mux.HandleFunc("POST /faults", posted(s.controlFault))
	mux.HandleFunc("DELETE /faults", func(w http.ResponseWriter, _ *http.Request) { s.ClearFaults(); tell(w, struct{}{}) })
	mux.HandleFunc("POST /delay", posted(func(v delayView) (any, error) { s.Delay(time.Duration(v.Delay)); return v, nil }))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost && r.Header.Get("Content-Type") != "application/json" {
			fail(w, http.StatusUnsupportedMediaType, fmt.Errorf("Content-Type must be application/json"))
			return
		}
		mux.ServeHTTP(w, r)
	})
}

// views maps a list; an empty one becomes [].
func views[T, V any](all []T, view func(T) V) []V {
	vs := make([]V, len(all))
	for i, v := range all {
		vs[i] = view(v)
	}
	return vs
}

// found handles a call about one meeting whose work is done by act.
func found(act func(id string) bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if id := r.PathValue("id"); !act(id) {
			fail(w, http.StatusNotFound, fmt.Errorf("no meeting %q in that state", id))
			return
		}
		tell(w, struct{}{})
	}
}

// posted handles a call with a JSON object, whose work is done by act.
func posted[T any](act func(T) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var v T
		if !read(w, r, &v) {
			return
		}
		answer, err := act(v)
		if err != nil {
			fail(w, http.StatusBadRequest, err)
			return
		}
		tell(w, answer)
	}
}

// controlChange applies the given fields to the current meeting.
func (s *Server) controlChange(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	m, known := s.Meeting(id)
	v := viewMeeting(m)
	if known && !read(w, r, &v) {
		return
	}
	found(func(id string) bool {
		return known && s.Change(id, func(m *Meeting) { *m = v.meeting(*m) })
	})(w, r)
}

func (s *Server) controlUser(v userView) (any, error) {
	u := s.AddUser(User{
		UUID: v.UUID, Account: v.Account, ThirdAccount: v.ThirdAccount, Name: v.Name, Email: v.Email, Phone: v.Phone,
		HideEmail: v.HideEmail, Forbidden: v.Forbidden, AdminType: v.AdminType,
	})
	v.UUID, v.Account, v.Name, v.AdminType = u.UUID, u.Account, u.Name, u.AdminType
	return v, nil
}

func (s *Server) controlFault(v faultView) (any, error) {
	f := v.fault()
	if err := f.check(); err != nil {
		return nil, err
	}
	s.Fault(f)
	return viewFault(f), nil
}

type delayView struct {
	Delay span `json:"delay"`
}

// read decodes a request's JSON object, and responds itself if that fails.
func read(w http.ResponseWriter, r *http.Request, v any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(v); err != nil {
		fail(w, http.StatusBadRequest, err)
		return false
	}
	return true
}

func tell(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(marshal(v)) // the caller may have hung up
}

func fail(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(marshal(map[string]string{"error": err.Error()}))
}
