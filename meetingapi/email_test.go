package meetingapi_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"meetingbot/meetingapi"
)

func TestUserByEmail(t *testing.T) {
	t.Parallel()
	const email = "Ana@Example.com"
	row := func(id, email string) string {
		return fmt.Sprintf(`{"id":%q,"userAccount":"%s@corp","name":"N","email":%q,"deptName":"IT"}`, id, id, email)
	}
	list := func(rows ...string) http.HandlerFunc {
		return answer(200, fmt.Sprintf(`{"offset":0,"limit":100,"count":%d,"data":[%s]}`, len(rows), strings.Join(rows, ",")))
	}
	many := func(n, at int) http.HandlerFunc { // n similar users, with the right one among them
		return func(w http.ResponseWriter, r *http.Request) {
			offset, _ := strconv.Atoi(r.FormValue("offset"))
			limit, _ := strconv.Atoi(r.FormValue("limit"))
			var data []string
			for i := offset; i < min(n, offset+limit); i++ {
				address := fmt.Sprintf("x%d-ana@example.com", i)
				if i == at {
					address = email
				}
				data = append(data, row(strconv.Itoa(i), address))
			}
			answer(200, fmt.Sprintf(`{"offset":%d,"limit":%d,"count":%d,"data":[%s]}`, offset, limit, n, strings.Join(data, ",")))(w, r)
		}
	}
	for _, tt := range []struct {
		desc string
		h    http.HandlerFunc
		uuid string
		want meetingapi.Class
	}{
		{"one", list(row("u1", "ana@example.com")), "u1", meetingapi.ClassNone},
		{"one among similar ones", list(row("u0", "diana@example.com"), row("u1", "ANA@EXAMPLE.COM"), row("u2", "ana@example.com.br"), row("u3", "")), "u1", meetingapi.ClassNone},
		{"the same row twice", list(row("u1", "ana@example.com"), row("u1", "ana@example.com")), "u1", meetingapi.ClassNone},
		{"on the last page", many(450, 449), "449", meetingapi.ClassNone},
		{"two", list(row("u1", "ana@example.com"), row("u2", "ana@example.com")), "", meetingapi.ClassAmbiguous},
		{"too many similar ones", many(5000, 3), "", meetingapi.ClassAmbiguous},
		{"none", list(), "", meetingapi.ClassNotFound},
		{"only similar ones", list(row("u0", "diana@example.com")), "", meetingapi.ClassNotFound},
		{"not found, by the service", answer(400, refusal("USG.201040000", "")), "", meetingapi.ClassNotFound},
		{"not an administrator", answer(403, refusal("USG.000000403", "")), "", meetingapi.ClassDenied},
		{"empty answer", answer(200, `{}`), "", meetingapi.ClassServer},
		{"count without rows", answer(200, `{"count":1,"data":[]}`), "", meetingapi.ClassServer},
		{"a user without an id", list(`{"email":"ana@example.com"}`), "", meetingapi.ClassServer},
		{"down", answer(500, ""), "", meetingapi.ClassServer},
	} {
		s := newService(t)
		s.on(membersPath, tt.h)
		got, err := s.client(t, once).UserByEmail(t.Context(), " "+email+" ")
		if got.UUID != tt.uuid || meetingapi.ClassOf(err) != tt.want || meetingapi.IsAmbiguous(err) != (tt.want == meetingapi.ClassAmbiguous) {
			t.Errorf("UserByEmail, %s = %+v, %v, want %q, %v", tt.desc, got, err, tt.uuid, tt.want)
		}
		if len(s.requests()) > 10 {
			t.Errorf("UserByEmail, %s, took %d calls, want 10 at most", tt.desc, len(s.requests()))
		}
	}
	s := newService(t)
	for _, bad := range []string{"", " ", "ana", "@example.com", "ana@"} {
		if _, err := s.client(t).UserByEmail(t.Context(), bad); meetingapi.ClassOf(err) != meetingapi.ClassBadRequest || s.loginCount() != 0 {
			t.Errorf("UserByEmail(%q) = %v after %d logins, want %v and none", bad, err, s.loginCount(), meetingapi.ClassBadRequest)
		}
	}
}

// TestUserByEmailNeedsEveryPage: a page that can't be read may have a second match.
func TestUserByEmailNeedsEveryPage(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.on(membersPath, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("offset") != "" {
			answer(500, "")(w, r)
			return
		}
		answer(200, `{"count":150,"data":[{"id":"u1","email":"ana@example.com"}`+strings.Repeat(`,{"id":"u2","email":"x"}`, 99)+`]}`)(w, r)
	})
	if got, err := s.client(t, once).UserByEmail(t.Context(), "ana@example.com"); meetingapi.ClassOf(err) != meetingapi.ClassServer {
		t.Errorf("UserByEmail with a page missing = %+v, %v, want %v", got, err, meetingapi.ClassServer)
	}
}
