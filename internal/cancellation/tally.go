package cancellation

import "time"

// A Tally counts the items of a batch that have become parts.
type Tally struct {
	All       int // items that were confirmed
	Final     int // in a final state, Unknown included
	Cancelled int // removed, including Ended
	Ended     int
	Gone      int
	Failed    int // refused or failed: the meeting is unchanged
	Stopped   int
	Unknown   int
	Waiting   int       // neither started nor final
	Wait      time.Time // the longest that the service makes one of them wait
	WaitWhy   string    // why that one waits
}

// Tally counts how far the batch has got.
func (b *Batch) Tally() (t Tally) {
	for _, it := range b.Items {
		if it.Part == "" {
			continue
		}
		t.All++
		if !it.State.Final() {
			if it.Wait.After(t.Wait) {
				t.Wait, t.WaitWhy = it.Wait, it.Why
			}
			if !it.Started {
				t.Waiting++
			}
			continue
		}
		t.Final++
		switch {
		case it.State == Declined:
			t.Stopped++
		case it.Outcome.Removed():
			t.Cancelled++
			if it.Outcome == Ended {
				t.Ended++
			}
		case it.Outcome == Gone:
			t.Gone++
		case it.Outcome == Unknown:
			t.Unknown++
		default:
			t.Failed++
		}
	}
	return t
}

// Outcome returns the outcome of a batch whose items are all final.
func (t Tally) Outcome() Outcome {
	switch {
	case t.Unknown > 0:
		return Unknown
	case t.Cancelled > 0 && t.Ended == t.Cancelled:
		return Ended
	case t.Cancelled > 0:
		return Cancelled
	case t.Gone > 0 && t.Failed == 0:
		return Gone
	}
	return Failed
}
