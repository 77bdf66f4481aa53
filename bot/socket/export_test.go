package socket

import "time"

// SetTiming shortens what tests would wait for: the time to open a connection, and when a replaced one is left.
func (b *Bot) SetTiming(open, leaveIdle, leaveAfter time.Duration) {
	b.sockets.timing = timing{open: open, leaveIdle: leaveIdle, leaveAfter: leaveAfter}
}
