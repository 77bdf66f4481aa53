// Package meetingapi is a client for the Huawei Cloud Meeting server API: it logs
// in, reads meetings and people, and cancels meetings.
//
// It handles tokens, signatures, rate limits and retries, and classifies errors. It
// keeps nothing on disk and never reads a meeting's passwords or host links.
//
// # The parts
//
//	New       makes the two halves of a client, a Reader and a Canceler
//	Reader    reads: Meeting, Find, Upcoming, Running, History, Invitees,
//	          PeopleOnline, User, Users, UserByEmail, Member; Login, Role,
//	          TokenExpiry and Budget are about the client itself
//	Canceler  cancels: Cancel, CancelSeries, CancelOccurrences. Code that has
//	          only the Reader can't cancel anything
//	Single,   are what a Canceler takes. They come from a Meeting that was read,
//	Recurring so nothing is cancelled by a bare number, and a series is never
//	          cancelled as a single meeting
//	Optional  is a value that the service may leave out
//	Error     is a failed call; its Class says what that means for the caller
//
// # What callers should know
//
// A number is not an ID. For a meeting in a cloud room, people see the room's number,
// which other meetings share. [Reader.Find] takes the number that people type,
// [Reader.Meeting] takes an ID.
//
// Absent is not empty. The service may leave out any field. A series without listed
// dates may have some, a meeting without listed invitees may have guests, and a meeting
// that doesn't say whether it is a series can't be cancelled.
//
// A list may be partial, because the number of calls is bounded and a page may fail.
// [List.More] and [InviteeList.More] say so.
//
// An unknown outcome is not a failure. A cancellation is sent once. If its answer was
// lost or unintelligible, [IsUnknownOutcome] is true of the error: read the meeting
// again to see what happened. After any other error the meeting is unchanged.
//
// Times are UTC, except the date of a [Rule].
//
// # How a call works
//
//	budget   wait for a slot under the operation's rate limit, up to Config.MaxWait
//	token    use the cached token, or one login for all waiting callers
//	wire     make one exchange, within a timeout and the context's deadline; not a
//	         byte leaves after that, or of a cancellation in the last third of its time
//	class    turn the answer into an Error, in one place
//	retry    retry a read if the error may be temporary; replace a refused token once
//
// All of this is in internal/wire, except that internal/token keeps the token and this
// package classifies the answers.
//
// Every attempt has its own timeout, and every wait ends with the context's deadline.
// Secrets never appear in logs or errors.
package meetingapi
