package world

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"meetingbot/internal/meetingsim"
)

// meeting ID [owner=@carol] [subject=…] [in=1h] [length=1h] [room=NUMBER]
// [running] [series=N] [people=N] [webinar] [invited=@bob,x@example.com,…] [notify=yes|no]
// books a meeting, which starts the time of in after the script did. See invitees for the
// syntax of invited.
func (s services) meeting(ts *testscript.TestScript, args []string) {
	o := options(args[1:])
	owner := Carol
	if o["owner"] != "" {
		owner = who(ts, o["owner"])
	}
	s.Book(args[0], owner, func(m *meetingsim.Meeting) {
		if o["subject"] != "" {
			m.Subject = o["subject"]
		}
		if o["in"] != "" {
			m.Start = s.began.Add(duration(ts, o["in"]))
		}
		if o["length"] != "" {
			m.Length = duration(ts, o["length"])
		}
		m.VMRID = o["room"]
		_, m.Webinar = o["webinar"]
		if n := o["series"]; n != "" {
			m.Series = &meetingsim.Series{Cycle: "Week"}
			for i := range number(ts, n) {
				m.Series.Occurrences = append(m.Series.Occurrences, meetingsim.Occurrence{Start: m.Start.AddDate(0, 0, 7*i)})
			}
		}
		if n := o["people"]; n != "" {
			m.People = number(ts, n)
		}
		s.invite(ts, m, o)
	})
	if _, running := o["running"]; running {
		s.start(ts, args[:1])
	}
}

// account NAME email=… adds a meeting account that belongs to nobody in Slack, unless the
// address does.
func (s services) account(_ *testscript.TestScript, args []string) {
	s.Meeting.AddUser(meetingsim.User{UUID: "uuid-" + args[0], Account: args[0] + "@corp", Email: options(args[1:])["email"]})
}

// start ID starts the meeting.
func (s services) start(ts *testscript.TestScript, args []string) {
	if !s.Meeting.Start(args[0]) {
		ts.Fatalf("no meeting %s", args[0])
	}
}

// endMeeting implements "end ID", which ends the meeting.
func (s services) endMeeting(ts *testscript.TestScript, args []string) {
	if !s.Meeting.End(args[0]) {
		ts.Fatalf("no meeting %s", args[0])
	}
}

// remove ID removes the meeting without the bot.
func (s services) remove(ts *testscript.TestScript, args []string) {
	if !s.Meeting.Forget(args[0]) {
		ts.Fatalf("no meeting %s", args[0])
	}
}

// change ID [subject=…] [in=…] [owner=@bob] [invited=…] [notify=…] changes the meeting
// without the bot.
func (s services) change(ts *testscript.TestScript, args []string) {
	o := options(args[1:])
	if !s.Meeting.Change(args[0], func(m *meetingsim.Meeting) {
		if o["subject"] != "" {
			m.Subject = o["subject"]
		}
		if o["in"] != "" {
			m.Start = s.began.Add(duration(ts, o["in"]))
		}
		if o["owner"] != "" {
			m.OwnerUUID = "uuid-" + strings.ToLower(strings.TrimPrefix(who(ts, o["owner"]), "U0"))
		}
		s.invite(ts, m, o)
	}) {
		ts.Fatalf("no meeting %s", args[0])
	}
}

// api [!] OPERATION [TEXT…]: the meeting service got a request of this operation whose path,
// query and body contain the texts.
func (s viewer) api(ts *testscript.TestScript, neg bool, args []string) {
	holds := func() bool {
		return slices.ContainsFunc(s.Meeting.Journal(), func(e meetingsim.Entry) bool {
			line := fmt.Sprintf("%s %s?%s %s", e.Method, e.Path, e.Query, e.Body)
			return e.Operation == args[0] && !slices.ContainsFunc(args[1:], func(a string) bool { return !strings.Contains(line, a) })
		})
	}
	s.expect(ts, neg, "call "+strings.Join(args, " "), holds)
}

// cancelled ID N: exactly N calls took effect on the meeting.
func (s viewer) cancelled(ts *testscript.TestScript, _ bool, args []string) {
	want := number(ts, args[1])
	if want > 0 {
		s.expect(ts, false, "cancellation of "+args[0], func() bool { return s.Meeting.Cancelled(args[0]) >= want })
	}
	if got := s.Meeting.Cancelled(args[0]); got != want {
		ts.Fatalf("meeting %s was cancelled %d times, want %d", args[0], got, want)
	}
}
