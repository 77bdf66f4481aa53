// Package command parses what people type after /cancel-meeting, and finds the meeting
// number in a message.
//
// It is pure: text in, a [Command] or a [*Fault] out. It knows nothing of Slack or the
// Meeting API, doesn't check whether a meeting exists, and writes no sentences: a Fault
// says what is wrong, and the caller words it.
//
// # What counts as a meeting number
//
// On its own, 8 to 15 digits, grouped in any way by spaces, dashes, dots, brackets or
// quotes; full-width digits and those of other scripts work too. In an invitation, a
// number after a label ("Meeting ID", "会议ID", "ID da reunião") or in a join link takes
// precedence; without either, a bare run of 9 to 12 digits counts. Passwords, dates,
// times, telephone numbers, e-mail, SIP and IP addresses never count, nor does the id
// of something else ("Customer ID"). The same number twice is one number. Different
// numbers mean several meetings if only blanks, commas and line ends separate them;
// among other words they are refused, because a guess could cancel the wrong meeting.
//
// # What counts as days
//
// today, tomorrow, a date with the year first, or two of these separated by .., at
// most [MaxDays]. They stay as typed until [Command.Resolve] is given the asker's time
// zone.
//
// # Markup
//
// The parser ignores Slack's formatting around words (* _ ~ and backticks), and reads
// digits that Slack turned into a telephone link as they were typed. A reason keeps both.
//
// # What is never echoed
//
// A Fault ends up in an answer and in the log. So its Part is never a link (a join link
// can carry a token) and never digits next to a meeting number (they may be its
// password).
package command
