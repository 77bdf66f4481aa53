package cancellation

import (
	"slices"
	"time"
)

// TellInvited says whether people who were invited to a cancelled meeting get a
// direct message.
type TellInvited string

// The values of TELL_INVITED. The zero TellInvited means TellNever.
const (
	TellNever  TellInvited = "never"
	TellAsk    TellInvited = "ask" // a box on the card decides
	TellAlways TellInvited = "always"
)

// A Telling says whether invited people get a message, and how many did. It holds
// only numbers.
type Telling struct {
	Wanted bool       `json:"wanted,omitempty"` // by the box, or by the operator's rule
	Result TellResult `json:"result,omitempty"`
	People int        `json:"people,omitempty"` // how many were invited
	Told   int        `json:"told,omitempty"`   // how many of them got a message for invited people
	Knew   int        `json:"knew,omitempty"`   // how many need none: they did it, or got another message about it

	// A card with several meetings merges the people invited to those that were removed
	// into one list. Waves counts the lists. More says that another may follow, because a
	// meeting's outcome is still unknown.
	Waves int  `json:"lots,omitempty"`
	More  bool `json:"more,omitempty"`
}

// A TellResult is the outcome of telling invited people.
type TellResult string

// The results. The zero value means not tried yet, or in progress.
const (
	TellDone   TellResult = "done"
	TellUnread TellResult = "unread" // the list of invited people could not be read
)

// WithWave returns the batch after the people invited to the given parts have been merged
// into one list.
func (b *Batch) WithWave(parts []ID) *Batch {
	c := b.clone()
	for i, it := range c.Items {
		c.Items[i].InWave = it.InWave || slices.Contains(parts, it.Part)
	}
	return c
}

// Part returns one of a part's items; all of them have the same outcome.
func (b *Batch) Part(id ID) (Item, bool) {
	for _, it := range b.Items {
		if it.Part == id {
			return it, true
		}
	}
	return Item{}, false
}

// Over reports whether everything the request is about lies in the past at the given
// time. If a time is unknown, it doesn't.
func (r *Request) Over(at time.Time) bool {
	all := spans(*r)
	return len(all) > 0 && !slices.ContainsFunc(all, func(o OccurrenceRef) bool { return !passed(o.Start, o.End, at) })
}

// EndKnown reports whether the service gave an end for everything r is about. Where it
// didn't, [Request.Over] goes by the start.
func EndKnown(r Request) bool {
	return !slices.ContainsFunc(spans(r), func(o OccurrenceRef) bool { return !o.End.After(o.Start) })
}

// spans returns the times of the meeting, or of its dates that r is about.
func spans(r Request) []OccurrenceRef {
	if !r.Meeting.Recurring {
		return []OccurrenceRef{{Start: r.Meeting.Start, End: r.Meeting.End}}
	}
	return Dates(r)
}

// Dates returns the occurrences of the series, or only the chosen ones.
func Dates(r Request) (all []OccurrenceRef) {
	for _, o := range r.Meeting.Occurrences {
		if r.Scope != Occurrence || slices.Contains(r.Chosen, o.ID) {
			all = append(all, o)
		}
	}
	return all
}

func passed(start, end, at time.Time) bool {
	if end.Before(start) {
		end = start
	}
	return !end.IsZero() && !at.Before(end)
}
