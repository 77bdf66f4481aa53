package meetingapi

import (
	"slices"
	"strings"
	"time"

	"meetingbot/meetingapi/internal/wire"
)

// OccurrenceID names one meeting of a series (cycleSubConfID).
type OccurrenceID string

// Series is what makes a meeting recurring.
type Series struct {
	Rule Rule

	// Occurrences are the remaining meetings, by start; the service lists at most 50:
	// see MayHaveMore. They are not known if the service leaves them out, or leaves out the id of any
	// of them: "all remaining" can't be determined then.
	Occurrences Optional[[]Occurrence]
}

// Occurrence is one meeting of a series.
type Occurrence struct {
	ID         OccurrenceID
	Start, End time.Time // UTC; zero if unknown
}

// Cycle is the unit of a Rule.
type Cycle string

// The cycles.
const (
	Daily   Cycle = "Day"
	Weekly  Cycle = "Week"
	Monthly Cycle = "Month"
)

// Rule says when a series repeats. Whatever the service did not say is empty or 0.
type Rule struct {
	Cycle    Cycle
	Interval int    // every so many days, weeks or months
	Points   []int  // days of the week (0 is Sunday) or of the month
	EndDate  string // YYYY-MM-DD in the meeting's own zone, unlike all other times
}

// mostListed is how many dates of a series the service lists.
const mostListed = 50

// MayHaveMore reports whether there may be occurrences that the service doesn't list,
// because it has listed as many as it does.
func (s *Series) MayHaveMore() bool {
	all, _ := s.Occurrences.Get()
	return len(all) >= mostListed
}

// kindOf says whether it is a series. Any sign of a series is enough: a wrong kind of
// DELETE is worse than a needless question. No sign either way doesn't mean that it
// is a single meeting.
func kindOf(w wire.Meeting) Kind {
	word := strings.ToUpper(string(w.ConfType))
	switch {
	case w.ConferenceType.N == 2, word == "CYCLE", w.CycleParams.V.Cycle != "", len(w.SubConfs.Rows) > 0:
		return KindSeries
	case w.ConferenceType.Set && w.ConferenceType.N == 0, word == "FUTURE", word == "IMMEDIATELY":
		return KindSingle
	}
	return KindUnknown
}

func seriesOf(w wire.Meeting) *Series {
	s := &Series{Rule: Rule{
		Cycle:    Cycle(w.CycleParams.V.Cycle),
		Interval: w.CycleParams.V.Interval.N,
		EndDate:  string(w.CycleParams.V.EndDate),
	}}
	for _, p := range w.CycleParams.V.Point.Rows {
		if p.Set {
			s.Rule.Points = append(s.Rule.Points, p.N)
		}
	}
	s.Occurrences = occurrences(w.SubConfs)
	return s
}

// occurrences are the dates of a series, each once. A row that can't be one date, or is
// one at two times, makes all of them uncertain.
func occurrences(subConfs wire.List[wire.Sub]) Optional[[]Occurrence] {
	if !subConfs.Set || subConfs.Odd > 0 {
		return Optional[[]Occurrence]{}
	}
	var all []Occurrence
	seen := map[OccurrenceID]Occurrence{}
	for _, row := range subConfs.Rows {
		o := Occurrence{OccurrenceID(row.CycleSubConfID), row.StartTime.UTC(), row.EndTime.UTC()}
		before, twice := seen[o.ID]
		switch {
		case o.ID == "", twice && before != o:
			return Optional[[]Occurrence]{}
		case !twice:
			seen[o.ID] = o
			all = append(all, o)
		}
	}
	slices.SortStableFunc(all, func(a, b Occurrence) int { return a.Start.Compare(b.Start) })
	return Known(all)
}
