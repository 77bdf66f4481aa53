package cancellation

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"strings"
	"time"
)

// An ID names a request. It is opaque and random. Buttons carry it, and knowing it grants
// nothing.
type ID string

// NewID returns a fresh ID of 26 lower-case letters and digits.
func NewID() ID { return ID(strings.ToLower(rand.Text())) }

// A Scope says how much of a meeting a request is about.
type Scope string

// The scopes. Undecided is the zero Scope: a recurring meeting whose card still asks how
// much of it.
const (
	Undecided  Scope = ""
	Whole      Scope = "meeting"    // a single meeting
	Series     Scope = "series"     // every occurrence of a recurring meeting
	Occurrence Scope = "occurrence" // the chosen occurrences of a recurring meeting
)

// A Request is one request to cancel a meeting, from the command to its outcome. Its only
// credential is Response; it never holds the meeting's password or host link.
type Request struct {
	ID      ID
	State   State
	Outcome Outcome

	// Who asked, where, and what was typed.
	Asker      string      // Slack user id
	Team       string      // the workspace it was asked in; matters when the app is installed organisation-wide
	Channel    string      // Slack channel id where it was typed
	Thread     string      // ts of the thread to answer in; empty unless a message shortcut was used in one
	As         string      `json:",omitempty"` // the command's name as typed, if it is not the usual one
	Number     string      // digits as typed: a meeting or a room number
	End        bool        // --end was given: a running meeting may be ended
	Scope      Scope       // what --series, --occurrence or a button chose
	Wanted     string      // --occurrence as typed: 2026-12-01 or 2026-12-01T10:00; empty if not given
	Reason     string      // free text of the asker; empty if none
	CreatedAt  time.Time   // when the command was received
	ExpiresAt  time.Time   // when the question expires
	Response   ResponseURL // the asker's response_url, for channels where the bot cannot post
	Supersedes ID          // the request whose card this one took over; empty if none
	AskAgain   AskAgain    `json:"Anew"`       // why the card of Supersedes asks again
	Successor  ID          `json:",omitempty"` // the request that took over this one's card; empty if none
	From       ID          // the chooser it was picked from; empty if it was typed
	Parent     ID          `json:",omitempty"` // the request that this one is a part of; parts have no card and send no messages
	Batch      *Batch      `json:",omitempty"` // several meetings on one card; nil if it is about one
	For        string      // Slack user id of the owner who is asked; empty if anyone entitled may answer
	Locale     string      // of For, or of the asker: the language of a card in their direct messages

	// What the card showed. A confirmation is bound to exactly these facts.
	Meeting Meeting
	Chosen  []string // ids of the occurrences to cancel if Scope is Occurrence
	Choices []Choice // what a chooser offered: several meetings behind one room number, or the picker
	More    int      // how many more there were than Choices
	Partial bool     // some meetings could not be read, so Choices may lack them
	Card    Card
	CardRun int     `json:",omitempty"` // the first run of its job that tried to post the card
	Copies  []Card  // further messages that show the same card
	Drawing Drawing // draws that may still be in flight

	// Who pressed, and what came of it.
	ConfirmedBy       string
	ConfirmedAt       time.Time
	Delegation        ID        // the delegation that allowed the confirmation; empty if another right did
	OfferDelegationTo string    `json:"OfferLet"` // the asker's name, if the owner has decided and may now delegate to them; empty otherwise
	UndoUntil         time.Time // until when the confirmation can be undone; zero if it can't
	WaitUntil         time.Time // until when the service asks us to hold the call; zero if it does not
	ClosedBy          string    // who declined, undid, or removed the meeting from another card; empty otherwise
	StoppedBy         string    `json:",omitempty"` // who pressed Undo or Stop too late, while the call was under way: it isn't repeated; empty otherwise
	FoundBy           string    `json:",omitempty"` // whose click found out the outcome: Check again, Keep after the meeting was removed, or an owner's after they gave it away; empty otherwise
	ClosedAt          time.Time // when the request reached a final state
	Why               string    // class of a refusal or failure, for wording; empty otherwise
	Unanswered        int       // calls whose answer never came
	Reference         string    // X-Request-Id of the service's answer, for the log; empty if none
	Owner             Notice    // whether the owner was told
	MutedUntil        time.Time // until when Asker can't ask For again; zero if For has not muted them
	ClosedElsewhere   bool      `json:"Elsewhere"` // superseded or gone because the meeting was cancelled or ended elsewhere, or from another card (ClosedBy); see WhyOver
	Telling           Telling   `json:",omitzero"` // whether invited people are told
	TickedAt          time.Time `json:",omitzero"` // when a box on the card was last ticked

	// Effects records outside effects. A kind that never began is absent, which reads as
	// the zero Effect.
	Effects map[EffectKind]Effect
}

// A ResponseURL is where the bot can answer without being a member: Slack's
// response_url, good for 5 uses in 30 minutes. URL is a credential.
type ResponseURL struct {
	URL string    `json:"url,omitempty"`
	At  time.Time `json:"at,omitzero"`
	// OfClick means that it came with a click on the card, and can replace that card. One
	// that came with a command can only add messages.
	OfClick bool   `json:"of_click,omitempty"`
	By      string `json:"by,omitempty"` // whose it is: ephemeral answers are shown to this person alone
}

// ResponseLife is how long Slack accepts answers at a response_url.
const ResponseLife = 30 * time.Minute

// ResponseUses is how many answers Slack accepts at a response_url, see
// https://docs.slack.dev/interactivity/handling-user-interaction.
const ResponseUses = 5

// Usable reports whether Slack still accepts answers there, provided that it hasn't been
// used up.
func (r ResponseURL) Usable(now time.Time) bool {
	return r.URL != "" && now.Before(r.At.Add(ResponseLife))
}

// A Card is the message that asks. The zero Card has not been posted.
type Card struct {
	Channel string `json:"channel,omitempty"` // where it is; differs from the request's for a direct message
	TS      string `json:"ts,omitempty"`      // empty while only response_url reaches it
	Way     Way    `json:"way,omitempty"`
	Locale  string `json:"locale,omitempty"` // the reader's, if this is a copy in direct messages
}

// On returns r as this copy of its card shows it.
func (r Request) On(c Card) Request {
	r.Card = c
	if c.Locale != "" {
		r.Locale = c.Locale
	}
	return r
}

// A Way is how the card was posted.
type Way string

// The ways to post a card, best first.
const (
	ByMessage  Way = "message"      // chat.postMessage
	ByResponse Way = "response_url" // the bot isn't a member there, or Slack refused the message
	ByDirect   Way = "direct"       // a direct message: to the asker, or to the owner who is asked
)

// A Choice is one line of a chooser.
type Choice struct {
	MeetingID string    `json:"meeting_id"`
	Number    string    `json:"number"`
	Subject   string    `json:"subject"`
	Start     time.Time `json:"start"`
	Running   bool      `json:"running,omitempty"`
	Recurring bool      `json:"recurring,omitempty"`
	Owner     string    `json:"owner,omitempty"`
}

// Choice returns the meeting as a line of a chooser. A series has its next date, because it
// may have begun long ago.
func (m Meeting) Choice() Choice {
	return Choice{
		MeetingID: m.ID, Number: cmp.Or(m.Number, m.ID), Subject: m.Subject, Start: m.Next(),
		Running: m.Running, Recurring: m.Recurring, Owner: m.OwnerName,
	}
}

// A Notice says whether the meeting's owner was told.
type Notice struct {
	Result NoticeResult `json:"result,omitempty"`
	User   string       `json:"user,omitempty"` // Slack user id; empty if not found
	Name   string       `json:"name,omitempty"`
}

// A NoticeResult is the outcome of telling the owner.
type NoticeResult string

// The results of telling the owner. The zero value means not tried yet.
const (
	NoticeSent      NoticeResult = "sent"
	NoticeOwnAction NoticeResult = "own_action" // the owner did it, and needs no message
	NoticeNotFound  NoticeResult = "not_found"  // no such person in Slack
	NoticeRefused   NoticeResult = "refused"    // Slack does not let the bot write to them
	NoticeDelayed   NoticeResult = "delayed"    // not yet; the bot keeps trying
)

// Become moves the request to state t, or says why it can't. It changes nothing on error.
func (r *Request) Become(t State) error {
	if !r.State.CanBecome(t) || r.State == Done {
		return fmt.Errorf("request %s: %s cannot become %s", r.ID, r.State, t)
	}
	r.State = t
	return nil
}

// IsUnknown reports whether r is finished with an unknown outcome.
func (r *Request) IsUnknown() bool { return r.State == Done && r.Outcome == Unknown }

// Finish records the outcome. A request that is Done can be finished again only if its
// outcome is [Unknown]: that is how a later check settles it.
func (r *Request) Finish(o Outcome, why string, at time.Time) error {
	if r.State == Done && r.Outcome != Unknown {
		return fmt.Errorf("request %s: already %s", r.ID, r.Outcome)
	}
	if !r.State.CanBecome(Done) {
		return fmt.Errorf("request %s: %s cannot be finished", r.ID, r.State)
	}
	r.State, r.Outcome, r.Why, r.ClosedAt = Done, o, why, at
	return nil
}
