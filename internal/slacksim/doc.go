// Package slacksim is a Slack workspace on loopback: people, channels, one installed
// app, the Web API, Socket Mode over a real WebSocket, response URLs, modals, the
// Home tab and its event.
//
// It is built from Slack's own documentation and aims to be as strict as Slack: whatever
// Slack would refuse is refused here with the same error. What Slack accepts although it
// hurts people (a late acknowledgement, a message without fallback text, an @everyone)
// is recorded as a violation. A simulator more lenient than Slack hides bugs.
//
// The package shares no code with the bot and knows nothing about meetings. All state
// lives in one [Server] behind one lock. People act through [Server.Type],
// [Server.Click], [Server.Select], [Server.Tick], [Server.MessageShortcut],
// [Server.OpenHome] and [Server.SubmitModal]. What they see comes from
// [Server.Messages], [Server.Thread], [Server.DMs], [Server.Modal] and [Server.Home],
// or in order from [Server.Shown]. [Server.Await] waits for a state rather than for a
// duration. Inject faults with [Server.Fault], [Server.Delay], [Server.Disconnect],
// [Server.DropSocket] and [Server.RefuseToken].
//
// A Server doesn't open a listener of its own. It is an [http.Handler] whose URLs carry the
// host that the caller dialled, so it works behind httptest, behind a proxy that breaks
// connections, or on a listener passed to [Server.Serve]. Any listener will do, even
// pipes inside a synctest bubble: all waiting uses package time, randomness comes from
// the caller ([Options.Chance]), and [Server.Close] leaves no goroutine behind.
package slacksim
