package wire

import (
	"cmp"
	"encoding/json"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Answer is an answer of the service, or of a proxy.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
	Broken error // why Body is incomplete: it was cut off or too long
}

// Good reports whether the status means success.
func (a Answer) Good() bool { return a.Status >= 200 && a.Status < 300 }

// RequestID returns the answer's X-Request-Id, or "".
func (a Answer) RequestID() string { return ifShape(a.Header.Get("X-Request-Id"), idShape) }

// RetryAfter returns the wait of Retry-After, in either form, or 0. A date is measured
// from the answer's Date, if it has one: the service's clock may differ from ours.
func (a Answer) RetryAfter(now time.Time) time.Duration {
	v := a.Header.Get("Retry-After")
	if n, err := strconv.Atoi(v); err == nil && n >= 0 {
		return time.Duration(min(n, 24*3600)) * time.Second
	}
	if t, err := http.ParseTime(v); err == nil {
		return max(0, min(t.Sub(now)-a.Skew(now), 24*time.Hour))
	}
	return 0
}

// Skew returns how far the service's clock is ahead of ours, or 0 if unknown.
func (a Answer) Skew(now time.Time) time.Duration {
	t, err := http.ParseTime(a.Header.Get("Date"))
	if err != nil {
		return 0
	}
	return t.Sub(now)
}

// Describe describes a body that isn't JSON. It doesn't quote the body: an error page
// may contain the request, including its token.
func (a Answer) Describe() string {
	kind, _, _ := strings.Cut(a.Header.Get("Content-Type"), ";")
	if ifShape(kind, mediaType) == "" {
		kind = "no type"
	}
	return "answer is not JSON (" + kind + ", " + strconv.Itoa(len(a.Body)) + " bytes)"
}

// Refusal is the error in an answer's body.
type Refusal struct {
	Code      string // for look-up, not for printing; empty for a success
	Name      string // the constant's name, likewise
	RequestID string // the gateway's
	JSON      bool   // whether the body is JSON at all
}

// Quotable returns the code and the name, or "" for what isn't safe to print.
func (r Refusal) Quotable() (code, name string) {
	return ifShape(r.Code, codeShape), ifShape(r.Name, nameShape)
}

// Refusal reads the body of an error in all known formats: the documented one, that of
// older services (returnCode 0 is success), and the gateway's, which adds a request id.
func (a Answer) Refusal() Refusal {
	var f struct {
		ErrorCode  Text   `json:"error_code"`
		ErrorMsg   Text   `json:"error_msg"`
		OldCode    Text   `json:"errorCode"`
		OldMsg     Text   `json:"errorMsg"`
		ReturnCode Number `json:"returnCode"`
		ReturnDesc Text   `json:"returnDesc"`
		RequestID  Text   `json:"request_id"`
	}
	if json.Unmarshal(a.Body, &f) != nil {
		return Refusal{}
	}
	r := Refusal{
		Name:      string(cmp.Or(f.ErrorMsg, f.OldMsg, f.ReturnDesc)),
		RequestID: ifShape(string(f.RequestID), idShape),
		JSON:      true,
	}
	switch {
	case f.ErrorCode != "" && f.ErrorCode != "0":
		r.Code = string(f.ErrorCode)
	case f.OldCode != "" && f.OldCode != "0":
		r.Code = string(f.OldCode)
	case f.ReturnCode.N != 0:
		r.Code = strconv.Itoa(f.ReturnCode.N)
	}
	return r
}

// What may be quoted from an answer: a media type, a code, a constant's name, a request
// id. Text of any other shape could contain a secret.
var (
	mediaType = regexp.MustCompile(`^[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,40}$`)
	codeShape = regexp.MustCompile(`^([A-Za-z]{1,8}\.)?-?[0-9]{1,12}$`)
	nameShape = regexp.MustCompile(`^[A-Z][A-Z0-9_]{2,80}$`)
	idShape   = regexp.MustCompile(`^[0-9A-Za-z_.-]{1,64}$`)
)

func ifShape(s string, shape *regexp.Regexp) string {
	if shape.MatchString(s) {
		return s
	}
	return ""
}
