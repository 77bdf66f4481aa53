package page

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetingbot/internal/meetingsim"
)

// A meetingLine is one row of the Meeting service's table.
type meetingLine struct {
	meetingsim.Meeting
	At    string // the start, in the viewer's time zone
	State string
	Kind  string
}

// CanStart reports whether the meeting can be started.
func (m meetingLine) CanStart() bool { return m.Meeting.State == meetingsim.StateScheduled }

// CanEnd reports whether the meeting is running.
func (m meetingLine) CanEnd() bool { return m.Meeting.State == meetingsim.StateRunning }

// meetings returns the table's pieces from the service's own state.
func (s *Server) meetings(v view) []piece {
	var all []piece
	for _, m := range s.stage.Meetings.Meetings() {
		clock := strings.ReplaceAll(v.read.Clock(m.Start), " ", "\u00a0") // a line of its own rather than half of it
		line := meetingLine{Meeting: m, At: m.Start.In(v.zone()).Format("Mon 2 Jan ") + clock, State: stateOf(m), Kind: kindOf(m)}
		all = append(all, s.pieceOf("meeting-"+m.ID, "meeting", line, m.Subject, m.OwnerName, m.State, line.At, line.State, line.Kind))
	}
	return all
}

func stateOf(m meetingsim.Meeting) string {
	switch m.State {
	case meetingsim.StateRunning:
		return fmt.Sprintf("running, %d in it", m.People)
	case meetingsim.StateEnded:
		return "ended"
	case meetingsim.StateCancelled:
		return "cancelled"
	case meetingsim.StateCreating:
		return "starting"
	}
	return "planned"
}

func kindOf(m meetingsim.Meeting) string {
	switch {
	case m.Series != nil:
		return fmt.Sprintf("series, %d dates left", len(m.Series.Occurrences))
	case m.VMRID != "":
		return "in room " + m.VMRID
	}
	return ""
}

// A callLine is one request that the Meeting service received.
type callLine struct {
	meetingsim.Entry
	Number  int // in the journal
	At      time.Time
	Removes bool // it is a DELETE
}

// Short returns the request without the parts that all requests share.
func (c callLine) Short() string {
	text := strings.TrimPrefix(c.Path, "/v1")
	if c.Query != "" {
		text += "?" + c.Query
	}
	return text
}

// Answer describes the answer.
func (c callLine) Answer() string {
	switch {
	case c.Lost:
		return "answer lost"
	case c.Status == 0:
		return "no answer yet"
	}
	return strconv.Itoa(c.Status)
}

// Took returns how long the answer took, rounded for people.
func (c callLine) Took() time.Duration { return c.Duration.Round(10 * time.Microsecond) }

// shownCalls is how many requests the journal shows.
const shownCalls = 60

// calls returns the journal's pieces, newest first.
func (s *Server) calls(v view) []piece {
	journal := s.stage.Meetings.Journal()
	var all []piece
	for i, c := range slices.Backward(journal) {
		if len(journal)-i > shownCalls {
			break
		}
		line := callLine{Entry: c, Number: i, At: c.At.In(v.zone()), Removes: c.Method == "DELETE"}
		all = append(all, s.pieceOf(fmt.Sprintf("call-%d", i), "call", line, c.Status, c.Code, c.Effect, c.Lost))
	}
	return all
}
