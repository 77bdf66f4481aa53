// Package bot is to Slack what net/http is to HTTP: it owns the wire, and knows nothing about what is said over it.
//
// A Client makes Web API calls: it posts, updates, answers, and looks people up. It needs no socket. What arrives over
// sockets is handed over by package bot/socket, as the events defined here: Command, Click, Shortcut, Submission and
// HomeOpened. It answers through a Client.
//
// # The rules for a caller
//
// A handler may see the same event twice, also at the same time and in another process: the store knows it by
// Origin.DedupKey. After ErrUnavailable from a post, the message may exist: look (FindPosted) before repeating it. The
// Client itself repeats only calls that Slack rate-limited, and only as long as the caller's deadline allows. For any
// failed call, exactly one of Temporary, Mendable and Permanent is true.
//
// Every call has its own deadline. Nothing outlives Client.Close, and the package has no global state, so a Client can run
// inside a testing/synctest bubble with in-memory connections.
package bot
