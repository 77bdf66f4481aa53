package socket

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"time"

	"meetingbot/bot"
)

// Config configures a Bot. Everything but NotStored and Unknown has a default.
type Config struct {
	Connections     int           // open sockets, default 2, so that one listens while another is refreshed; Slack allows 10 per app
	InFlight        int           // envelopes accepted at once, including queued ones, default 512; beyond that people are told to try again
	Workers         int           // concurrent handlers, default 32; other envelopes wait, clicks before commands
	HandOverTimeout time.Duration // from reading an envelope until it is stored, default 2.5 s of Slack's 3 s
	ReadDeadline    time.Duration // a socket silent for this long is dead, default 45 s
	PingEvery       time.Duration // how often the bot pings each socket, default 10 s
	// Dial makes the network connection of a socket. Default: a net.Dialer with timeouts.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	Logger   *slog.Logger // default: slog.Default()
	Observer Observer     // metrics; nil functions are skipped

	// NotStored returns the message for a person whose command or click could not be stored. The error is ErrBusy, the
	// handler's error, or ErrOverdue for a handler that is late and may still succeed. NotStored must not block.
	NotStored func(bot.Origin, error) bot.Message
	// UnknownAction returns the message for a person whose command or button has no handler, or no longer has one.
	UnknownAction func(bot.Origin) bot.Message
}

// Observer receives events for metrics. Its functions are called concurrently and must not block.
type Observer struct {
	// Envelope is called when an envelope of a kind ("command", "click", "shortcut", "submission", "home", "other") is
	// done. Result is "stored", "duplicate", "unknown", "failed" (not acked), "busy" (not acked), "ack_lost" (stored, but
	// the ack was not sent) or "malformed". Latency is the time from reading the envelope to writing its ack.
	Envelope func(kind, result string, latency time.Duration)
	// Connected is called when the number of live sockets changes.
	Connected func(live int)
	// Reconnect is called when a socket is replaced, with the reason: "warning", "refresh_requested", "silent", "lost",
	// "closed", "failed"…
	Reconnect func(reason string)
}

func (c Config) withDefaults() Config {
	c.Connections = cmp.Or(c.Connections, 2)
	c.InFlight = cmp.Or(c.InFlight, 512)
	c.Workers = min(cmp.Or(c.Workers, 32), c.InFlight)
	c.HandOverTimeout = cmp.Or(c.HandOverTimeout, 2500*time.Millisecond)
	c.ReadDeadline = cmp.Or(c.ReadDeadline, 45*time.Second)
	c.PingEvery = cmp.Or(c.PingEvery, 10*time.Second)
	if c.Dial == nil {
		c.Dial = (&net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}).DialContext
	}
	c.Logger = cmp.Or(c.Logger, slog.Default())
	c.Observer = c.Observer.withDefaults()
	return c
}

func (o Observer) withDefaults() Observer {
	if o.Envelope == nil {
		o.Envelope = func(string, string, time.Duration) {}
	}
	if o.Connected == nil {
		o.Connected = func(int) {}
	}
	if o.Reconnect == nil {
		o.Reconnect = func(string) {}
	}
	return o
}
