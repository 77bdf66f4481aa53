// Package bot is to Slack what net/http is to HTTP: it handles the protocol and knows nothing about what an application
// does with it.
//
// A Client makes Web API calls: it posts and updates messages, answers events, and looks people up. It needs no socket.
// Package bot/socket receives events and passes them to handlers as the types defined here: Command, Click, Shortcut,
// Submission and HomeOpened.
//
// # Rules for callers
//
// A handler may see the same event twice, even concurrently and in another process; deduplicate by Origin.DedupKey. If a
// post fails with ErrUnavailable, the message may exist: look for it with FindPosted before posting again. The Client
// retries only calls that Slack rate-limited, and only within the caller's deadline. For every failed call, exactly one of
// Temporary, NeedsOperator and Permanent is true.
//
// Every call times out. Nothing outlives Client.Close, and the package has no global state, so a Client can run
// inside a testing/synctest bubble with in-memory connections.
package bot
