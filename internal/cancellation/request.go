package cancellation

import (
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"time"
)

// An ID names a request. It is opaque and random: it is what a button carries,
// and knowing it gives no right to anything.
type ID string

// NewID returns a fresh ID of 26 lower-case letters and digits.
func NewID() ID { return ID(strings.ToLower(rand.Text())) }

// A Scope says how much of a meeting a request is about.
type Scope string

// The scopes. Undecided is the zero Scope: a recurring meeting whose card
// still asks which.
const (
	Undecided  Scope = ""
	Whole      Scope = "meeting"    // a single meeting
	Series     Scope = "series"     // every occurrence of a recurring meeting
	Occurrence Scope = "occurrence" // the chosen occurrences of a recurring meeting
)

// A Request is one question "cancel this meeting?" and what became of it.
// It holds no credential but Response, and never a password or host link of
// the meeting.
type Request struct {
	ID      ID
	State   State
	Outcome Outcome

	// Who asked, where, and what was typed.
	Asker      string    // Slack user id
	Channel    string    // Slack channel id where it was typed
	Thread     string    // ts of the thread to answer in; empty unless a message shortcut was used in one
	Number     string    // digits as typed: a meeting or a room number
	End        bool      // --end was given: a running meeting may be ended
	Scope      Scope     // what --series, --occurrence or a button chose
	Wanted     string    // --occurrence as typed: 2026-12-01 or 2026-12-01T10:00; empty if not given
	Reason     string    // free text of the asker; empty if none
	CreatedAt  time.Time // when the command was received
	ExpiresAt  time.Time // until when the question stands
	Response   Response  // the asker's response_url, for where the bot cannot post
	Supersedes ID        // the request whose card this one took over; empty if none

	// What the card showed. A confirmation is bound to exactly these facts.
	Meeting Meeting
	Chosen  []string // occurrence ids that are to be cancelled when Scope is Occurrence
	Choices []Choice // what a chooser offered: several meetings behind one room number, or the picker
	More    int      // how many there were besides Choices
	Card    Card

	// Who pressed, and what came of it.
	ConfirmedBy string
	ConfirmedAt time.Time
	UndoUntil   time.Time // until when the confirmation can be taken back; zero if it cannot
	ClosedBy    string    // who declined or undid; empty otherwise
	ClosedAt    time.Time // when the request reached a final state
	Why         string    // class of a refusal or failure, for wording; empty otherwise
	Unanswered  int       // calls whose answer never came
	Reference   string    // X-Request-Id of the service's answer, for the log; empty if none
	Owner       Notice    // whether the owner was told
}

// A Response is where an answer can be posted without being a member: Slack's
// response_url, good for 5 uses in 30 minutes. URL is a credential.
type Response struct {
	URL string    `json:"url,omitempty"`
	At  time.Time `json:"at,omitzero"`
}

// ResponseLife is how long Slack takes answers at a response_url.
const ResponseLife = 30 * time.Minute

// Usable reports whether Slack still takes answers there, unless they have been
// used up.
func (r Response) Usable(now time.Time) bool {
	return r.URL != "" && now.Before(r.At.Add(ResponseLife))
}

// A Card is the message that asks. The zero Card was not posted yet.
type Card struct {
	Channel string `json:"channel,omitempty"` // where it stands; differs from the request's for a direct message
	TS      string `json:"ts,omitempty"`      // empty while only response_url reaches it
	Way     Way    `json:"way,omitempty"`
}

// A Way is how the card was posted.
type Way string

// The ways to post a card, best first.
const (
	ByMessage  Way = "message"      // chat.postMessage
	ByResponse Way = "response_url" // the bot is no member there
	ByDirect   Way = "direct"       // a direct message to the asker
)

// A Choice is one line of a chooser.
type Choice struct {
	MeetingID string    `json:"meeting_id"`
	Number    string    `json:"number"`
	Subject   string    `json:"subject"`
	Start     time.Time `json:"start"`
	End       time.Time `json:"end,omitzero"`
	Running   bool      `json:"running,omitempty"`
	Recurring bool      `json:"recurring,omitempty"`
	Owner     string    `json:"owner,omitempty"`
}

// A Notice says whether the meeting's owner was told.
type Notice struct {
	Result NoticeResult `json:"result,omitempty"`
	User   string       `json:"user,omitempty"` // Slack user id; empty if not found
	Name   string       `json:"name,omitempty"`
}

// A NoticeResult is what became of telling the owner.
type NoticeResult string

// The results of telling the owner. The zero value means not tried yet.
const (
	NoticeSent      NoticeResult = "sent"
	NoticeOwnAction NoticeResult = "own_action" // the owner did it; nobody needs telling
	NoticeNotFound  NoticeResult = "not_found"  // no such person in Slack
	NoticeRefused   NoticeResult = "refused"    // Slack does not let the bot write to them
	NoticeDelayed   NoticeResult = "delayed"    // not yet; it is tried on
)

// DidFor reports whether r, which is over, removed what other was confirmed to
// remove, after that confirmation.
func (r *Request) DidFor(other Request) bool {
	if r.ID == other.ID || r.Meeting.ID != other.Meeting.ID || !r.Outcome.Removed() || r.ClosedAt.Before(other.ConfirmedAt) {
		return false
	}
	return r.Scope != Occurrence || other.Scope == Occurrence &&
		!slices.ContainsFunc(other.Chosen, func(id string) bool { return !slices.Contains(r.Chosen, id) })
}

// Ending reports whether carrying out what was confirmed puts people out of a
// meeting that runs. Dates of a series do so only if the running one is among
// them.
func (r *Request) Ending() bool {
	if !r.End || !r.Meeting.Running {
		return false
	}
	return r.Scope != Occurrence || slices.Contains(r.Chosen, r.Meeting.RunningDate(r.ConfirmedAt))
}

// Starts returns when what the request is about begins: the meeting, the chosen
// dates, or every date of a series. While nobody has said how much of a series
// is meant, there are none.
func (r *Request) Starts() (all []time.Time) {
	if !r.Meeting.Recurring {
		return []time.Time{r.Meeting.Start}
	}
	for _, o := range r.Meeting.Occurrences {
		if r.Scope == Series || r.Scope == Occurrence && slices.Contains(r.Chosen, o.ID) {
			all = append(all, o.Start)
		}
	}
	return all
}

// Become moves the request to state t, or says why that is not legal. It
// changes nothing on error.
func (r *Request) Become(t State) error {
	if !r.State.CanBecome(t) || r.State == Done {
		return fmt.Errorf("request %s: %s cannot become %s", r.ID, r.State, t)
	}
	r.State = t
	return nil
}

// Finish records the outcome. A request that is Done can be finished again only
// from [Unknown]: that is how a later look settles it.
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
