package service

import (
	"context"
	"database/sql/driver"
	"net"
	"net/http"
	"time"

	"meetingbot/meetingapi"
)

// An Env is how the service reaches the outside world. The zero Env is the real
// world; a simulation supplies its own.
type Env struct {
	Dial    func(ctx context.Context, network, address string) (net.Conn, error) // every connection to Slack and to the meeting service
	Connect func(driver.Connector) driver.Connector                              // see [meetingbot/internal/store.Options]
	Now     func() time.Time                                                     // see [meetingbot/internal/store.Options]
}

// reroute makes the HTTP clients of both services dial through o.
func (o Env) reroute(meetings, slack *http.Client) {
	if o.Dial == nil {
		return
	}
	if t, ok := meetings.Transport.(*http.Transport); ok {
		t.DialContext, t.Proxy = meetingapi.Guard(o.Dial), nil
	}
	if t, ok := slack.Transport.(*http.Transport); ok {
		t.DialContext, t.Proxy = o.Dial, nil
	}
}
