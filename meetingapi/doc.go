// Package meetingapi is a client for the Huawei Cloud Meeting server API: it logs
// in, reads meetings and people, and cancels meetings.
//
// It owns the wire: tokens, signatures, limits, retries, and what errors mean. It
// doesn't know who wants a meeting cancelled or why, keeps nothing on disk, and never
// reads a meeting's passwords or host links.
//
// # The parts
//
//	New       makes the two halves of a client; nothing else does:
//	Reader    reads: Meeting, Find, Upcoming, Running, History, Invitees,
//	          PeopleOnline, User, Users, UserByEmail, Member; Login, Role,
//	          TokenExpiry and Budget are about the client itself
//	Canceler  cancels: Cancel, CancelSeries, CancelOccurrences. Code that has
//	          only the Reader can't cancel anything
//	Single,   what a Canceler takes. They come from a Meeting that was read, so
//	Recurring nothing is cancelled by a bare number, and a series is never
//	          cancelled as a single meeting
//	Optional  what the service may leave out: not known, as opposed to 0 or none
//	Error     what went wrong; its Class says what that means
//
// # What callers should know
//
// A number is not an id. People see the room's number of a meeting in a cloud room,
// and other meetings share it. [Reader.Find] takes what people type, [Reader.Meeting]
// takes an ID.
//
// Absent is not empty. The service may leave out anything. A series without dates may
// have some, a meeting without invitees may have guests, and a meeting that doesn't
// say whether it is a series can't be cancelled.
//
// A list may be partial. Work is bounded and a page may fail: [List.More] and
// [InviteeList.More] say so, and what was read is returned anyway.
//
// An unknown outcome is not a failure. A cancellation is sent once. If its answer was
// lost or unintelligible, the error is [IsUnknownOutcome], and only reading the
// meeting again tells what happened. After any other error the meeting is unchanged.
//
// Times are UTC, except the date of a [Rule].
//
// # How a call works
//
//	budget   get a slot under the operation's rate limit, within Config.MaxWait
//	breaker  is the operation known to be down?
//	token    from memory, or one login for all waiting callers
//	wire     one exchange, within a timeout and the context's deadline; not one
//	         byte leaves after that
//	class    an answer becomes an Error in one place
//	retry    reads are retried if the error may be temporary; a refused token is
//	         replaced once
//
// internal/wire does all of this but two steps: internal/token keeps the token, and the
// class is found here, because only this package knows what an answer means.
//
// Every try has its own timeout, and every wait ends with the context's deadline.
// Calls never log a secret, and an Error never contains one.
package meetingapi
