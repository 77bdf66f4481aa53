// Package bot is to Slack what net/http is to HTTP: it owns the wire and knows nothing of what is said over it.
//
// # The life of an envelope
//
// A command, click, shortcut or modal arrives as an envelope over one of several WebSockets. The bot
//
//  1. decodes it (decode.go) into a Command, Click, Shortcut or Submission: a few typed fields, whatever Slack sent beside;
//  2. looks whether the same envelope was here within the hour (recent.go): then it is only acked again;
//  3. calls the one handler registered for it, which hands it over: stores it where a crash can't reach it;
//  4. acks it when, and only when, the handler returned nil, with a write that is known to have left, over whichever
//     socket works. If the handler failed, panicked or took too long, the person is told at once to try again.
//
// The work itself happens later and elsewhere, and answers through Post, Update, Respond and their kin.
//
// # The rules for a caller
//
// Register all handlers before Run. A handler may see the same event twice: the memory of step 2 is lost with the process
// and not shared with others; the store must know. After ErrUnavailable from a post, the message may be there: look
// (FindPosted) before repeating it. The bot itself repeats nothing but what Slack refused for excess.
//
// # Connections
//
// Socket Mode sockets last hours at best. When Slack announces the end of one, its successor says hello first, and the old
// one is read and acked until Slack closes it (docs/decisions/0002-socket-mode-connection.md). Attempts to connect are
// spaced over the whole bot. What only a person can mend ends Run with a *PermanentError that says what to change where.
package bot
