package bot

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// FuzzAnswer: any answer is either an explicit success or an *Error with one outlook that doesn't quote the answer.
func FuzzAnswer(f *testing.F) {
	for _, seed := range []struct {
		status int
		body   string
	}{
		{200, `{"ok":true,"channel":"C1","ts":"1.1"}`},
		{404, `{"ok":false,"error":"users_not_found"}`},
		{200, `{"ok":false,"error":"missing_scope","needed":"chat:write","provided":"commands","response_metadata":{"messages":["[ERROR] x"]}}`},
		{429, `{"ok":false,"error":"ratelimited"}`},
		{500, `<html>`},
		{200, `{"ok":"true","error":7}`},
	} {
		f.Add(seed.status, []byte(seed.body))
	}
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		resp := &http.Response{StatusCode: status, Header: http.Header{"Retry-After": {"3"}}, Body: io.NopCloser(bytes.NewReader(body))}
		var p posted
		err := readAnswer("chat.postMessage", resp, &p)
		if err == nil && (!p.OK || status/100 != 2) {
			t.Errorf("readAnswer(%d, %q) = nil, want an error", status, body)
		}
		checkRefusal(t, err, body)
	})
}

// checkRefusal fails the test unless err is nil or an *Error with one outlook that doesn't quote body.
func checkRefusal(t *testing.T, err error, body []byte) {
	t.Helper()
	if err == nil {
		return
	}
	e, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("%q is read as %v, want an *Error", body, err)
	}
	if n := count(Temporary(err), NeedsOperator(err), Permanent(err)); n != 1 {
		t.Errorf("%q is read as %v, which has %d outlooks, want one", body, err, n)
	}
	if e.Code == "" && len(body) > 40 && strings.Contains(err.Error(), string(body)) {
		t.Errorf("%v quotes the answer", err)
	}
}

// FuzzResponse: a response_url succeeded only if the status is 2xx and the body says so or is empty.
func FuzzResponse(f *testing.F) {
	f.Add(200, []byte("ok"))
	f.Add(200, []byte(" "))
	f.Add(200, []byte(`{"ok":true}`))
	f.Add(200, []byte(`{"ok":false,"error":"used_url"}`))
	f.Add(404, []byte(`{"ok":false,"error":"expired_url"}`))
	f.Add(404, []byte("used_url"))
	f.Add(500, []byte("<html>no</html>"))
	f.Add(204, []byte("no_text"))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		err := readResponse(&http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body))})
		text := strings.TrimSpace(string(body))
		if err == nil && (status/100 != 2 || text != "" && text != "ok" && !strings.Contains(text, "{")) {
			t.Errorf("%d %q is read as success", status, body)
		}
		checkRefusal(t, err, body)
	})
}

// FuzzHistory: find returns only the bot's own messages with the right metadata, whatever the channel holds.
func FuzzHistory(f *testing.F) {
	f.Add([]byte(`{"ok":true,"messages":[{"ts":"1.2","user":"U0BOT","metadata":{"event_type":"card","event_payload":{"id":"r1"}}}]}`))
	f.Add([]byte(`{"ok":true,"messages":[{"ts":"1.2","user":"U0ANA","metadata":{"event_type":"card","event_payload":{"id":"r1"}}}]}`))
	f.Add([]byte(`{"ok":true,"messages":[{"user":"U0BOT","metadata":{"event_type":"card","event_payload":{"id":"r1"}}}]}`))
	f.Add([]byte(`{"ok":true,"messages":[{"ts":7,"user":["U0BOT"],"metadata":{"event_type":"card","event_payload":{"id":{"id":[]}}}}]}`))
	f.Add([]byte(`{"ok":true,"messages":{"0":null},"response_metadata":{"next_cursor":7}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		var a historyAnswer
		err := readAnswer("conversations.history", &http.Response{StatusCode: 200, Body: io.NopCloser(bytes.NewReader(body))}, &a)
		checkRefusal(t, err, body)
		mark := Metadata{Type: "card", Payload: map[string]string{"id": "r1"}}
		ts, ok := a.find(Identity{User: "U0BOT"}, mark)
		if ok != (ts != "") {
			t.Errorf("find() in %q = %q, %t", body, ts, ok)
		}
		if ts, ok := a.find(Identity{}, mark); ok {
			t.Errorf("find() in %q with an empty identity = %q, want none", body, ts)
		}
	})
}

func count(all ...bool) int {
	n := 0
	for _, is := range all {
		if is {
			n++
		}
	}
	return n
}

// FuzzPerson: person copes with a user of any shape.
func FuzzPerson(f *testing.F) {
	f.Add([]byte(`{"ok":true,"user":{"id":"U1","tz":"Asia/Shanghai","tz_offset":28800,"profile":{"email":"a@b.c"}}}`))
	f.Add([]byte(`{"ok":true,"user":{"id":7,"tz_offset":"x","profile":[]}}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		resp := &http.Response{StatusCode: 200, Body: io.NopCloser(bytes.NewReader(body))}
		var a userAnswer
		if readAnswer("users.info", resp, &a) == nil && a.person().ID != UserID(a.User.ID) {
			t.Errorf("person() of %q = %+v", body, a.person())
		}
	})
}

// FuzzRetryAfter: a wait is whole seconds, at least one, and never overflows.
func FuzzRetryAfter(f *testing.F) {
	for _, seed := range []string{"", "3", "-1", "1.5", "1e309", "NaN", "Mon, 02 Jan 2006 15:04:05 GMT"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if d := parseRetryAfter(&http.Response{Header: http.Header{"Retry-After": {header}}}); d < time.Second || d%time.Second != 0 {
			t.Errorf("parseRetryAfter(%q) = %s", header, d)
		}
	})
}
