package cancellation

import (
	"slices"
	"time"
)

// WithPartIDs returns the batch once its parts have ids.
func (b *Batch) WithPartIDs(parts []Request) *Batch {
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

// WithParts returns the batch with the current state of its parts, and whether anything changed.
func (b *Batch) WithParts(parts []Request) (after *Batch, changed bool) {
	c := b.clone()
	for i, it := range c.Items {
		for _, p := range parts {
			if it.Part == "" || it.Part != p.ID || it.State.Final() && it.Outcome != Unknown {
				continue
			}
			now := it
			now.State, now.Outcome, now.Why, now.Wait = p.State, p.Outcome, p.Why, p.WaitUntil
			if now != it {
				c.Items[i], changed = now, true
			}
		}
	}
	c.Undrawn = c.Undrawn || changed
	return c, changed
}

// InDoubt reports whether the item was left alone, by a person or by the bot, while another card
// may have removed its meeting.
func (it Item) InDoubt() bool { return it.State.Final() && it.Why == WhyInDoubt }

// StartNext marks parts to pass to the step that makes the call, so that at most the given
// number are in progress, and returns their ids.
func (b *Batch) StartNext(atOnce int) (after *Batch, next []ID) {
	c := b.clone()
	inProgress := map[ID]bool{}
	for _, it := range c.Items {
		if it.Started && !it.State.Final() {
			inProgress[it.Part] = true
		}
	}
	for _, it := range c.Items {
		if it.Part == "" || it.Started || it.State.Final() || slices.Contains(next, it.Part) || len(inProgress)+len(next) >= atOnce {
			continue
		}
		next = append(next, it.Part)
	}
	for i, it := range c.Items {
		c.Items[i].Started = it.Started || slices.Contains(next, it.Part)
	}
	return c, next
}

// PausedUntil returns the batch paused until the given time because of the service's rate
// limit, and whether that changed anything. It counts as paused only if parts are left to
// begin and none is in progress; a zero time ends the pause.
func (b *Batch) PausedUntil(until time.Time) (after *Batch, changed bool) {
	if t := b.Tally(); t.Waiting == 0 || t.Waiting+t.Final < t.All {
		until = time.Time{}
	}
	if until.Sub(b.Paused).Abs() < time.Second { // the same pause, computed from another answer
		return b, false
	}
	c := b.clone()
	c.Paused, c.Undrawn = until, true
	return c, true
}

// MustKnow reports whether an owner must be told: if a meeting of theirs was removed, or
// if the confirmation used a delegation of theirs.
func (b *Batch) MustKnow(o Owner) bool {
	return o.By != "" || slices.ContainsFunc(b.Items, func(it Item) bool {
		return it.Part != "" && b.Meetings[it.Meeting].OwnerUUID == o.UUID && it.Outcome.Removed()
	})
}

// Told returns the batch after an owner was told, or could not be. A later round's result
// is kept.
func (b *Batch) Told(o Owner) *Batch {
	c := b.clone()
	for i, known := range c.Owners {
		if known.UUID == o.UUID && known.Round <= o.Round {
			c.Owners[i] = o
		}
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
