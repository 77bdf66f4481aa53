package press

import (
	"context"
	"errors"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// Press is the step that handles a stored click or submission: which request is it
// about, what does the button do, is the request still open, and may this person press
// it? What a button does depends on the kind of card.
type Press struct {
	*step.Deps
	Modals   Buttons // that open a modal, on any card; done first, because a trigger_id expires in 3 seconds
	Single   Buttons // on a card about one meeting
	Several  Buttons // on a card about several meetings
	Question Buttons // on a card sent to the meeting's owner
	Offer    Offer
}

// An Offer turns the refusal of a person who may not confirm into what they are told, which
// may offer to ask the owner.
type Offer func(context.Context, *Click, answer.Answer) (answer.Answer, error)

// Buttons are a card's buttons, by action_id.
type Buttons map[string]Button

// maxAge is how old a reading about a person may be for a click. People who click as soon as
// a card appears needn't wait for the same look-up twice.
const maxAge = 2 * time.Second

// A Button is what a button, a checkbox or a modal's submission does. Its fields are in
// the order in which they are used; all but Do may be zero.
//
// The person and their rights are read again for the click. AnyAge allows cached readings,
// for buttons that decide nothing.
type Button struct {
	AnyAge   bool
	Prefetch func(context.Context, *Click) // starts reading what is needed besides the person, at the same time

	Ready func(context.Context, *Click) error // prepares the click for the checks below
	Late  func(*Click) *answer.Answer         // says why it is too late; nil if it isn't
	Apply func(*Click)                        // sets the request as it would be after the click
	Needs access.Verb                         // what the person must be allowed to do with that request
	Do    func(context.Context, *Click) error // does it, and ends the run
}

// Run is the function to pass to [step.OfEnvelope].
func (s Press) Run(ctx context.Context, v *step.Visit) error {
	got, err := s.prefetched(ctx, v)
	if errors.Is(err, store.ErrNotFound) {
		return v.Say(ctx, answer.Answer{Kind: answer.UnknownButton})
	}
	if err != nil {
		return err
	}
	c := &Click{Visit: v, R: got.Request, After: got.Request.Request, Reading: got.Reading, Offer: s.Offer}
	if modal, ok := s.Modals[v.In.Action]; ok {
		return modal.Press(ctx, c)
	}
	button, ok := s.buttons(c.R.Request)[v.In.Action]
	ctx = button.withFreshness(ctx, c.R.Request)
	if err := v.Identify(ctx); err != nil {
		return c.CannotServe(ctx, err)
	}
	if !ok {
		return v.Say(ctx, answer.Answer{Kind: answer.UnknownButton, Request: c.R.Request})
	}
	return button.Press(ctx, c)
}

// Prefetch reads what a click's run will wait for while the click is being stored. It
// returns nil for a button that needs nothing but its request and the person.
func (s Press) Prefetch(in *step.Envelope) *step.Promise[step.Prefetched] {
	if s.Single[in.Action].Prefetch == nil && s.Several[in.Action].Prefetch == nil && s.Question[in.Action].Prefetch == nil {
		return nil
	}
	return step.Begin(s.Background, func(ctx context.Context) (step.Prefetched, error) {
		v := &step.Visit{Deps: s.Deps, In: in, Arrived: &step.Arrival{}}
		return s.read(bot.WithTeam(ctx, bot.TeamID(in.Team)), v)
	})
}

// prefetched returns what was prefetched for the click, or else reads it.
func (s Press) prefetched(ctx context.Context, v *step.Visit) (step.Prefetched, error) {
	if p := v.Arrived.Prefetched; p != nil {
		if got, err := p.Wait(ctx); err == nil {
			return got, nil
		}
	}
	return s.read(ctx, v)
}

// read reads the request, and starts reading what else the button needs.
func (s Press) read(ctx context.Context, v *step.Visit) (step.Prefetched, error) {
	r, err := v.Request(ctx)
	if err != nil {
		return step.Prefetched{}, err
	}
	c := &Click{Visit: v, R: r}
	if button := s.buttons(r.Request)[v.In.Action]; button.Prefetch != nil { // one of this card
		ctx = button.withFreshness(ctx, r.Request)
		s.Background.Go(ctx, step.LookUpTime, func(ctx context.Context) { // cached until the run asks, which sees the error
			_, _ = s.Slack.Person(ctx, bot.UserID(v.In.Person))
		})
		button.Prefetch(ctx, c)
	}
	return step.Prefetched{Request: r, Reading: c.Reading}, nil
}

// buttons returns the buttons of the card of r. A part has none.
func (s Press) buttons(r cancellation.Request) Buttons {
	switch {
	case r.Parent != "":
		return nil
	case r.Batch != nil:
		return s.Several
	case r.IsQuestion():
		return s.Question
	}
	return s.Single
}

// withFreshness returns ctx with how fresh readings about people must be.
func (b Button) withFreshness(ctx context.Context, r cancellation.Request) context.Context {
	if b.Do != nil && !b.AnyAge {
		ctx = bot.FreshSince(ctx, time.Now().Add(-maxAge))
	}
	if r.IsQuestion() {
		ctx = bot.NoFallback(ctx) // nothing is done unless the person is known to be still the owner
	}
	return ctx
}

// Press does what the button does, or tells the person why not.
func (b Button) Press(ctx context.Context, c *Click) error {
	if b.Ready != nil {
		if err := b.Ready(ctx, c); err != nil {
			return err
		}
	}
	if b.Late != nil {
		if a := b.Late(c); a != nil {
			return c.refuse(ctx, *a)
		}
	}
	if b.Apply != nil {
		b.Apply(c)
	}
	if b.Needs != 0 {
		a, err := c.May(ctx, b.Needs, c.After)
		switch {
		case err != nil:
			return c.CannotServe(ctx, err)
		case a != nil && b.Needs == access.Confirm:
			offer, err := c.Offer(ctx, c, *a)
			if err != nil {
				return err
			}
			return c.Say(ctx, offer)
		case a != nil:
			// A call waits for a stored Undo, and a confirmation for a Keep, but not until a person who may not knows.
			if err := c.Run.Record(ctx, func(tx *store.Tx) error { return tx.Envelopes.Refused(ctx, c.In.ID) }); err != nil {
				return err
			}
			return c.refuse(ctx, *a)
		}
	}
	return b.Do(ctx, c)
}
