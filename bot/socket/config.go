package socket

import (
	"cmp"
	"context"
	"log/slog"
	"net"
	"time"

	"meetingbot/bot"
)

// Config is what a Bot needs to know besides its Client. Everything but the two messages has a default.
type Config struct {
	Connections     int           // sockets held at once, default 2: while one is refreshed another listens; Slack allows 10 per app
	InFlight        int           // envelopes accepted at once, waiting ones included, default 512; beyond that people are told to try again
	Workers         int           // envelopes being handed over at once, default 32; the others wait, clicks before commands
	HandOverTimeout time.Duration // from reading an envelope until it is stored, default 2.5 s of Slack's 3 s
	ReadDeadline    time.Duration // a socket silent for this long is dead, default 45 s
	PingEvery       time.Duration // how often the bot pings each socket, default 10 s
	// Dial makes the network connection of a socket. Default: a net.Dialer with time-outs.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	Logger   *slog.Logger // default: slog.Default()
	Observer Observer     // metrics; nil functions are skipped

	// NotStored returns what to tell a person whose command or click could not be handed over. The error is ErrBusy,
	// the handler's, or ErrOverdue for a handler that did not return in time and may still succeed. It must not block.
	NotStored func(bot.Origin, error) bot.Message
	// Unknown returns what to tell a person whose command or button has no handler (any more).
	Unknown func(bot.Origin) bot.Message
}

// Observer receives what happens on the sockets, for metrics. Its functions are called from many goroutines and must not
// block.
type Observer struct {
	// Envelope: an envelope of that kind ("command", "click", "shortcut", "submission", "home", "other") is finished.
	// Result is "stored", "duplicate", "unknown", "failed" (not acked), "busy" (not acked), "ack_lost" (stored, but Slack
	// wasn't told) or "malformed". Latency runs from reading it to the end of the written ack.
	Envelope func(kind, result string, latency time.Duration)
	// Connected: the number of live sockets changed.
	Connected func(live int)
	// Reconnect: a socket is being replaced: "warning", "refresh_requested", "silent", "lost", "closed", "failed"…
	Reconnect func(reason string)
	// Duplicate: a handler returned bot.ErrDuplicate.
	Duplicate func()
}

func (c Config) withDefaults() Config {
	c.Connections = orDefault(c.Connections, 2)
	c.InFlight = orDefault(c.InFlight, 512)
	c.Workers = min(orDefault(c.Workers, 32), c.InFlight)
	c.HandOverTimeout = orDefault(c.HandOverTimeout, 2500*time.Millisecond)
	c.ReadDeadline = orDefault(c.ReadDeadline, 45*time.Second)
	c.PingEvery = orDefault(c.PingEvery, 10*time.Second)
	if c.Dial == nil {
		c.Dial = (&net.Dialer{Timeout: dialTimeout, KeepAlive: 15 * time.Second}).DialContext
	}
	c.Logger = cmp.Or(c.Logger, slog.Default())
	c.Observer = c.Observer.withDefaults()
	return c
}

func orDefault[T int | time.Duration](v, byDefault T) T {
	if v <= 0 {
		return byDefault
	}
	return v
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
	if o.Duplicate == nil {
		o.Duplicate = func() {}
	}
	return o
}
