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
	"sync"
	"time"
)

// The two public sites. A meeting, its users and a token belong to one of them.
const (
	Mainland      = "https://api.meeting.huaweicloud.com"
	International = "https://api-intl.meeting.huaweicloud.com"
)

// Client talks to the Huawei Cloud Meeting server API. Fill in Auth and use it;
// every other field has a working zero value. A Client is safe for concurrent
// use, its fields must not change after the first call, and it must not be
// copied. It can read; to cancel, see NewCanceler.
type Client struct {
	// BaseURL is the site: Mainland if empty. It may carry a path, for a
	// gateway of one's own.
	BaseURL string

	// Auth is an AppID or an Account. It is required.
	Auth Auth

	// HTTP is used for every call. If nil, a client with NewTransport(nil) is
	// made. Redirects are never followed, whatever it says, for they would
	// carry the token away. Its Timeout, if any, applies on top of ours.
	HTTP *http.Client

	// ClientType is sent at login; 72, "API", if 0.
	ClientType int

	// UserAgent is sent with each call; "meetingbot/1" if empty.
	UserAgent string

	// Now is the clock for tokens and signatures; time.Now if nil.
	Now func() time.Time

	// Logger gets one debug line for each wire call and a warning for what an
	// operator should know. If nil, nothing is logged.
	Logger *slog.Logger

	// Observe, if set, is told of every wire call when it is over, in the
	// goroutine that made it. It should be quick.
	Observe func(Call)

	// Timeouts of one try of a read, of a change and of a login: 4 s, 6 s and
	// 5 s if 0. The context's deadline bounds them too.
	ReadTimeout, ChangeTimeout, LoginTimeout time.Duration

	// ReadRetry says how reads and logins are tried again. Changes never are.
	ReadRetry Retry

	// Breaker says when an operation of the service counts as down.
	Breaker Breaker

	// Budget is how many calls a minute of each operation are made before the
	// service has told its limit. 0: no bound until it tells, in an
	// X-APIG-Ratelimit-Api header, or by answering "too many requests". The
	// whole budget may be used in one burst.
	Budget int

	// RefusedFor is how long a refused login is answered from memory: 30 s if
	// 0. LockedFor is the same for a locked login: 5 min if 0.
	RefusedFor, LockedFor time.Duration

	once sync.Once
	core *core
}

// Call is one exchange with the service, as Observe sees it.
type Call struct {
	Method    string
	Operation Operation
	Status    int           // 0 if there was no answer
	Class     Class         // ClassNone if all went well
	Duration  time.Duration // from asking for a connection to the end of the answer
	RequestID string
}

// Operation names a call of the API in errors, logs and metrics.
type Operation string

// The operations.
const (
	OpLogin             Operation = "login"
	OpMeeting           Operation = "meeting"
	OpUpcoming          Operation = "upcoming"
	OpRunning           Operation = "running"
	OpAttendees         Operation = "attendees"
	OpHistory           Operation = "history"
	OpUser              Operation = "user"
	OpMember            Operation = "member"
	OpCancel            Operation = "cancel"
	OpCancelSeries      Operation = "cancel_series"
	OpCancelOccurrences Operation = "cancel_occurrences"
)

// core is what a Client works with once its zero values are filled in.
type core struct {
	http     *http.Client
	base     *url.URL
	baseErr  error
	agent    string
	now      func() time.Time
	log      *slog.Logger
	codes    codeTable
	tokens   tokens
	budgets  budgets
	breakers breakers

	readTimeout, changeTimeout, loginTimeout time.Duration
	refusedFor, lockedFor                    time.Duration
}

func (c *Client) setUp() *core {
	c.once.Do(func() {
		s := &core{
			http:          withoutRedirects(c.HTTP),
			agent:         cmp.Or(c.UserAgent, "meetingbot/1"),
			now:           c.Now,
			log:           c.Logger,
			codes:         newCodeTable(),
			readTimeout:   cmp.Or(c.ReadTimeout, 4*time.Second),
			changeTimeout: cmp.Or(c.ChangeTimeout, 6*time.Second),
			loginTimeout:  cmp.Or(c.LoginTimeout, 5*time.Second),
			refusedFor:    cmp.Or(c.RefusedFor, 30*time.Second),
			lockedFor:     cmp.Or(c.LockedFor, 5*time.Minute),
			breakers:      breakers{Breaker: c.Breaker},
			budgets:       budgets{perMinute: c.Budget},
		}
		if s.now == nil {
			s.now = time.Now
		}
		if s.log == nil {
			s.log = slog.New(slog.DiscardHandler)
		}
		s.base, s.baseErr = parseBase(cmp.Or(c.BaseURL, Mainland))
		c.core = s
	})
	return c.core
}

// Format writes the client's kind and nothing of what it holds, for every verb
// of fmt: some of them look through pointers, past what Secret does for itself.
func (c *Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "meetingapi.Client") }

// parseBase refuses what would send the token to a wrong place. The message
// never repeats the value: a password may have been put into it.
func parseBase(base string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimRight(base, "/"))
	switch {
	case err != nil:
		return nil, errors.New("BaseURL is not a URL")
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "":
		return nil, errors.New("BaseURL must start with https:// and name a host")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("BaseURL must have no user, query or fragment")
	}
	return u, nil
}

// withoutRedirects copies h so that the caller's own is left as it is.
func withoutRedirects(h *http.Client) *http.Client {
	own := http.Client{}
	if h != nil {
		own = *h
	} else {
		// Without certificates of one's own NewTransport cannot fail.
		own.Transport, _ = NewTransport(nil)
	}
	own.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	own.Jar = nil
	return &own
}
