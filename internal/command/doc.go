// Package command reads what people type after /cancel-meeting, and finds the meeting
// number in a message.
//
// It is pure: text in, a [Command] or a [*Fault] out. It knows neither Slack nor the
// Meeting API, does not check whether a meeting exists, and writes no sentences: a
// Fault says what is wrong, and the caller words it.
//
// # What counts as a meeting number
//
// By itself, 8 to 15 digits, grouped in any way by spaces, dashes, dots, brackets or
// quotes, also in full-width or other scripts' digits. In an invitation, a number
// after a label ("Meeting ID", "会议ID", "ID da reunião") or in a join link takes
// precedence; without either, a bare run of 9 to 12 digits counts. Passwords, dates,
// times, telephone numbers, e-mail, SIP and IP addresses never count, nor does the id
// of something else ("Customer ID"). The same number twice is one number. Different
// numbers are several meetings if there is nothing else but blanks, commas and line
// ends; among other words they are refused, because guessing could cancel the wrong
// meeting.
//
// # What counts as days
//
// today, tomorrow, a date with the year first, or two of these separated by .., at
// most [MaxDays]. They stay as typed until [Command.Resolve] is told whose time zone
// they are in.
//
// # Markup
//
// The parser ignores what Slack wraps around words (* _ ~ and backticks), and reads
// digits that Slack took for a telephone number as they were typed. Inside a reason
// both stay.
//
// # What never comes back
//
// A Fault goes into an answer and into a log. So its Part is never a link (a join
// link can carry a token) and never digits next to a meeting number (they may be its
// password).
package command
