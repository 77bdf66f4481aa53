// Package socket receives a Slack app's events over Socket Mode and passes them to handlers. A Bot keeps the connections
// open and makes its calls with a bot.Client.
//
// # The life of an envelope
//
// A command, click, shortcut, modal submission or opened Home arrives as an envelope over one of several WebSockets. The
// bot
//
//  1. decodes it into a few typed fields and ignores the rest (decode.go, frame.go, text.go);
//  2. queues it if it is busy (queue.go): clicks go before commands, and the person is told if their turn doesn't come in
//     time;
//  3. calls the one handler registered for it, which must store the event durably;
//  4. acks it if, and only if, the handler returned nil or bot.ErrDuplicate, over any socket that works. If the handler
//     fails, panics or takes too long, the bot tells the person at once to try again.
//
// Do the actual work later, from the store, and answer through the Client.
//
// # Connections
//
// Socket Mode connections last hours at best. When Slack announces that it will close one, the bot opens the next first,
// and keeps reading and acking the old one until Slack closes it (docs/decisions/0002-socket-mode-connection.md). Attempts
// to connect are paced across the whole bot. An error that only a person can fix ends Run with a *PermanentError that says
// what to change and where.
//
// Register all handlers before Run. Every read and write has its own deadline. Nothing outlives Bot.Close, and the package
// has no global state, so a bot can run inside a testing/synctest bubble with in-memory connections.
package socket
