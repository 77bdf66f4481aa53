// Package wire is what the service's answers look like: its JSON, as odd as it
// arrives.
//
// It owns the form of an answer, and refuses to know what it means: that is for
// package meetingapi.
package wire
