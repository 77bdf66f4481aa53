// Package command reads what people type after /cancel-meeting, and finds the
// meeting number in a message.
//
// It is pure: text in, a [Command] or a [*Fault] out. It knows neither Slack
// nor the Meeting API, asks nobody whether a meeting exists, and writes no
// sentence for a person: a Fault says what is wrong, the caller says it.
//
// # What counts as a meeting number
//
// Alone, 8 to 15 digits, grouped in any way by spaces, dashes, dots,
// brackets or quotes, also in full-width or other scripts' digits. Inside an
// invitation a number after a label ("Meeting ID", "会议ID", "ID da reunião")
// or in a join link is taken before any other; without one of these a bare run
// of 9 to 12 digits is. Passwords, dates, times, telephone numbers, e-mail, SIP and IP
// addresses are never taken. The same number twice is one number; two
// different ones are refused, because guessing could cancel the wrong meeting.
//
// # What never comes back
//
// A Fault goes into an answer and into a log. So its Part is never a link (a
// join link can carry a token) and never digits that stood beside a meeting
// number (they may be its password).
package command
