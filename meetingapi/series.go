package meetingapi

import (
	"slices"
	"strings"
	"time"
)

// OccurrenceID names one meeting of a series (cycleSubConfID).
type OccurrenceID string

// Series is what makes a meeting recurring.
type Series struct {
	Rule Rule

	// Occurrences are the remaining meetings, by start; the service lists at most 50.
	// They are not known if the service leaves them out, or leaves out the id of any
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
	Cycle              Cycle
	Interval           int    // every so many days, weeks or months
	Points             []int  // days of the week (0 is Sunday) or of the month
	StartDate, EndDate string // YYYY-MM-DD in the zone of TimeZoneID, unlike all other times
	TimeZoneID         string // Huawei's number, such as 56 for Beijing
}

// Remaining returns the occurrences that are not over at now, and whether they are
// known. One without a time doesn't count as over.
func (s *Series) Remaining(now time.Time) (left []Occurrence, known bool) {
	all, known := s.Occurrences.Get()
	for _, o := range all {
		if !o.over(now) {
			left = append(left, o)
		}
	}
	return left, known
}

func (o Occurrence) over(now time.Time) bool {
	if !o.End.IsZero() {
		return !o.End.After(now)
	}
	return !o.Start.IsZero() && o.Start.Before(now)
}

// wireRule is cycleParams.
type wireRule struct {
	StartDate text         `json:"startDate"`
	EndDate   text         `json:"endDate"`
	Cycle     text         `json:"cycle"`
	Interval  number       `json:"interval"`
	Point     list[number] `json:"point"`
}

// wireSubConf is one entry of subConfs.
type wireSubConf struct {
	CycleSubConfID text `json:"cycleSubConfID"`
	StartTime      text `json:"startTime"`
	EndTime        text `json:"endTime"`
}

// kind says whether it is a series. Any sign of a series is enough: a wrong kind of
// DELETE is worse than a needless question. No sign either way doesn't mean that it
// is a single meeting.
func (w wireMeeting) kind() Kind {
	word := strings.ToUpper(string(w.ConfType))
	switch {
	case w.ConferenceType.n == 2, word == "CYCLE", w.CycleParams.v.Cycle != "", len(w.SubConfs.rows) > 0:
		return KindSeries
	case w.ConferenceType.set && w.ConferenceType.n == 0, word == "FUTURE", word == "IMMEDIATELY":
		return KindSingle
	}
	return KindUnknown
}

// series reads what the service says about a series.
func (w wireMeeting) series() *Series {
	s := &Series{Rule: Rule{
		Cycle:      Cycle(w.CycleParams.v.Cycle),
		Interval:   w.CycleParams.v.Interval.n,
		StartDate:  string(w.CycleParams.v.StartDate),
		EndDate:    string(w.CycleParams.v.EndDate),
		TimeZoneID: string(w.TimeZoneID),
	}}
	for _, p := range w.CycleParams.v.Point.rows {
		if p.set {
			s.Rule.Points = append(s.Rule.Points, p.n)
		}
	}
	s.Occurrences = occurrences(w.SubConfs)
	return s
}

func occurrences(subConfs list[wireSubConf]) Optional[[]Occurrence] {
	if !subConfs.set || subConfs.odd > 0 {
		return Optional[[]Occurrence]{}
	}
	var all []Occurrence
	for _, o := range subConfs.rows {
		if o.CycleSubConfID == "" {
			return Optional[[]Occurrence]{}
		}
		all = append(all, Occurrence{OccurrenceID(o.CycleSubConfID), utc(o.StartTime), utc(o.EndTime)})
	}
	slices.SortStableFunc(all, func(a, b Occurrence) int { return a.Start.Compare(b.Start) })
	return Known(all)
}
