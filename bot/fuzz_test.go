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

// FuzzAnswer: whatever comes back, it is a yes that says so, or an *Error with one outlook that quotes nothing of it.
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
		if err == nil {
			if !p.OK || status/100 != 2 {
				t.Errorf("readAnswer(%d, %q) = nil, want an error", status, body)
			}
			return
		}
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Fatalf("readAnswer(%d, %q) = %v, want an *Error", status, body, err)
		}
		if n := count(Temporary(err), Mendable(err), Permanent(err)); n != 1 {
			t.Errorf("readAnswer(%d, %q) = %v has %d outlooks, want one", status, body, err, n)
		}
		if e.Code == "" && len(body) > 40 && strings.Contains(err.Error(), string(body)) {
			t.Errorf("readAnswer(%d) = %v, which quotes the answer", status, err)
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

// FuzzPerson: a user of any shape is somebody or nobody.
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
		if d := limitOf(&http.Response{Header: http.Header{"Retry-After": {header}}}); d < time.Second || d%time.Second != 0 {
			t.Errorf("limitOf(%q) = %s", header, d)
		}
	})
}
