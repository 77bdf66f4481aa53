// Package doctor is `meetingbot doctor`: it checks everything that has to be set
// up, says in one line each what is wrong and what to do, and changes nothing.
package doctor
