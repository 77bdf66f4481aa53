package cancellation

import (
	"cmp"
	"slices"
	"time"
)

// A Batch is the content of a card with several meetings. Each confirmed meeting becomes
// a request of its own, a part, whose Parent is the card's request; the card's state
// follows from its parts. A stored Batch is never changed: methods return a changed copy.
type Batch struct {
	Line  string `json:"line,omitempty"`  // the command that asks for the same again
	Whose string `json:"whose,omitempty"` // Slack user id or e-mail address of the person whose meetings these are; empty for the asker, or for numbers
	Days  string `json:"days,omitempty"`  // the days asked for, in the asker's time zone; empty for numbers

	Meetings []Meeting `json:"meetings,omitempty"` // the items' meetings, each once
	Items    []Item    `json:"items,omitempty"`    // what can be ticked, in the card's order
	LeftOut  []LeftOut `json:"left_out,omitempty"` // what the asker may not cancel, or the bot can't
	More     int       `json:"more,omitempty"`     // meetings left for a further card
	MoreLine string    `json:"more_line,omitempty"`
	Partial  bool      `json:"partial,omitempty"` // some meetings could not be read

	Review   bool          `json:"review,omitempty"`   // the card shows its second page
	Revision int           `json:"revision,omitempty"` // counts the pages shown
	Takes    time.Duration `json:"takes,omitempty"`    // how long it will probably take
	Owners   []Owner       `json:"owners,omitempty"`   // of the ticked items, each once

	Undrawn   bool      `json:"undrawn,omitempty"`    // the card does not show the latest progress
	DrawnAt   time.Time `json:"drawn_at,omitzero"`    // when progress was last drawn
	Paused    time.Time `json:"paused,omitzero"`      // until when the service's rate limit holds back the rest
	Round     int       `json:"round,omitempty"`      // how often outcomes were reported: unknown ones may settle later
	ThreadRef string    `json:"thread_ref,omitempty"` // the reply: channel and ts
}

// An Item is one line of the card: a meeting, or one date of a series.
type Item struct {
	Meeting int           `json:"meeting"` // index in Batch.Meetings
	Date    OccurrenceRef `json:"date,omitzero"`
	Running bool          `json:"running,omitempty"` // cancelling it ends it
	Ticked  bool          `json:"ticked,omitempty"`

	Part    ID        `json:"part,omitempty"`
	Started bool      `json:"fed,omitempty"` // the part was passed to the step that makes the call
	State   State     `json:"state,omitempty"`
	Outcome Outcome   `json:"outcome,omitempty"`
	Why     string    `json:"why,omitempty"`
	Wait    time.Time `json:"wait,omitzero"`    // until when the service makes it wait
	InWave  bool      `json:"in_lot,omitempty"` // the people invited to it are on a list of people to tell
}

// A LeftOut is a meeting that the card lists but doesn't offer.
type LeftOut struct {
	Number  string    `json:"number"`
	Subject string    `json:"subject,omitempty"` // empty if the asker may not see it
	Start   time.Time `json:"start,omitzero"`
	Why     string    `json:"why"` // a code of our own, which the view puts into words
}

// Reasons in LeftOut.Why for a meeting that disappeared while the card was open, other
// than being removed outside the bot.
const (
	LeftOtherCard = "other_card" // it was removed from another card
	LeftEnded     = "ended"      // it is over
)

// An Owner is a person whose meetings a batch removes, and whether they were told.
type Owner struct {
	UUID   string       `json:"uuid,omitempty"`
	Name   string       `json:"name,omitempty"`
	User   string       `json:"user,omitempty"` // Slack user id; empty if not found or not looked up yet
	By     ID           `json:"by,omitempty"`   // the delegation that allowed the confirmation; empty if another right did
	Result NoticeResult `json:"result,omitempty"`
	Ref    string       `json:"ref,omitempty"`   // the message: channel and ts
	Round  int          `json:"round,omitempty"` // the last round they were told about
}

// clone returns a copy with its own lists.
func (b *Batch) clone() *Batch {
	c := *b
	c.Items, c.Owners = slices.Clone(b.Items), slices.Clone(b.Owners)
	return &c
}

// Where returns the positions of the items that match.
func (b *Batch) Where(match func(Item) bool) (items []int) {
	for i, it := range b.Items {
		if match(it) {
			items = append(items, i)
		}
	}
	return items
}

// All returns the positions of all items.
func (b *Batch) All() []int { return b.Where(func(Item) bool { return true }) }

// Ticked returns the positions of the ticked items.
func (b *Batch) Ticked() []int { return b.Where(func(it Item) bool { return it.Ticked }) }

// Start returns when an item begins.
func (b *Batch) Start(it Item) time.Time {
	if it.Date.ID != "" {
		return it.Date.Start
	}
	return b.Meetings[it.Meeting].Start
}

// WithTicks returns the same page of the batch with exactly these items ticked.
func (b *Batch) WithTicks(ticked []int) *Batch {
	c := b.clone()
	for i := range c.Items {
		c.Items[i].Ticked = slices.Contains(ticked, i)
	}
	return c
}

// WithoutIdle returns the batch without meetings that have no item.
func (b *Batch) WithoutIdle() *Batch {
	c, at := b.clone(), map[int]int{}
	c.Meetings = nil
	for i, it := range c.Items {
		n, known := at[it.Meeting]
		if !known {
			n = len(c.Meetings)
			at[it.Meeting], c.Meetings = n, append(c.Meetings, b.Meetings[it.Meeting])
		}
		c.Items[i].Meeting = n
	}
	return c
}

// WithTicksOnly returns the batch without unticked items.
func (b *Batch) WithTicksOnly() *Batch {
	c := b.clone()
	c.Items = slices.DeleteFunc(c.Items, func(it Item) bool { return !it.Ticked })
	return c
}

// OnPage returns the batch on its second page, or back on its first.
func (b *Batch) OnPage(review bool) *Batch {
	c := b.clone()
	c.Review = review
	c.Revision++
	return c
}

// WithOwners returns the batch with the owners of the ticked items.
func (b *Batch) WithOwners(all []Owner) *Batch {
	c := b.clone()
	c.Owners = slices.Clone(all)
	return c
}

// Reset returns the batch ready to be asked about again, as if nothing had been done yet.
func (b *Batch) Reset() *Batch {
	c := b.OnPage(false)
	c.Undrawn, c.DrawnAt, c.Paused, c.Round, c.ThreadRef = false, time.Time{}, time.Time{}, 0, ""
	c.Owners = nil // looked up again for the items ticked then
	for i, it := range c.Items {
		c.Items[i] = Item{Meeting: it.Meeting, Date: it.Date, Running: it.Running, Ticked: it.Ticked}
	}
	return c
}

// TickedOwners lists the owners of the ticked items, each once, in order.
func (b *Batch) TickedOwners() (all []Owner) {
	for _, i := range b.Ticked() {
		m := b.Meetings[b.Items[i].Meeting]
		if !slices.ContainsFunc(all, func(o Owner) bool { return o.UUID == m.OwnerUUID }) {
			all = append(all, Owner{UUID: m.OwnerUUID, Name: m.OwnerName})
		}
	}
	return all
}

// PartOf returns r as if it were about one of its items alone.
func PartOf(r Request, it Item) Request {
	r.Meeting, r.Scope = r.Batch.Meetings[it.Meeting], Whole
	if it.Date.ID != "" {
		r.Scope, r.Chosen = Occurrence, []string{it.Date.ID}
	}
	r.Batch = nil
	return r
}

// Parts returns the requests that r's ticked items become once confirmed: one per
// meeting, with the dates of a series together. They take over r's confirmation and have
// no card and no id yet.
func (r *Request) Parts() []Request {
	return parts(r, func(it Item) bool { return it.Ticked })
}

// Rest returns the parts of r that have not begun.
func Rest(r *Request) []Request {
	return parts(r, func(it Item) bool { return it.Ticked && !it.Started })
}

// parts returns one request per meeting, made of the items of r that match.
func parts(r *Request, match func(Item) bool) (all []Request) {
	b := r.Batch
	for n, m := range b.Meetings {
		p := Request{
			State: Confirmed, Parent: r.ID, Team: r.Team, Asker: r.Asker, Channel: r.Channel, Thread: r.Thread, Card: r.Card,
			As: r.As, Number: cmp.Or(m.Number, m.ID), End: r.End, Scope: Whole, Reason: r.Reason,
			CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, Meeting: m,
			ConfirmedBy: r.ConfirmedBy, ConfirmedAt: r.ConfirmedAt, UndoUntil: r.UndoUntil, StoppedBy: r.StoppedBy,
		}
		matched := false
		for _, it := range b.Items {
			if it.Meeting != n || !match(it) {
				continue
			}
			matched = true
			p.End = p.End || it.Running
			if it.Date.ID != "" {
				p.Scope, p.Chosen = Occurrence, append(p.Chosen, it.Date.ID)
			}
		}
		for _, o := range b.Owners {
			if o.UUID == m.OwnerUUID {
				p.Owner, p.Delegation = Notice{User: o.User, Name: m.OwnerName}, o.By
			}
		}
		p.Telling.Wanted = r.Telling.Wanted && (!m.InvitedKnown || m.Invited > 0)
		if matched {
			all = append(all, p)
		}
	}
	return all
}
