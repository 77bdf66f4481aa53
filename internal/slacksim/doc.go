// Package slacksim is a Slack workspace on loopback: people, channels, one installed
// app, the Web API, Socket Mode over a real WebSocket, response URLs, modals, the
// Home tab and its event.
//
// It is built from Slack's own documentation and is meant to be as strict as Slack:
// what Slack would refuse is refused here with the same error, and what Slack accepts
// although it harms people (a late acknowledgement, a message without fallback text,
// a mention of everybody) is recorded as a violation. A simulator that accepts what
// Slack refuses hides bugs.
//
// The package shares no code with the bot and knows nothing about meetings. All state
// is in one [Server] behind one lock. People act through [Server.Type],
// [Server.Click], [Server.Select], [Server.Tick], [Server.MessageShortcut],
// [Server.OpenHome] and [Server.SubmitModal]; what they see comes from
// [Server.Messages], [Server.Thread], [Server.DMs], [Server.Modal] and [Server.Home],
// and all of it in order from [Server.Shown]. [Server.Await] waits for a state
// instead of a time. Faults are injected with [Server.Fault], [Server.Delay],
// [Server.Disconnect], [Server.DropSocket] and [Server.RefuseToken].
//
// A Server doesn't listen by itself: it is an [http.Handler], and the URLs it hands
// out have the host that its caller dialled, so it works behind httptest, behind a
// proxy that tears connections, or on a listener given to [Server.Serve]. Any
// listener works, even one over pipes inside a synctest bubble: all waiting uses
// package time, randomness is the caller's ([Options.Chance]), and [Server.Close]
// leaves no goroutine behind.
package slacksim
