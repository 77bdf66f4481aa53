// Package action names the buttons, boxes and modals of every view, and reads from a click
// what its view put there. Each kind of id has its writer and its reader next to each other.
//
// The package doesn't know what the names lead to, who may press, or what a request is. A
// value from a click is untrusted: the caller checks it against the stored request.
package action
