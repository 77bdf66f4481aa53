package cancellation

import (
	"maps"
	"slices"
	"time"
)

// An EffectKind is one kind of outside effect, which each request has at most once.
type EffectKind string

// The effects.
const (
	CardEffect    EffectKind = "card"    // the question is posted
	CallEffect    EffectKind = "call"    // the destructive call
	FinalEffect   EffectKind = "final"   // the card shows its final state
	ThreadEffect  EffectKind = "thread"  // the reply in the card's thread
	OwnerEffect   EffectKind = "owner"   // the message to the meeting's owner
	AskerEffect   EffectKind = "asker"   // the message to the person who asked the owner
	InvitedEffect EffectKind = "invited" // a message to an invited person, and the reply that says how many got one

	DelegationEffect EffectKind = "delegation" // the message to the receiver of a delegation; not part of any request
)

// An Effect records when something outside was started and when it ended. If it started
// but didn't end, it may or may not have happened: look before repeating it. The zero
// Effect never started.
type Effect struct {
	BegunAt  time.Time `json:"begun_at,omitzero"` // of the last attempt
	EndedAt  time.Time `json:"ended_at,omitzero"` // zero until it is known to have ended
	Attempts int       `json:"attempts,omitempty"`
	Ref      string    `json:"ref,omitempty"`    // the message that was posted: its channel and ts
	Result   string    `json:"result,omitempty"` // how it ended
}

// Begun reports whether an attempt was recorded.
func (e Effect) Begun() bool { return !e.BegunAt.IsZero() }

// Ended reports whether the effect is known to have ended, one way or the other.
func (e Effect) Ended() bool { return !e.EndedAt.IsZero() }

// Begin records that an effect is about to be attempted. It drops how an earlier attempt
// ended, because that says nothing about this one.
func (r *Request) Begin(kind EffectKind, at time.Time) {
	r.setEffect(kind, Effect{BegunAt: at, Attempts: r.Effects[kind].Attempts + 1})
}

// EndEffect records how an effect ended, even if its beginning was not recorded.
func (r *Request) EndEffect(kind EffectKind, at time.Time, ref, result string) {
	e := r.Effects[kind]
	if !e.Begun() {
		e.BegunAt, e.Attempts = at, 1
	}
	e.EndedAt, e.Ref, e.Result = at, ref, result
	r.setEffect(kind, e)
}

// setEffect replaces the map, because copies of the request may share it.
func (r *Request) setEffect(kind EffectKind, e Effect) {
	all := make(map[EffectKind]Effect, len(r.Effects)+1)
	maps.Copy(all, r.Effects)
	all[kind] = e
	r.Effects = all
}

// BeginReport records that the card's state is about to be shown, and everyone concerned
// about to be told. The step that does it is enqueued in the same commit.
func (r *Request) BeginReport(at time.Time) {
	r.Begin(FinalEffect, at)
	BeginTellingOwners(r, at)
	if r.TellsThread() {
		r.Begin(ThreadEffect, at)
	}
	if r.TellsAsker() {
		r.Begin(AskerEffect, at)
	}
}

// BeginTellingOwners records that the owners of r are about to be told, if they must be.
func BeginTellingOwners(r *Request, at time.Time) {
	if !r.tellsOwner() {
		return
	}
	r.Begin(OwnerEffect, at)
	if r.Batch != nil {
		r.Batch = r.Batch.clone()
		r.Batch.Undrawn = false
		r.Batch.Round++
	}
}

// tellsOwner reports whether a meeting's owner must be told: when their meeting was
// removed, and whenever a delegation was used, even without effect. On a card with several
// meetings, [Batch.MustKnow] says which owners.
func (r *Request) tellsOwner() bool {
	return r.State == Done && (r.Outcome.Removed() || r.Batch != nil) || r.UsesDelegation() && r.State.Final()
}

// UsesDelegation reports whether r was confirmed by virtue of a delegation.
func (r *Request) UsesDelegation() bool {
	return r.Delegation != "" || r.Batch != nil && slices.ContainsFunc(r.Batch.Owners, func(o Owner) bool { return o.By != "" })
}

// TellsThread reports whether there is an outcome to tell in the thread. An unknown one is
// told once it is known; on a card with several meetings it is told at once, if the reply can
// be corrected later. An owner who was asked and didn't answer is told that the question has
// expired, because a changed card goes unnoticed.
func (r *Request) TellsThread() bool {
	early := r.Batch != nil && r.Card.Way != ByResponse
	return r.State == Done && (r.Outcome != Unknown || early) || r.IsQuestion() && r.State == Expired
}

// TellsAsker reports whether to tell the asker of a question to the owner, who has no card
// to look at: about every end, and when the owner is asked again.
func (r *Request) TellsAsker() bool {
	return r.IsQuestion() && (r.State.Final() || r.State == Asked && r.AskAgain != "")
}
