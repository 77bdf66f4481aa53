package cancellation

import (
	"slices"
	"time"
)

// MeetingIDs are the ids of the meetings that can be ticked.
func (b *Batch) MeetingIDs() (ids []string) {
	for _, m := range b.Meetings {
		ids = append(ids, m.ID)
	}
	return ids
}

// Seen is the batch once one of its meetings was read again, and whether that changed
// anything; a nil found is gone. What is gone, wholly or a date of it, is left out for the
// reason under the date's id, which is empty for a meeting; what has started is marked and
// not ticked any more. If anything that was ticked has changed, the batch is on its first
// page again.
func (b *Batch) Seen(id string, found *Meeting, why map[string]string, at time.Time) (after *Batch, changed bool) {
	n := slices.IndexFunc(b.Meetings, func(m Meeting) bool { return m.ID == id })
	if n < 0 || found != nil && b.Meetings[n].Differs(*found) == "" {
		return b, false
	}
	was, c := b.Meetings[n], b.clone()
	c.Meetings, c.LeftOut, c.Items = slices.Clone(b.Meetings), slices.Clone(b.LeftOut), nil
	if found != nil {
		c.Meetings[n] = *found
	}
	ticked := false
	for _, it := range b.Items {
		if it.Meeting != n {
			c.Items = append(c.Items, it)
			continue
		}
		changed, ticked = true, ticked || it.Ticked
		if it.IsLeft(found) {
			c.Items = append(c.Items, it.seen(*found, at))
		} else {
			c.LeftOut = append(c.LeftOut, LeftOut{Number: was.Number, Subject: was.Subject, Start: b.Start(it), Why: why[it.Date.ID]})
		}
	}
	if !changed {
		return b, false
	}
	return c.Turned(b.Review && !ticked), true
}

// IsLeft reports whether the item is still there, once its meeting was read again; a nil
// found is gone.
func (it Item) IsLeft(found *Meeting) bool {
	if found == nil || it.Date.ID == "" {
		return found != nil
	}
	_, listed := found.Date(it.Date.ID)
	return listed
}

// seen is an item that is left, as its meeting is now.
func (it Item) seen(found Meeting, at time.Time) Item {
	now := it
	if it.Date.ID == "" {
		now.Running = found.Running
	} else {
		now.Date, _ = found.Date(it.Date.ID)
		now.Running = it.Date.ID == found.RunningDate(at)
	}
	now.Ticked = it.Ticked && (!now.Running || it.Running)
	return now
}
