package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"
)

// A call is a request that has arrived at a service.
type call struct {
	where, place string
	meeting      string    // the meeting that it is about
	at           time.Time // arrival
	done         time.Time // when it took effect; zero if it didn't
	status       int       // of the service's response
	answered     bool      // the caller got the response
	by           int       // the number of the process
	body         string
	version      string // the meeting's subject when the call took effect
}

// serve puts random delays and faults between the network and a service.
func (w *world) serve(where string, service http.Handler, place func(*http.Request) string) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		w.serving.Add(1)
		defer w.serving.Done()
		at := place(r)
		name := w.chance.next(where + "/" + at)
		if at == "socket" {
			time.Sleep(w.chance.between("delay/"+name, time.Millisecond, 30*time.Millisecond))
			service.ServeHTTP(rw, r)
			return
		}
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the caller hung up
		}
		c := &call{where: where, place: at, at: time.Now(), body: string(body), meeting: r.URL.Query().Get("conferenceID"), by: w.lastProcess()}
		w.recordCall(c)
		e := &exchange{w: w, c: c, rw: rw, r: r, service: service, body: body}
		died := w.dieIfDue(nil, where+" "+at, false)
		time.Sleep(w.chance.between("delay/"+name, time.Millisecond, 40*time.Millisecond))
		if died && w.chance.happens("outlives/"+name, 0.7) {
			e.performAfterDeath(name)
			return
		}
		if l, struck := w.faultFor(where, at, nil); struck {
			if at != "users.info" {
				w.tell("%s: %s %s%s %s", l.name, where, at, spaced(c.meeting), l.how)
			}
			l.goOn(c.meeting)
			e.apply(l)
			return
		}
		answer := e.perform()
		if field := w.omittedField(); field != "" && where == "meeting" {
			answer = withoutField(answer, field)
		}
		if told := tellingOf(at, c.body); told == "" || !w.dieIfDue(nil, told, true) {
			w.dieIfDue(nil, where+" "+at, true)
		}
		time.Sleep(w.chance.between("back/"+name, 500*time.Microsecond, 20*time.Millisecond))
		e.answer(answer)
	})
}

func spaced(s string) string {
	if s == "" {
		return ""
	}
	return " " + s
}

// An exchange is one request being served.
type exchange struct {
	w       *world
	c       *call
	rw      http.ResponseWriter
	r       *http.Request
	service http.Handler
	body    []byte
}

// perform performs the request, even if its caller has given up.
func (e *exchange) perform() *httptest.ResponseRecorder {
	r := e.r.Clone(context.WithoutCancel(e.r.Context()))
	r.Body = io.NopCloser(bytes.NewReader(e.body))
	answer := httptest.NewRecorder()
	version := e.w.version(e.c.meeting)
	e.service.ServeHTTP(answer, r)
	e.w.noteLimit(e.c.where, answer)
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	e.c.done, e.c.status, e.c.version = time.Now(), answer.Code, version
	return answer
}

// performAfterDeath performs the request some time after the process that made it has died.
func (e *exchange) performAfterDeath(name string) {
	d := e.w.chance.between("outlives/"+name+"/by", time.Second, 25*time.Second)
	e.w.troubleUntil(time.Now().Add(d))
	e.w.countUnsure(e.c)
	time.Sleep(d)
	e.perform()
	e.w.count("a call outlives its process")
	e.w.tell("%s %s%s of a dead process takes effect", e.c.where, e.c.place, spaced(e.c.meeting))
}

// answer sends the service's response to the caller.
func (e *exchange) answer(from *httptest.ResponseRecorder) {
	e.w.mu.Lock()
	e.c.answered = e.r.Context().Err() == nil
	e.w.mu.Unlock()
	maps.Copy(e.rw.Header(), from.Header())
	e.rw.WriteHeader(from.Code)
	_, _ = e.rw.Write(from.Body.Bytes()) // the caller may have hung up
}

// breakOff sends half of the service's response. The server closes the connection, because that
// is less than it has announced.
func (e *exchange) breakOff(from *httptest.ResponseRecorder) {
	maps.Copy(e.rw.Header(), from.Header())
	e.rw.Header().Set("Content-Length", strconv.Itoa(from.Body.Len()+1))
	e.rw.WriteHeader(from.Code)
	_, _ = e.rw.Write(from.Body.Bytes()[:from.Body.Len()/2]) // the caller may have hung up
}

// cut closes the connection without a response.
func (e *exchange) cut() {
	if conn, _, err := http.NewResponseController(e.rw).Hijack(); err == nil {
		_ = conn.Close()
	}
}

// hang waits until the caller gives up.
func (e *exchange) hang() {
	select {
	case <-e.r.Context().Done():
	case <-e.w.closing:
	}
	e.w.troubleUntil(time.Now())
}

// apply applies the fault to the call.
func (e *exchange) apply(l *fault) {
	switch l.how {
	case slow:
		e.w.troubleUntil(time.Now().Add(l.delay))
		time.Sleep(l.delay)
		if e.r.Context().Err() != nil {
			e.w.countUnsure(e.c)
		}
		e.answer(e.perform())
	case hangs:
		e.hang()
	case lost:
		e.cut()
	case hangsAfter:
		e.perform()
		e.w.countUnsure(e.c)
		e.hang()
	case lostAfter:
		e.perform()
		e.w.countUnsure(e.c)
		e.cut()
	case late:
		e.hang()
		e.w.troubleUntil(time.Now().Add(l.delay))
		time.Sleep(l.delay)
		e.w.countUnsure(e.c)
		e.perform()
		e.w.tell("%s: %s %s%s takes effect, late", l.name, e.c.where, e.c.place, spaced(e.c.meeting))
	case half:
		from := e.perform()
		e.w.countUnsure(e.c)
		e.breakOff(from)
	case omitted:
		e.answer(e.omitOptional(l))
	case raced:
		e.answer(e.perform())
	case gateway, failsAfter, doneTooLong:
		e.perform()
		e.w.countUnsure(e.c)
		e.write(e.refusal(l))
	case gatewayLate:
		e.w.countUnsure(e.c)
		e.w.inBackground(func() {
			time.Sleep(l.delay)
			e.perform()
			e.w.tell("%s: %s %s%s takes effect, late", l.name, e.c.where, e.c.place, spaced(e.c.meeting))
		})
		e.write(e.refusal(l))
	default:
		e.refuse(l)
	}
}

// slackPlace names a request to Slack.
func slackPlace(r *http.Request) string {
	if method, ok := strings.CutPrefix(r.URL.Path, "/api/"); ok {
		return method
	}
	if strings.HasPrefix(r.URL.Path, "/link/") {
		return "socket"
	}
	return "response_url"
}

// meetingPlace names a request to the meeting service.
func meetingPlace(r *http.Request) string {
	path := r.URL.Path
	switch {
	case r.Method == http.MethodDelete && strings.HasPrefix(path, "/v1/mmc/management"):
		return "cancel"
	case path == "/v1/mmc/management/conferences/confDetail":
		return "detail"
	case strings.HasPrefix(path, "/v1/mmc/management"):
		return "list"
	case strings.Contains(path, "/acs/"):
		return "login"
	}
	return "user"
}

// optional are the fields that a response may omit.
var optional = []string{"conferenceState", "subConfs", "size", "partAttendeeInfo", "confConfigInfo"}

// omitOptional returns the true response without one of the optional fields.
func (e *exchange) omitOptional(l *fault) *httptest.ResponseRecorder {
	return withoutField(e.perform(), optional[e.w.chance.number(l.name+"/field", len(optional))])
}

// withoutField removes a field from a response, if it is JSON.
func withoutField(answer *httptest.ResponseRecorder, field string) *httptest.ResponseRecorder {
	var v any
	whole := answer.Body.Bytes()
	decoder := json.NewDecoder(bytes.NewReader(whole))
	decoder.UseNumber()
	if decoder.Decode(&v) != nil {
		return answer
	}
	body, err := json.Marshal(strip(v, field))
	if err == nil {
		answer.Body = bytes.NewBuffer(body)
		answer.Header().Del("Content-Length")
	}
	return answer
}

// strip removes a field at every depth.
func strip(v any, name string) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = strip(v[i], name)
		}
	case map[string]any:
		delete(v, name)
		for key := range v {
			v[key] = strip(v[key], name)
		}
	}
	return v
}
