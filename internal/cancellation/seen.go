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
// anything. What is gone, wholly or a date of it, is left out for the reason under the
// date's id, which is empty for a meeting; what has started is marked and not ticked any
// more. If anything that was ticked has changed, the batch is on its first page again.
func (b *Batch) Seen(id string, found Meeting, gone bool, why map[string]string, at time.Time) (after *Batch, changed bool) {
	n := slices.IndexFunc(b.Meetings, func(m Meeting) bool { return m.ID == id })
	if n < 0 || !gone && b.Meetings[n].Differs(found) == "" {
		return b, false
	}
	c := b.clone()
	c.Meetings, c.LeftOut, c.Items = slices.Clone(b.Meetings), slices.Clone(b.LeftOut), nil
	if !gone {
		c.Meetings[n] = found
	}
	running, ticked := found.RunningDate(at), false
	for _, it := range b.Items {
		if it.Meeting != n {
			c.Items = append(c.Items, it)
			continue
		}
		now, left := it, !gone
		if it.Date.ID == "" {
			now.Running = found.Running
		} else if left {
			now.Date, left = found.date(it.Date.ID)
			now.Running = it.Date.ID == running
		}
		changed, ticked = true, ticked || it.Ticked
		if !left {
			m := b.Meetings[n]
			c.LeftOut = append(c.LeftOut, LeftOut{Number: m.Number, Subject: m.Subject, Start: b.Start(it), Why: why[it.Date.ID]})
			continue
		}
		now.Ticked = it.Ticked && (!now.Running || it.Running)
		c.Items = append(c.Items, now)
	}
	if !changed {
		return b, false
	}
	return c.Turned(b.Review && !ticked), true
}
