package socket

import "time"

// SetTiming shortens the bot's timeouts for tests.
func (b *Bot) SetTiming(open, drainIdle, drainMax time.Duration) {
	t := &b.sockets.timing
	t.open, t.drainIdle, t.drainMax = open, drainIdle, drainMax
}

// SetDoubt shortens the time after which a mere HTTP status ends Run.
func (b *Bot) SetDoubt(d time.Duration) { b.sockets.timing.doubt = d }
