// Package doctor is `meetingbot doctor`: it looks at everything that has to be
// set up right, says in a line each what is wrong and what to do, and changes
// nothing.
package doctor
