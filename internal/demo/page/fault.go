package page

import (
	"net/http"
	"slices"
	"time"

	"meetingbot/internal/demo/stage"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
)

// A fault is something a person can make go wrong.
type fault struct {
	ID, Name, About string
	Meeting         []meetingsim.Fault  // stays on until it is turned off
	Once            func(*Server) error // happens once; nil if the fault stays on
}

// A faultLine is a fault with its current state.
type faultLine struct {
	fault
	Armed bool
}

// Lasts reports whether the fault stays on until it is turned off.
func (f faultLine) Lasts() bool { return len(f.Meeting) > 0 }

// removals returns f for each operation that cancels something.
func removals(f meetingsim.Fault) []meetingsim.Fault {
	var all []meetingsim.Fault
	for _, operation := range meetingsim.Removals {
		f.Operation = operation
		all = append(all, f)
	}
	return all
}

// faultList returns the faults in display order.
func faultList() []fault {
	const slow, lost = 1500 * time.Millisecond, 3
	return []fault{
		{
			ID: "slow", Name: "Meeting service slow", About: "Every call takes 1.5 s longer.",
			Meeting: []meetingsim.Fault{{Kind: meetingsim.FaultSlow, Delay: slow}},
		},
		{
			ID: "silent", Name: "Meeting service silent", About: "Cancellations are neither done nor answered.",
			Meeting: removals(meetingsim.Fault{Kind: meetingsim.FaultHang}),
		},
		{
			ID: "refusing", Name: "Meeting service refusing", About: "Cancellations are refused: no permission.",
			Meeting: removals(meetingsim.Fault{Kind: meetingsim.FaultError, Status: http.StatusForbidden, Code: "MMC.111070002"}),
		},
		{
			ID: "acted", Name: "Answer lost after it acted", About: "Cancellations are done, but the connection is cut before the answer.",
			Meeting: removals(meetingsim.Fault{Kind: meetingsim.FaultReset, After: true}),
		},
		{
			ID: "limited", Name: "Slack rate-limited", About: "The next three calls to Slack are told to wait a second.",
			Once: func(s *Server) error {
				s.stage.Slack.Fault(slacksim.Fault{Kind: slacksim.FaultRateLimit, RetryAfter: 1, Times: lost})
				return nil
			},
		},
		{
			ID: "dropped", Name: "Drop a socket", About: "One of the bot's two connections to Slack is reset.",
			Once: func(s *Server) error { s.stage.Slack.DropSocket(slacksim.DropRST); return nil },
		},
		{
			ID: "kill", Name: "Kill the bot now", About: "kill -9, then a new process on the same database.",
			Once: func(s *Server) error { return s.stage.Bot.Kill() },
		},
		{
			ID: "trap", Name: "Kill the bot at the DELETE", About: "The next cancellation is done, but the bot is killed before it gets the answer.",
			Once: (*Server).arm,
		},
	}
}

// armed reports whether a lasting fault is on.
func (f fault) armed(now []meetingsim.Fault) bool {
	return len(f.Meeting) > 0 && slices.Contains(now, f.Meeting[0])
}

// faults returns a piece for each fault.
func (s *Server) faults() []piece {
	now := s.stage.Meetings.Faults()
	var all []piece
	for _, f := range faultList() {
		line := faultLine{fault: f, Armed: f.armed(now) || f.ID == "trap" && s.isArmed()}
		all = append(all, s.pieceOf("fault-"+f.ID, "fault", line, line.Armed))
	}
	return all
}

// toggleFault injects a fault, or turns it off if it is on.
func (s *Server) toggleFault(f fault) error {
	if f.Once != nil {
		return f.Once(s)
	}
	m := s.stage.Meetings
	before := m.Faults()
	m.ClearFaults()
	for _, other := range faultList() {
		if other.ID != f.ID && other.armed(before) || other.ID == f.ID && !f.armed(before) {
			for _, part := range other.Meeting {
				m.Fault(part)
			}
		}
	}
	return nil
}

// clear turns all faults off.
func (s *Server) clear() {
	s.disarm()
	s.stage.Meetings.ClearFaults()
	s.stage.Slack.ClearFaults()
}

// A botLine is the bot's status for its template.
type botLine struct {
	stage.Status
	Sockets int
}

// bot returns a piece with the status of the bot's process.
func (s *Server) bot() []piece {
	line := botLine{s.stage.Bot.Status(), s.stage.Slack.Connections()}
	return []piece{s.pieceOf("bot-status", "bot", line, line.PID, line.Sockets, line.Running)}
}
