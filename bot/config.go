package bot

import (
	"cmp"
	"net/http"
	"strings"
	"time"
)

// Config is what a Client needs to know. Most calls need the bot token; everything else has a default.
type Config struct {
	AppToken Secret // app-level token "xapp-…" with connections:write, for SocketURL and AppOfAppToken
	BotToken Secret // bot token "xoxb-…"
	APIURL   string // base of the Web API; default https://slack.com/api/

	// HTTP sends Web API calls and answers through a response_url. Default: that of NewHTTP, without certificates of its
	// own. Sockets use its transport's proxy and certificates too.
	HTTP *http.Client

	// Observe is told when a Web API call has ended, for metrics: how long it took, waiting included, and Class of its
	// error. It is called from many goroutines and must not block. Nil is nobody.
	Observe func(method, class string, took time.Duration)
}

func (c Config) withDefaults() Config {
	c.APIURL = strings.TrimSuffix(cmp.Or(c.APIURL, "https://slack.com/api"), "/") + "/"
	if c.Observe == nil {
		c.Observe = func(string, string, time.Duration) {}
	}
	return c
}
