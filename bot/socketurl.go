package bot

import (
	"context"
	"errors"
	"net/url"
	"time"
)

// SocketURL asks Slack for the URL of a new socket. The URL works once and needs no other credentials. SocketURL uses the
// app-level token. Unlike other calls it doesn't wait after a 429: the caller paces its attempts. A URL without TLS is an
// error if the Web API uses TLS. See https://docs.slack.dev/reference/methods/apps.connections.open
func (c *Client) SocketURL(ctx context.Context) (Secret, error) {
	const method = "apps.connections.open"
	var a struct {
		verdict
		URL string `json:"url"`
	}
	start := time.Now()
	err := c.wire.attempt(ctx, request{method: method, token: c.appToken}, "", &a)
	c.wire.observe(method, Class(err), time.Since(start))
	if err != nil {
		return "", err
	}
	return Secret(a.URL), checkSocketURL(a.URL, c.wire.base)
}

// checkSocketURL rejects an unencrypted socket if the Web API uses TLS.
func checkSocketURL(address, api string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || (u.Scheme != "ws" && u.Scheme != "wss") {
		return errors.New("open socket: Slack gave no WebSocket address") // don't quote it: it holds a ticket
	}
	if a, err := url.Parse(api); err == nil && a.Scheme == "https" && u.Scheme != "wss" {
		return errors.New("open socket: Slack gave an address without TLS")
	}
	return nil
}
