package meetingapi_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"meetingbot/meetingapi"
)

// wantCodes repeats the table of codes, so that a changed class must be changed twice.
var wantCodes = map[meetingapi.Class]string{
	meetingapi.ClassNotFound:       "MMC.111070005 MMC.111071007 MMC.111072016 MMC.111072065 MMC.111073001 USG.201040000 USG.206030000",
	meetingapi.ClassStarted:        "MMC.111071067",
	meetingapi.ClassNotStarted:     "MMC.111072005",
	meetingapi.ClassEnded:          "MMC.111072006 MMC.111071072",
	meetingapi.ClassTransient:      "MMC.111072003 MMC.111072004 USG.000000001 USG.000000005 200000001 200000005",
	meetingapi.ClassDenied:         "MMC.111070002 MMC.111070010",
	meetingapi.ClassMeetingLocked:  "MMC.111072050",
	meetingapi.ClassBadRequest:     "MMC.111070001 MMC.111071061 MMC.111071016 USG.000000003 200000003 USG.201040001",
	meetingapi.ClassAuth:           "MMC.111070004 MMC.111070111 118000000 118000001 USG.118000001 MMC.118000000 USG.000000004 USG.200000004 USG.206020000 USG.206020001 USG.206020002",
	meetingapi.ClassCredentials:    "USG.206010000 USG.206010025 USG.206010058 USG.206010007 USG.206010030 USG.206010031 USG.206010036",
	meetingapi.ClassClock:          "USG.206010057",
	meetingapi.ClassLocked:         "118000002 USG.206030015 MMC.111072064",
	meetingapi.ClassWrongSite:      "MMC.111100012 USG.206010064",
	meetingapi.ClassThrottled:      "APIG.0308 100000429",
	meetingapi.ClassServer:         "MMC.111070003 MMC.111071071 USG.000000002 200000002",
	meetingapi.ClassUnknownOutcome: "MMC.111072049",
}

// userCodes are the "not found" codes that are about users.
const userCodes = "MMC.111073001 USG.201040000 USG.206030000"

func TestEveryCode(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for class, codes := range wantCodes {
		for code := range strings.FieldsSeq(codes) {
			tested[code[strings.LastIndex(code, ".")+1:]] = true
			// The same code comes with different statuses.
			for _, status := range []int{400, 403, 404, 500} {
				s := newService(t)
				c := s.client(t, once)
				s.on(cancelPath, answer(status, refusal(code, "SOME_CONSTANT")))
				s.on(detailPath, answer(status, refusal(code, "SOME_CONSTANT")))

				class := class
				if strings.Contains(userCodes, code) { // in a call about a meeting, they are about the login
					class = meetingapi.ClassCredentials
				}
				want := class
				if class == meetingapi.ClassServer {
					want = meetingapi.ClassUnknownOutcome
				}
				err := c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
				checkError(t, err, want, status, code)

				want = class
				if class == meetingapi.ClassUnknownOutcome {
					want = meetingapi.ClassServer
				}
				_, err = c.Meeting(t.Context(), "914087436")
				checkError(t, err, want, status, code)
			}
		}
	}
	for _, info := range meetingapi.Codes() {
		if !tested[info.Code[strings.LastIndex(info.Code, ".")+1:]] {
			t.Errorf("code %s of Codes() is in no row of this test", info.Code)
		}
	}
}

func checkError(t *testing.T, err error, class meetingapi.Class, status int, code string) {
	t.Helper()
	var e *meetingapi.Error
	if !errors.As(err, &e) || e.Class != class || e.Status != status || e.Code != code {
		t.Errorf("error = %#v (%v), want class %v, status %d, code %s", e, err, class, status, code)
		return
	}
	if meetingapi.RequestID(err) != "a02164ff20cbc841c6c0e9ab38a07e5b" || !strings.Contains(err.Error(), "a02164ff20cbc841c6c0e9ab38a07e5b") {
		t.Errorf("RequestID(%v) = %q, want the answer's", err, meetingapi.RequestID(err))
	}
}

func TestCodesAreUniqueAndNamed(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, c := range meetingapi.Codes() {
		if seen[c.Code] || (c.Name != "" && seen[c.Name]) {
			t.Errorf("%s or %s is in the table twice", c.Code, c.Name)
		}
		seen[c.Code], seen[c.Name] = true, true
		if c.Class <= meetingapi.ClassOther || c.Class > meetingapi.ClassMeetingLocked {
			t.Errorf("%s has class %v", c.Code, c.Class)
		}
	}
}

// TestStatuses: an unknown code gets the class of its status, except that a change has an
// unknown outcome unless the status means refusal.
func TestStatuses(t *testing.T) {
	t.Parallel()
	const unknown = meetingapi.ClassUnknownOutcome
	for _, tt := range []struct {
		status       int
		body         string
		read, change meetingapi.Class
	}{
		{400, refusal("MMC.999999999", "WHO_KNOWS"), meetingapi.ClassBadRequest, meetingapi.ClassBadRequest},
		{400, "<html>", meetingapi.ClassUnavailable, unknown},
		{403, "<html>", meetingapi.ClassUnavailable, unknown},
		{403, "Forbidden", meetingapi.ClassUnavailable, unknown},
		{423, "<html>", meetingapi.ClassUnavailable, unknown},
		{400, `{"error_code":"MMC.1110`, meetingapi.ClassUnavailable, meetingapi.ClassBadRequest},
		{401, "", meetingapi.ClassAuth, meetingapi.ClassAuth},
		{401, "<html>", meetingapi.ClassAuth, meetingapi.ClassAuth},
		{403, refusal("MMC.999999999", ""), meetingapi.ClassDenied, meetingapi.ClassDenied},
		{404, refusal("MMC.999999999", ""), meetingapi.ClassUnavailable, unknown},
		{404, refusal("APIG.0101", ""), meetingapi.ClassUnavailable, unknown},
		{404, "<html>", meetingapi.ClassUnavailable, unknown},
		{404, "", meetingapi.ClassUnavailable, unknown},
		{405, "", meetingapi.ClassBadRequest, meetingapi.ClassBadRequest},
		{408, "", meetingapi.ClassTransient, unknown},
		{409, "", meetingapi.ClassBadRequest, unknown},
		{418, "", meetingapi.ClassBadRequest, unknown},
		{423, "", meetingapi.ClassLocked, meetingapi.ClassLocked},
		{429, "", meetingapi.ClassThrottled, meetingapi.ClassThrottled},
		{429, "<html>", meetingapi.ClassThrottled, meetingapi.ClassThrottled},
		{500, "", meetingapi.ClassServer, unknown},
		{500, refusal("MMC.999999999", ""), meetingapi.ClassServer, unknown},
		{500, refusal("", "CONF_DATA_NOT_FOUND"), meetingapi.ClassNotFound, meetingapi.ClassNotFound},
		{400, refusal("", "CMS_CONF_DATA_NOT_FOUND"), meetingapi.ClassNotFound, meetingapi.ClassNotFound},
		{400, `{"errorCode":"MMC.111070005","errorMsg":"x"}`, meetingapi.ClassNotFound, meetingapi.ClassNotFound},
		{400, `{"error_code":111070005}`, meetingapi.ClassNotFound, meetingapi.ClassNotFound},
		{502, "<html>bad gateway</html>", meetingapi.ClassServer, unknown},
		{503, "", meetingapi.ClassServer, unknown},
		{504, "", meetingapi.ClassServer, unknown},
		{302, "", meetingapi.ClassServer, unknown},
		{307, "", meetingapi.ClassServer, unknown},
		{200, refusal("MMC.111070005", ""), meetingapi.ClassNotFound, meetingapi.ClassNotFound},
		{200, refusal("MMC.999999999", ""), meetingapi.ClassServer, unknown},
		{200, `{"returnCode":111071067,"returnDesc":"x"}`, meetingapi.ClassStarted, meetingapi.ClassStarted},
		{200, `{"returnCode":7}`, meetingapi.ClassServer, unknown},
	} {
		s := newService(t)
		c := s.client(t, once)
		s.on(cancelPath, answer(tt.status, tt.body))
		s.on(detailPath, answer(tt.status, tt.body))
		if _, err := c.Meeting(t.Context(), "914087436"); meetingapi.ClassOf(err) != tt.read {
			t.Errorf("Meeting with %d %s = %v, want %v", tt.status, tt.body, err, tt.read)
		}
		err := c.Cancel(t.Context(), single(t), meetingapi.CancelOptions{})
		if meetingapi.ClassOf(err) != tt.change {
			t.Errorf("Cancel with %d %s = %v, want %v", tt.status, tt.body, err, tt.change)
		}
		var e *meetingapi.Error
		if errors.As(err, &e) && e.Status != tt.status {
			t.Errorf("Cancel with %d %s has status %d, want %d", tt.status, tt.body, e.Status, tt.status)
		}
	}
}

func TestClassOfForeignErrors(t *testing.T) {
	t.Parallel()
	if got := meetingapi.ClassOf(nil); got != meetingapi.ClassNone {
		t.Errorf("ClassOf(nil) = %v, want %v", got, meetingapi.ClassNone)
	}
	if got := meetingapi.ClassOf(errors.New("x")); got != meetingapi.ClassOther {
		t.Errorf("ClassOf(errors.New) = %v, want %v", got, meetingapi.ClassOther)
	}
	for err, want := range map[error]meetingapi.Class{
		context.Canceled: meetingapi.ClassCanceled, context.DeadlineExceeded: meetingapi.ClassUnavailable,
		fmt.Errorf("step: %w", &meetingapi.Error{Class: meetingapi.ClassEnded}): meetingapi.ClassEnded,
	} {
		if got := meetingapi.ClassOf(err); got != want || meetingapi.IsEnded(err) != (want == meetingapi.ClassEnded) || meetingapi.RequestID(err) != "" {
			t.Errorf("ClassOf(%v) = %v, want %v", err, got, want)
		}
	}
	for c := meetingapi.ClassNone; c <= meetingapi.ClassMeetingLocked; c++ {
		if strings.HasPrefix(c.String(), "class(") {
			t.Errorf("Class(%d) has no name", int(c))
		}
	}
	if got := meetingapi.Class(99).String(); got != "class(99)" {
		t.Errorf("Class(99).String() = %q, want %q", got, "class(99)")
	}
}

// TestIsUserUnknown: only the directory can say that it doesn't know a user.
func TestIsUserUnknown(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		status int
		code   string
		want   bool
	}{
		{400, "USG.201040000", true}, // no such user
		{403, "USG.201080002", true}, // of another department
		{400, "USG.201040001", true}, // an impossible id
		{400, "MMC.111073001", true}, // no such user, from the conference service
		{404, "", false},
		{403, "", false},              // a proxy
		{403, "APIG.0302", false},     // the gateway
		{403, "MMC.111070002", false}, // the conference service
		{423, "USG.206030015", false},
		{500, "USG.000000002", false},
	} {
		s := newService(t)
		s.on(usersPath, answer(tt.status, refusal(tt.code, "")))
		_, err := s.client(t, once).User(t.Context(), "u1")
		if got := meetingapi.IsUserUnknown(err); got != tt.want {
			t.Errorf("IsUserUnknown(%v) = %v, want %v", err, got, tt.want)
		}
	}
	// users/list succeeds and has a status for each user.
	for status, want := range map[int]bool{0: false, 2: true, 3: true} {
		s := newService(t)
		s.on(usersPath, answer(200, fmt.Sprintf(`[{"id":"u1","statusCode":%d}]`, status)))
		_, err := s.client(t, once).User(t.Context(), "u1")
		if got := meetingapi.IsUserUnknown(err); got != want {
			t.Errorf("IsUserUnknown(%v) = %v, want %v", err, got, want)
		}
	}
	if meetingapi.IsUserUnknown(nil) || meetingapi.IsUserUnknown(errors.New("x")) {
		t.Error("IsUserUnknown is true of an error that isn't from the directory")
	}
}

// TestRefusedLoginIsNotAboutTheTarget: a refused login is about the client's own account,
// whatever its code.
func TestRefusedLoginIsNotAboutTheTarget(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 404, 412, 423} {
		for _, code := range []string{"", "USG.206010058", "USG.206030000", "USG.201040000", "USG.201080002", "USG.299999999", "USG.000000003", "USG.201040001", "MMC.111073001", "MMC.111070002"} {
			s := newService(t)
			s.on(loginPath, answer(status, refusal(code, "")))
			_, err := s.client(t, once).User(t.Context(), "u1")
			if err == nil || meetingapi.IsUserUnknown(err) || meetingapi.IsNotFound(err) || meetingapi.IsEnded(err) {
				t.Errorf("a login refused with %d %s = %v, which looks like an error about the user or the meeting", status, code, err)
			}
			if _, err := s.client(t, once).Meeting(t.Context(), "914087436"); err == nil || meetingapi.IsNotFound(err) || meetingapi.IsEnded(err) {
				t.Errorf("a login refused with %d %s = %v, which looks like an error about the meeting", status, code, err)
			}
		}
	}
}
