// Package slacksim is a Slack workspace on loopback: people, channels, one installed
// app, the Web API, Socket Mode over a real WebSocket, response URLs and modals.
//
// It is built from Slack's own documentation and is meant to be as strict as Slack:
// what Slack would refuse is refused here with the same error, and what Slack lets pass
// although it harms people (a late acknowledgement, a message without fallback text, a
// mention of everybody) is written down as a violation. A simulator that accepts what
// Slack refuses hides a bug.
//
// The package shares no code with the bot and knows nothing of meetings. All state
// lives in one [Server] behind one lock. People act through [Server.Type],
// [Server.Click], [Server.Select], [Server.MessageShortcut] and [Server.SubmitModal];
// what each of them sees comes from [Server.Messages], [Server.Thread], [Server.DMs]
// and [Server.Modal]. [Server.Await] waits for a state instead of for a time. Faults are
// ordered with [Server.Fault], [Server.Delay], [Server.Disconnect] and
// [Server.DropSocket].
//
// Nothing here listens on a port of its own accord: a Server is an [http.Handler], and
// the URLs it hands out carry the host that its caller dialled, so it works behind
// httptest, behind a proxy that tears connections, or on a listener given to
// [Server.Serve].
package slacksim
