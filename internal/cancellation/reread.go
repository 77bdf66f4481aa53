package cancellation

import (
	"slices"
	"time"
)

// MeetingIDs returns the ids of the meetings that can be ticked.
func (b *Batch) MeetingIDs() (ids []string) {
	for _, m := range b.Meetings {
		ids = append(ids, m.ID)
	}
	return ids
}

// Reread returns the batch after one of its meetings was read again, and whether that
// changed anything; found is nil if the meeting no longer exists. Items that no longer
// exist move to LeftOut, with the reason that why has for the date's id, or for "" if the
// item is a whole meeting. Items that have started are marked and unticked. If anything
// ticked has changed, the batch goes back to its first page.
func (b *Batch) Reread(id string, found *Meeting, why map[string]string, at time.Time) (after *Batch, changed bool) {
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
			c.Items = append(c.Items, it.refreshed(*found, at))
		} else {
			c.LeftOut = append(c.LeftOut, LeftOut{Number: was.Number, Subject: was.Subject, Start: b.Start(it), Why: why[it.Date.ID]})
		}
	}
	if !changed {
		return b, false
	}
	return c.OnPage(b.Review && !ticked), true
}

// IsLeft reports whether the item still exists after its meeting was read again; found is
// nil if the meeting no longer exists.
func (it Item) IsLeft(found *Meeting) bool {
	if found == nil || it.Date.ID == "" {
		return found != nil
	}
	_, listed := found.Date(it.Date.ID)
	return listed
}

// refreshed returns an item that still exists, updated from its meeting.
func (it Item) refreshed(found Meeting, at time.Time) Item {
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
