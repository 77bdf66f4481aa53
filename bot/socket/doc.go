// Package socket holds an app's Socket Mode connections and hands over what comes through them. A Bot does so; it makes
// its calls with a bot.Client.
//
// # The life of an envelope
//
// A command, click, shortcut, modal or opened Home arrives as an envelope over one of several WebSockets. The bot
//
//  1. decodes it (decode.go, frame.go, text.go) into a few typed fields, whatever else Slack sent;
//  2. lets it wait for its turn if many come at once (queue.go): what somebody has decided comes before what is asked, and
//     what would come too late is rejected, and its person is told;
//  3. calls the one handler registered for it, which hands it over: stores it where a crash can't reach it;
//  4. acks it when, and only when, the handler returned nil or bot.ErrDuplicate, with a write that is known to have left,
//     over whichever socket works. If the handler failed, panicked or took too long, the person is told at once to try
//     again.
//
// The work itself happens later and elsewhere, and answers through the Client.
//
// # Connections
//
// Socket Mode sockets last hours at best. When Slack announces the end of one, its successor says hello first, and the old
// one is read and acked until Slack closes it (docs/decisions/0002-socket-mode-connection.md). Attempts to connect are
// spaced across the whole bot. An error that only a person can fix ends Run with a *PermanentError that says what to
// change, and where.
//
// Register all handlers before Run. Every write and read has its own deadline. Nothing outlives Bot.Close, and the package
// has no global state, so a bot can run inside a testing/synctest bubble with in-memory connections.
package socket
