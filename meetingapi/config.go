package meetingapi

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"meetingbot/meetingapi/internal/wire"
)

// The two public sites. A meeting, its users and a token belong to one of them.
const (
	Mainland      = "https://api.meeting.huaweicloud.com"
	International = "https://api-intl.meeting.huaweicloud.com"
)

// Config says where the service is and how to talk to it. Only Auth is
// required; every other field has a working zero value.
type Config struct {
	// BaseURL is the site: Mainland if empty. It may have a path, for your own
	// gateway.
	BaseURL string

	// Auth is an AppID or an Account.
	Auth Auth

	// SiteID and AuthorizationType, unless empty, are sent as X-Site-Id and
	// X-Authorization-Type with every call, including the login. HCS Online sites and
	// third-party portals require them; the public sites don't. They are never
	// logged.
	SiteID, AuthorizationType string

	// HTTP makes all calls. If nil, a client with NewTransport(nil) is used.
	// Redirects are never followed, whatever it says, because they would carry the
	// token away. Its Timeout, if any, applies in addition to ours.
	HTTP *http.Client

	// UserAgent is sent with each call; "meetingbot/1" if empty.
	UserAgent string

	// Now is the clock for tokens and signatures; time.Now if nil.
	Now func() time.Time

	// Logger gets a debug line for each call, a warning when an operator should know,
	// and a line when an operation that was down works again. If nil, nothing is logged.
	Logger *slog.Logger

	// Observe, if set, is called after every call, in the goroutine that made it. It
	// should be quick.
	Observe func(Call)

	// Timeout is that of one try of a call: 6 s if 0. The context's deadline applies too.
	Timeout time.Duration

	// ReadRetry says how reads and logins are retried. Changes never are.
	ReadRetry Retry

	// MaxWait is the longest that a call is delayed, because of a rate limit or
	// because the service asked for a pause: 5 s if 0, not at all if negative. If the
	// wait would be longer, the call fails at once and RetryAfter says how long it
	// would have been, so that the caller can decide.
	MaxWait time.Duration

	// DownAfter is how many failures of an operation in a row (no connection, no answer,
	// 5xx) make it count as down: 8 if 0, never if negative. Its calls then fail at once
	// with ClassUnavailable and send nothing, until 3 s later one is let through as a
	// probe. Other operations go on, so that a failing directory doesn't stop anybody
	// from cancelling a meeting.
	DownAfter int
}

// New returns the two halves of a client: one that reads and one that cancels. They
// share the token, the connections and the rate limits. Code that has only the Reader
// can't cancel anything. New sends nothing; its error names the field that is
// unusable and never quotes its value.
func New(c Config) (*Reader, *Canceler, error) {
	s, err := newSession(c)
	if err != nil {
		return nil, nil, err
	}
	return &Reader{s}, &Canceler{s}, nil
}

// Reader reads meetings and people. It can't change anything, and no Canceler can be
// made from it. It is safe for concurrent use. Make it with New; every call of a zero
// Reader is a ClassBadRequest.
type Reader struct{ s *session }

// Format writes the type's name and nothing it holds: its HTTP client may hold a
// proxy's password.
func (Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "meetingapi.Config") }

// Format writes the type's name and nothing it holds, for every verb of fmt: some of
// them look through pointers, past Secret's own methods.
func (*Reader) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "meetingapi.Reader") }

func newSession(c Config) (*session, error) {
	base, err := parseBase(cmp.Or(c.BaseURL, Mainland))
	if err != nil {
		return nil, err
	}
	missing := "Auth is missing"
	if c.Auth != nil {
		missing = c.Auth.missing()
	}
	if missing != "" {
		return nil, errors.New("meetingapi: " + missing)
	}
	for name, value := range map[string]string{"SiteID": c.SiteID, "AuthorizationType": c.AuthorizationType, "UserAgent": c.UserAgent} {
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
			return nil, errors.New("meetingapi: " + name + " has characters that no header can hold")
		}
	}
	c.UserAgent = cmp.Or(c.UserAgent, "meetingbot/1")
	c.Timeout = cmp.Or(c.Timeout, 6*time.Second)
	c.MaxWait = cmp.Or(c.MaxWait, 5*time.Second)
	if c.Now == nil {
		c.Now = time.Now
	}
	c.Logger = cmp.Or(c.Logger, slog.New(slog.DiscardHandler))
	s := &session{
		Config: c, classes: classes(),
		gate: wire.NewGate(c.MaxWait, c.DownAfter),
		line: wire.Line{Base: base.String(), HTTP: wire.Client(c.HTTP), Header: c.header()},
	}
	s.tokens.Login, s.tokens.Now = s.login, s.Now
	return s, nil
}

func (c Config) header() http.Header {
	h := http.Header{"User-Agent": {c.UserAgent}}
	if c.SiteID != "" {
		h.Set("X-Site-Id", c.SiteID)
	}
	if c.AuthorizationType != "" {
		h.Set("X-Authorization-Type", c.AuthorizationType)
	}
	return h
}

// parseBase refuses a URL that would send the token to the wrong place. Its error
// never repeats the value, which may contain a password.
func parseBase(base string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(base, "/"))
	switch {
	case err != nil:
		return nil, errors.New("meetingapi: BaseURL is not a URL")
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "":
		return nil, errors.New("meetingapi: BaseURL must start with https:// and name a host")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("meetingapi: BaseURL must have no user, query or fragment")
	}
	return u, nil
}
