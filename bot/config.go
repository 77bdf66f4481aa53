package bot

import (
	"cmp"
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
}

func (c Config) withDefaults() Config {
	c.APIURL = strings.TrimSuffix(cmp.Or(c.APIURL, "https://slack.com/api"), "/") + "/"
	if c.Observe == nil {
		c.Observe = func(string, string, time.Duration) {}
	}
	return c
}
