package cancellation

import (
	"slices"
	"time"
)

// Begun is the batch once its parts have ids.
func (b *Batch) Begun(parts []Request) *Batch {
	c := b.clone()
	for i, it := range c.Items {
		for _, p := range parts {
			if it.Ticked && p.Meeting.ID == c.Meetings[it.Meeting].ID {
				c.Items[i].Part, c.Items[i].State = p.ID, p.State
			}
		}
	}
	return c
}

// With is the batch after looking at its parts, and whether that changed anything.
func (b *Batch) With(parts []Request) (after *Batch, news bool) {
	c := b.clone()
	for i, it := range c.Items {
		for _, p := range parts {
			if it.Part == "" || it.Part != p.ID || it.State.Final() && it.Outcome != Unknown {
				continue
			}
			now := it
			now.State, now.Outcome, now.Why, now.Wait = p.State, p.Outcome, p.Why, p.WaitUntil
			if now != it {
				c.Items[i], news = now, true
			}
		}
	}
	c.Undrawn = c.Undrawn || news
	return c, news
}

// Feed marks parts to pass to the step that calls, so that at most a given number are
// in progress, and returns their ids.
func (b *Batch) Feed(atOnce int) (after *Batch, next []ID) {
	c := b.clone()
	under := map[ID]bool{}
	for _, it := range c.Items {
		if it.Fed && !it.State.Final() {
			under[it.Part] = true
		}
	}
	for _, it := range c.Items {
		if it.Part == "" || it.Fed || it.State.Final() || slices.Contains(next, it.Part) || len(under)+len(next) >= atOnce {
			continue
		}
		next = append(next, it.Part)
	}
	for i, it := range c.Items {
		c.Items[i].Fed = it.Fed || slices.Contains(next, it.Part)
	}
	return c, next
}

// PausedUntil is the batch while the service's rate lets none of the rest begin until then,
// and nothing else is under way, and whether that is news; a zero time ends that.
func (b *Batch) PausedUntil(until time.Time) (after *Batch, news bool) {
	if t := b.Tally(); t.Unfed == 0 || t.Unfed+t.Final < t.All {
		until = time.Time{}
	}
	if until.Sub(b.Paused).Abs() < time.Second { // the same, seen in another answer
		return b, false
	}
	c := b.clone()
	c.Paused, c.Undrawn = until, true
	return c, true
}

// MustKnow reports whether an owner is to be told: that a meeting of theirs was removed,
// or may have been, or that somebody whom they let has confirmed.
func (b *Batch) MustKnow(o Owner) bool {
	return o.By != "" || slices.ContainsFunc(b.Items, func(it Item) bool {
		return it.Part != "" && b.Meetings[it.Meeting].OwnerUUID == o.UUID && it.Outcome.Removed()
	})
}

// Told is the batch after an owner was told, or could not be. What was told in a
// later round stays.
func (b *Batch) Told(o Owner) *Batch {
	c := b.clone()
	for i, known := range c.Owners {
		if known.UUID == o.UUID && known.Round <= o.Round {
			c.Owners[i] = o
		}
	}
	return c
}
