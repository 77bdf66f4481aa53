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

// Config configures a client. Only Auth is required; every other field has a useful
// zero value.
type Config struct {
	// BaseURL is the site: Mainland if empty. It may have a path, for your own
	// gateway.
	BaseURL string

	// Auth is how to log in: an AppID or an Account.
	Auth Auth

	// SiteID and AuthorizationType, unless empty, are sent as X-Site-Id and
	// X-Authorization-Type with every call, including the login. HCS Online sites and
	// third-party portals require them; the public sites don't. They are never
	// logged.
	SiteID, AuthorizationType string

	// HTTP makes all calls. If nil, a client with NewTransport(nil) is used. Its
	// CheckRedirect is ignored: redirects are never followed, because they would leak
	// the token. Its Timeout applies in addition to Config.Timeout.
	HTTP *http.Client

	// UserAgent is sent with each call; "meetingbot/1" if empty.
	UserAgent string

	// Now is the clock for tokens and signatures; time.Now if nil.
	Now func() time.Time

	// Logger gets a debug line for each call, and an info line when a token is
	// refused. If nil, nothing is logged.
	Logger *slog.Logger

	// Observe, if not nil, is called after every exchange, in the goroutine that made
	// it. It should be quick.
	Observe func(Call)

	// Timeout limits one attempt of a call: 6 s if 0. The context's deadline applies too.
	Timeout time.Duration

	// ReadRetry says how reads and logins are retried. Cancellations never are.
	ReadRetry Retry

	// MaxWait is the longest that a call waits for a rate limit or a pause that the
	// service asked for: 5 s if 0, not at all if negative. If the wait would be longer,
	// the call fails at once, and RetryAfter says how long the wait is.
	MaxWait time.Duration
}

// New returns the two halves of a client: one that reads and one that cancels. They
// share the token, the connections and the rate limits. Code that has only the Reader
// can't cancel anything. New makes no network calls. Its error names the invalid field
// but never quotes its value.
func New(c Config) (*Reader, *Canceler, error) {
	base, err := parseBase(cmp.Or(c.BaseURL, Mainland))
	if err != nil {
		return nil, nil, err
	}
	missing := "Auth is missing"
	if c.Auth != nil {
		missing = c.Auth.missing()
	}
	if missing != "" {
		return nil, nil, errors.New("meetingapi: " + missing)
	}
	for name, value := range map[string]string{"SiteID": c.SiteID, "AuthorizationType": c.AuthorizationType, "UserAgent": c.UserAgent} {
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r > '~' }) {
			return nil, nil, errors.New("meetingapi: " + name + " has characters that are invalid in a header")
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
		gate:     wire.NewGate(c.MaxWait),
		endpoint: wire.Endpoint{Base: base.String(), HTTP: wire.Client(c.HTTP), Header: c.header()},
	}
	s.tokens.Login, s.tokens.Now = s.login, s.Now
	return &Reader{s}, &Canceler{s}, nil
}

// Reader reads meetings and people. It can't change anything, and can't be converted to
// a Canceler. It is safe for concurrent use. Make it with New; the zero value is not usable.
type Reader struct{ s *session }

// Format writes only the type's name: Config.HTTP may hold a proxy's password.
func (Config) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "meetingapi.Config") }

// Format writes only the type's name, because some verbs of fmt look through pointers
// and bypass Secret's methods.
func (*Reader) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "meetingapi.Reader") }

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

// parseBase rejects a URL that would send the token to the wrong place. Its error
// never quotes the value, which may contain a password.
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
