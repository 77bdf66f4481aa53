// Package meetingapi is a client of the Huawei Cloud Meeting server API: it
// logs in, reads meetings and people, and cancels meetings.
//
// It owns the wire: tokens, signatures, limits, retries, and what an error
// means. It knows nothing of who wants a meeting cancelled and why, keeps
// nothing on disk, and never reads a meeting's passwords and host links.
//
// # The parts
//
//	Client    reads: Meeting, Find, Upcoming, Running, PeopleOnline, History,
//	          User, Users, Member; Login, Role and TokenExpiry are about itself
//	Canceler  the destructive part, made from a Client: Cancel, CancelSeries,
//	          CancelOccurrences
//	Single,   what a Canceler takes. They come from a Meeting that was read,
//	Recurring so nothing is cancelled by a bare number, and a series is never
//	          cancelled as if it were a single meeting
//	Error     what went wrong; its Class says what that means
//
// # What a caller has to keep in mind
//
// A number is not an id. What people see of a meeting in a cloud room is the
// room's number, which other meetings share. [Client.Find] takes what people
// type, [Client.Meeting] takes an ID.
//
// An unknown outcome is not a failure. A cancellation is sent once. If its
// answer never came, or was none, the error is [IsUnknownOutcome], and reading
// the meeting again is the only way to know. After every other error the
// meeting is as it was.
//
// Times are UTC, except the two dates of a [Rule].
//
// # How a call goes
//
//	budget   a place under the operation's rate limit
//	breaker  is the operation known to be down?
//	token    from memory; else one login for all who wait
//	wire     one exchange, within a timeout and the context's deadline, and
//	         not one byte of it after that
//	class    HTTP becomes an Error in one place
//	again    for reads, if the error may pass; a refused token is replaced once
//
// Every wait ends with the context's deadline. A call never logs a secret, and
// an Error never holds one.
package meetingapi
