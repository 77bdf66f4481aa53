package page

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/meetingsim"
)

// A meetingLine is one meeting of the Meeting service's table.
type meetingLine struct {
	meetingsim.Meeting
	At    time.Time // the start, as the viewer's clock shows it
	State string
	Kind  string
}

// CanStart reports whether people could come in now.
func (m meetingLine) CanStart() bool { return m.Meeting.State == meetingsim.StateScheduled }

// CanEnd reports whether it runs.
func (m meetingLine) CanEnd() bool { return m.Meeting.State == meetingsim.StateRunning }

// meetings is the table, as the service itself knows it.
func (s *Server) meetings(v view) []piece {
	var all []piece
	for _, m := range s.stage.Meetings.Meetings() {
		zone := v.read.Zone
		if zone == nil {
			zone = time.UTC
		}
		line := meetingLine{Meeting: m, At: m.Start.In(zone), State: stateOf(m), Kind: kindOf(m)}
		all = append(all, s.pieceOf("meeting-"+m.ID, "meeting", line, fmt.Appendf(nil, "%v %v %v", m, line.State, line.Kind)))
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
		return "in the room " + m.VMRID
	}
	return ""
}

// A callLine is one request that arrived at the Meeting service.
type callLine struct {
	meetingsim.Entry
	Number  int // in the journal
	At      time.Time
	Removes bool // it asks for something to be removed
}

// Short is the request without what is the same in all of them.
func (c callLine) Short() string {
	text := strings.TrimPrefix(c.Path, "/v1")
	if c.Query != "" {
		text += "?" + c.Query
	}
	return text
}

// Took is how long the answer took, for people.
func (c callLine) Took() time.Duration { return c.Duration.Round(10 * time.Microsecond) }

// shownCalls is how many requests the journal shows.
const shownCalls = 60

// calls is the journal, newest first.
func (s *Server) calls(v view) []piece {
	journal := s.stage.Meetings.Journal()
	zone := v.read.Zone
	if zone == nil {
		zone = time.UTC
	}
	var all []piece
	for i, c := range slices.Backward(journal) {
		if len(journal)-i > shownCalls {
			break
		}
		line := callLine{Entry: c, Number: i, At: c.At.In(zone), Removes: c.Method == "DELETE"}
		all = append(all, s.pieceOf(fmt.Sprintf("call-%d", i), "call", line, fmt.Appendf(nil, "%d %s %t", c.Status, c.Code, c.Effect)))
	}
	return all
}
