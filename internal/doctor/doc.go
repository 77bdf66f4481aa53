// Package doctor implements `meetingbot doctor`: it checks the whole setup, says in one
// line each what is wrong and what to do about it, and changes nothing.
package doctor
