package meetingapi

import (
	"slices"
	"strings"
	"time"

	"meetingbot/meetingapi/internal/wire"
)

// OccurrenceID identifies one meeting of a series (cycleSubConfID).
type OccurrenceID string

// Series describes how a meeting recurs.
type Series struct {
	Rule Rule

	// Occurrences are the remaining meetings, by start. The service lists at most 50;
	// see MayHaveMore. They are not known if the service leaves them out, or leaves out
	// the id of any of them.
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

// Rule says when a series repeats. Fields that the service leaves out are empty or 0.
type Rule struct {
	Cycle    Cycle
	Interval int    // in days, weeks or months
	Points   []int  // days of the week (0 is Sunday) or of the month
	EndDate  string // YYYY-MM-DD in the meeting's own zone, unlike all other times
}

// maxListed is how many occurrences of a series the service lists at most.
const maxListed = 50

// MayHaveMore reports whether the series may have more occurrences than Occurrences,
// because the service has listed its maximum.
func (s *Series) MayHaveMore() bool {
	all, _ := s.Occurrences.Get()
	return len(all) >= maxListed
}

// kindOf returns whether w is a series. Any sign of a series is enough, because the
// wrong kind of DELETE is worse than a needless question. Without any sign, the kind is
// unknown.
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

// occurrences returns the distinct occurrences of a series. A row without an id, or two
// rows with the same id but different times, make them unknown.
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
