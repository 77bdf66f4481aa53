// Package page is the demo's workspace in the browser: what one person sees of
// the simulated Slack, and beside it the Meeting service and faults to try.
//
// It keeps no state of its own that matters: what happened is in the simulators,
// and the page is one of their clients. Who one is, and where, stands in the
// address, so two windows can be two people.
//
// Everything that changes is a piece: an element with an id, rendered here with
// html/template and sent to open pages by Server-Sent Events when it changes
// (region.go, stream.go). Everything that a person does is an ordinary form
// (act.go), sent in the background where there is a script. The script, page.js,
// knows pieces and forms and nothing else.
//
// It is for loopback: requests under another host's name or from another site's
// page are refused (guard.go).
package page
