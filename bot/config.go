package bot

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"time"
)

// Config configures a Client. Most calls need BotToken; everything else has a default.
type Config struct {
	AppToken Secret // app-level token "xapp-…" with connections:write, for SocketURL and AppOfAppToken
	BotToken Secret // bot token "xoxb-…"
	APIURL   string // base of the Web API; default https://slack.com/api/

	// HTTP sends Web API calls and response_url answers. Sockets use its transport's proxy and certificates too. Default:
	// NewHTTP(nil).
	HTTP *http.Client

	// Observe, if not nil, is called after every Web API call, for metrics. took includes time spent waiting for rate
	// limits; class is Class of the call's error. It is called concurrently and must not block.
	Observe func(method, class string, took time.Duration)

	// StopBy, if not nil, returns the context for a call that people would notice twice: ctx, or a copy that ends when the
	// process is about to be stopped. What Slack may not confirm by then, the next process would post again.
	StopBy func(ctx context.Context) (context.Context, context.CancelFunc)
}

func (c Config) withDefaults() Config {
	c.APIURL = strings.TrimSuffix(cmp.Or(c.APIURL, "https://slack.com/api"), "/") + "/"
	if c.Observe == nil {
		c.Observe = func(string, string, time.Duration) {}
	}
	if c.StopBy == nil {
		c.StopBy = func(ctx context.Context) (context.Context, context.CancelFunc) { return ctx, func() {} }
	}
	return c
}
