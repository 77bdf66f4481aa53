// Package page shows the demo's workspace in the browser: one person's view of the
// simulated Slack, next to the Meeting service and faults to inject.
//
// It keeps no state that matters. The simulators do, and the page is one of their clients.
// The URL says who and where you are, so two windows can be two people.
//
// Everything that changes is a piece: an element with an id, rendered with html/template
// and sent to open pages as a Server-Sent Event when it changes (region.go, stream.go).
// Everything a person does is an ordinary form (act.go), which the script, page.js, sends
// in the background. The script knows only pieces and forms.
//
// It serves loopback only, and refuses requests for another host name or from another
// site's page (guard.go).
package page
