package cancellation

import "strings"

// Blank removes people, the subject and people's own words from a finished request. It
// keeps which meeting the request was about, when, and the outcome.
func (r *Request) Blank() {
	r.Asker, r.For, r.Locale, r.ConfirmedBy, r.ClosedBy, r.StoppedBy, r.FoundBy, r.OfferDelegationTo = "", "", "", "", "", "", "", ""
	r.Reason, r.Response = "", ResponseURL{}
	r.Owner.User, r.Owner.Name = "", ""
	r.Meeting.Subject, r.Meeting.OwnerName, r.Meeting.OwnerUUID, r.Meeting.OwnerEmail = "", "", "", ""
	r.Choices = mapSlice(r.Choices, func(c Choice) Choice {
		c.Subject, c.Owner = "", ""
		return c
	})
	r.Channel, r.Card = withoutDirect(r.Channel), blankCard(r.Card)
	r.Copies = mapSlice(r.Copies, blankCard)
	effects := make(map[EffectKind]Effect, len(r.Effects))
	for kind, e := range r.Effects {
		e.Ref = withoutDirect(e.Ref)
		effects[kind] = e
	}
	r.Effects = effects
	r.Batch = r.Batch.blank()
}

// Blanked reports whether r was blanked: every other request has an asker.
func Blanked(r Request) bool { return r.Asker == "" }

// blank returns the batch without people and subjects. The typed command may contain
// both.
func (b *Batch) blank() *Batch {
	if b == nil {
		return nil
	}
	c := b.clone()
	c.Line, c.MoreLine, c.Whose, c.ThreadRef = "", "", "", withoutDirect(b.ThreadRef)
	c.Meetings = mapSlice(b.Meetings, func(m Meeting) Meeting {
		m.Subject, m.OwnerName, m.OwnerUUID, m.OwnerEmail = "", "", "", ""
		return m
	})
	c.LeftOut = mapSlice(b.LeftOut, func(l LeftOut) LeftOut {
		l.Subject = ""
		return l
	})
	c.Owners = mapSlice(b.Owners, func(o Owner) Owner {
		o.UUID, o.Name, o.User, o.Ref = "", "", "", withoutDirect(o.Ref)
		return o
	})
	return c
}

// mapSlice returns a copy with change applied to every element. Copies of a request share
// their slices, so it can't work in place.
func mapSlice[T any](all []T, change func(T) T) []T {
	if all == nil {
		return nil
	}
	changed := make([]T, len(all))
	for i, one := range all {
		changed[i] = change(one)
	}
	return changed
}

func blankCard(c Card) Card {
	c.Channel = withoutDirect(c.Channel)
	return c
}

// withoutDirect returns a channel id, or a reference that starts with one, as it is, but
// empties one of a direct message, because that identifies a person.
func withoutDirect(channel string) string {
	if strings.HasPrefix(channel, "D") {
		return ""
	}
	return channel
}
