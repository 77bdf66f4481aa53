// Package action names the buttons, boxes and windows of every view, and reads from a
// click what its view put there. An id is written beside the function that reads it back.
//
// It doesn't know what the names lead to, who may press, or what a request is: a value
// from a click is untrusted, and is checked against the stored request by the caller.
package action
