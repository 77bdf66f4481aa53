package meetingapi

import (
	"slices"
	"strings"
	"time"
)

// OccurrenceID names one meeting of a series (cycleSubConfID).
type OccurrenceID string

// Series is what makes a meeting a recurring one.
type Series struct {
	Rule        Rule
	Occurrences []Occurrence // by start; the service lists at most 50
}

// Occurrence is one meeting of a series.
type Occurrence struct {
	ID         OccurrenceID
	Start, End time.Time // UTC
}

// Cycle is the unit of a Rule.
type Cycle string

// The cycles.
const (
	Daily   Cycle = "Day"
	Weekly  Cycle = "Week"
	Monthly Cycle = "Month"
)

// Rule says when a series repeats.
type Rule struct {
	Cycle              Cycle  // may be empty if the service did not say
	Interval           int    // every so many days, weeks or months
	Points             []int  // days of the week (0 is Sunday) or of the month
	StartDate, EndDate string // YYYY-MM-DD in the zone of TimeZoneID, unlike every other time
	TimeZoneID         string // Huawei's number, such as 56 for Beijing
}

// Remaining returns the occurrences that are not over at now.
func (s *Series) Remaining(now time.Time) []Occurrence {
	var left []Occurrence
	for _, o := range s.Occurrences {
		if o.End.After(now) || (o.End.IsZero() && !o.Start.Before(now)) {
			left = append(left, o)
		}
	}
	return left
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

// series returns nil for a single meeting. Any one sign makes it a series: the
// wrong kind of DELETE is worse than a needless question.
func (w wireMeeting) series() *Series {
	s := &Series{Rule: Rule{
		Cycle:      Cycle(w.CycleParams.v.Cycle),
		Interval:   w.CycleParams.v.Interval.n,
		StartDate:  string(w.CycleParams.v.StartDate),
		EndDate:    string(w.CycleParams.v.EndDate),
		TimeZoneID: string(w.TimeZoneID),
	}}
	for _, p := range w.CycleParams.v.Point {
		if p.set {
			s.Rule.Points = append(s.Rule.Points, p.n)
		}
	}
	for _, o := range w.SubConfs {
		if o.CycleSubConfID != "" {
			s.Occurrences = append(s.Occurrences, Occurrence{OccurrenceID(o.CycleSubConfID), utc(o.StartTime), utc(o.EndTime)})
		}
	}
	if w.ConferenceType.n != 2 && !strings.EqualFold(string(w.ConfType), "CYCLE") && s.Rule.Cycle == "" && len(s.Occurrences) == 0 {
		return nil
	}
	slices.SortStableFunc(s.Occurrences, func(a, b Occurrence) int { return a.Start.Compare(b.Start) })
	return s
}
