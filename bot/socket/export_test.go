package socket

import "time"

// SetTiming shortens the bot's timeouts for tests.
func (b *Bot) SetTiming(open, drainIdle, drainMax time.Duration) {
	b.sockets.timing = timing{open: open, drainIdle: drainIdle, drainMax: drainMax}
}
