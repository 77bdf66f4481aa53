package world

import (
	"fmt"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"meetingbot/internal/meetingsim"
)

// invite sets a meeting's invitees and whether the service notifies them.
func (s services) invite(ts *testscript.TestScript, m *meetingsim.Meeting, o map[string]string) {
	if o["invited"] != "" {
		m.Invitees = s.invitees(ts, o["invited"])
	}
	switch o["notify"] {
	case "yes":
		m.Notify = &meetingsim.Notify{Mail: true}
	case "no":
		m.Notify = &meetingsim.Notify{}
	}
}

// invitees parses a list: @bob for a person of this world, an address, room:NAME for a room
// system, tel:NUMBER for a telephone, name:NAME for a person without an address, and N*ADDRESS
// for N people elsewhere.
func (s services) invitees(ts *testscript.TestScript, list string) (all []meetingsim.Invitee) {
	for word := range strings.SplitSeq(list, ",") {
		kind, rest, _ := strings.Cut(word, ":")
		n, address, many := strings.Cut(word, "*")
		switch {
		case strings.HasPrefix(word, "@"):
			all = append(all, s.invitee(ts, word))
		case kind == "room":
			all = append(all, meetingsim.Invitee{Name: rest, Email: rest + "@rooms.example", Type: "terminal"})
		case kind == "tel":
			all = append(all, meetingsim.Invitee{Name: rest, Phone: rest, Type: "mobile"})
		case kind == "name":
			all = append(all, meetingsim.Invitee{Name: rest, Type: "outside"})
		case many:
			for i := range number(ts, n) {
				all = append(all, meetingsim.Invitee{Name: fmt.Sprintf("Person %d", i), Email: fmt.Sprintf("p%d.%s", i, address), Type: "outside"})
			}
		default:
			all = append(all, meetingsim.Invitee{Name: word, Email: word, Type: "outside"})
		}
	}
	return all
}

// invitee returns a person of this world as an invitee of the meeting service.
func (s services) invitee(ts *testscript.TestScript, name string) meetingsim.Invitee {
	who(ts, name)
	bare := strings.TrimPrefix(name, "@")
	for _, u := range s.Slack.Users() {
		if u.Name == bare {
			return meetingsim.Invitee{Name: u.RealName, Email: u.Email, UserUUID: "uuid-" + bare, Account: bare + "@corp"}
		}
	}
	ts.Fatalf("no person is called %s", name)
	return meetingsim.Invitee{}
}
