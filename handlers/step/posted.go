package step

import (
	"cmp"
	"context"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// DMOnce sends a person a message, unless an earlier run has sent it since a given time.
func (d *Deps) DMOnce(ctx context.Context, run *jobs.Run, to bot.UserID, m bot.Message, id cancellation.ID, kind cancellation.EffectKind, since time.Time) (bot.MessageRef, error) {
	if run.Attempt > 0 {
		if c, found, err := d.Board.Find(ctx, card.Direct(to), id, kind, since); found || err != nil {
			return card.RefOf(c), err
		}
	}
	return d.Board.DM(ctx, to, card.Mark(m, id, kind))
}

// FindByClick returns where a request's card is, as revealed by a click on it, and rereads the
// request. It is for cards that a search did not find. The result is zero if nobody has
// clicked.
//
// The bot may not be allowed to search. Even if it is, a click may have let another request
// take over the card and mark it as its own, so that a search for this one misses it. The
// envelope that started the request doesn't count: the message that a shortcut was used on
// isn't the card.
func (d *Deps) FindByClick(ctx context.Context, r *store.Request) (cancellation.Card, error) {
	// Pending clicks first: one that is handled in between shows in the request read after.
	clicks, err := d.Store.Envelopes.PendingOn(ctx, r.ID)
	if err != nil {
		return cancellation.Card{}, err
	}
	latest, err := d.Store.Requests.Get(ctx, r.ID)
	if err != nil {
		return cancellation.Card{}, err
	}
	if *r = latest; r.Card.TS != "" {
		return r.Card, nil
	}
	for _, e := range clicks {
		in, err := decode(e)
		if err != nil {
			return cancellation.Card{}, err
		}
		if in.Request != r.ID || !in.OnCard() || card.IsCopy(r.Request, in.Message) {
			continue
		}
		in.Reveal(&r.Request)
		return r.Card, nil
	}
	return cancellation.Card{}, nil
}

// Reveal copies into r what only a click reveals: where a card is that was posted through a
// response_url, and a fresh response_url.
func (in *Envelope) Reveal(r *cancellation.Request) {
	if in.takesPlaceOf(*r) {
		pressed := func(c cancellation.Card) bool { return card.RefOf(c) == in.Message }
		r.Copies = append(slices.DeleteFunc(slices.Clone(r.Copies), pressed), r.Card)
		r.Card.TS = in.Message.TS
	}
	if card.IsCopy(*r, in.Message) {
		return
	}
	// A copy's response_url edits the copy, so it can't replace the card's, which may be the
	// only way to edit the card. A card posted through a response_url is in the channel where
	// it was asked for, even while its message isn't known.
	at := card.RefOf(r.Card)
	elsewhere := at.TS != "" && at != in.Message ||
		at.TS == "" && r.Card.Way == cancellation.ByResponse && !in.Message.IsZero() && in.Message.Channel != at.Channel
	if in.Response != "" && !elsewhere {
		r.Response = in.ResponseURL()
	}
	switch {
	case !in.OnCard():
	case at.TS == "" && !elsewhere:
		way := cancellation.ByMessage
		if r.IsQuestion() {
			way = cancellation.ByDirect
		}
		r.Card.Channel, r.Card.TS = string(in.Message.Channel), in.Message.TS
		r.Card.Way = cmp.Or(r.Card.Way, way)
	case at != in.Message:
		// A card gets posted twice if the process dies between posting and recording it, or
		// if Slack posts it without answering. Both copies must end in the same state.
		r.Copies = append(slices.Clone(r.Copies), card.At(in.Message, r.Card.Way))
	}
}

// takesPlaceOf reports whether the message that was clicked becomes the card of r. Where the
// bot isn't a member, only its own click can edit a message: of two that ask the same, the one
// that people press is the one that can show them what becomes of it.
func (in *Envelope) takesPlaceOf(r cancellation.Request) bool {
	at := card.RefOf(r.Card)
	return r.State == cancellation.Asked && r.Card.Way == cancellation.ByResponse && at.TS != "" &&
		at.Channel == in.Message.Channel && at != in.Message && in.Response != "" && in.OnCard()
}
