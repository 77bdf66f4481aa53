package handlers

import (
	"time"

	"meetingbot/internal/cancellation"
)

// Views turn requests into messages. They are pure: the same request, moment
// and language give the same message. What a channel reads is in Locale, what
// one person reads is in the language of the locale that is passed in.
// All fields are read only after the first use.
type Views struct {
	Words   *Words
	Locale  string                    // BOT_LOCALE; empty is English
	Minimal bool                      // CARD_DETAILS=minimal: no subject and no owner in channels
	Second  cancellation.SecondPerson // SECOND_PERSON; empty is never
	Command string                    // the slash command with its slash; empty is command.Name
}

// An AnswerKind says what one person is told.
type AnswerKind string

// The answers to one person.
const (
	NotAllowed             AnswerKind = "not_allowed"               // not the owner, not on a list; Users and Groups can help
	NotAllowedOwnerUnknown AnswerKind = "not_allowed_owner_unknown" // nobody can tell whether the person is the owner
	Guest                  AnswerKind = "guest"                     // guests never may
	Stranger               AnswerKind = "stranger"                  // somebody of another workspace
	WrongChannel           AnswerKind = "wrong_channel"             // Channels say where it works
	TooMany                AnswerKind = "too_many"                  // Wait says how long
	LeadTime               AnswerKind = "lead_time"                 // too close to the start; Wait is LEAD_TIME
	SecondPersonNeeded     AnswerKind = "second_person_needed"      // the asker pressed the button of the asker's own card
	NotYourButton          AnswerKind = "not_your_button"           // somebody pressed who may not
	AlreadyAnswered        AnswerKind = "already_answered"          // Request says by whom and how
	CardExpired            AnswerKind = "card_expired"
	MeetingChanged         AnswerKind = "meeting_changed" // the card was redrawn, nothing was done
	CardReplaced           AnswerKind = "card_replaced"   // the button belongs to an older card
	PickFirst              AnswerKind = "pick_first"      // no date was chosen
	OpenCard               AnswerKind = "open_card"       // Link leads to the card that stands already
	UnderWay               AnswerKind = "under_way"       // Who has confirmed the card that Link leads to
	LookupFailed           AnswerKind = "lookup_failed"   // Class says why
	NotFound               AnswerKind = "not_found"       // no meeting with this number
	AlreadyEnded           AnswerKind = "already_ended"   // the meeting is over
	NothingToPick          AnswerKind = "nothing_to_pick" // no upcoming meeting of this person
	NothingInHistory       AnswerKind = "nothing_in_history"
	NotStored              AnswerKind = "not_stored"   // could not be written down; nothing was done
	MaybeStored            AnswerKind = "maybe_stored" // may have been written down, or may yet be
	UnknownButton          AnswerKind = "unknown_button"
	Busy                   AnswerKind = "busy"
	StillUnknown           AnswerKind = "still_unknown" // looked again, and it is still not known
	Settled                AnswerKind = "settled"       // looked again, and now it is known: see Request
	ReasonSaved            AnswerKind = "reason_saved"
	UndoTooLate            AnswerKind = "undo_too_late"
	NoNumberInMessage      AnswerKind = "no_number_in_message"
	TwoNumbersInMessage    AnswerKind = "two_numbers_in_message"
	CannotPostHere         AnswerKind = "cannot_post_here"
	WebinarNotSupported    AnswerKind = "webinar_not_supported"
	OccurrenceNotFound     AnswerKind = "occurrence_not_found" // Request.Wanted is no date of the series
	NotRecurring           AnswerKind = "not_recurring"        // --series or --occurrence on a single meeting
)

// AnswerKinds lists all kinds of answer.
func AnswerKinds() []AnswerKind {
	return []AnswerKind{
		NotAllowed, NotAllowedOwnerUnknown, Guest, Stranger, WrongChannel, TooMany, LeadTime, SecondPersonNeeded,
		NotYourButton, AlreadyAnswered, CardExpired, MeetingChanged, CardReplaced, PickFirst, OpenCard, UnderWay, LookupFailed,
		NotFound, AlreadyEnded, NothingToPick, NothingInHistory, NotStored, MaybeStored, UnknownButton, Busy,
		StillUnknown, Settled, ReasonSaved, UndoTooLate, NoNumberInMessage, TwoNumbersInMessage,
		CannotPostHere, WebinarNotSupported, OccurrenceNotFound, NotRecurring,
	}
}

// An Answer is one sentence for one person. Only Kind is always needed; which
// of the others count is said at the kind.
type Answer struct {
	Kind      AnswerKind
	Request   cancellation.Request // what it is about; may be zero
	Who       string               // Slack user id of somebody else it names; may be empty
	Users     []string             // Slack user ids who can help; "*" is everybody
	Groups    []string             // Slack user group ids who can help
	Channels  []string             // Slack channel ids where it works
	Wait      time.Duration
	Class     string // class of a failed look-up, as in Request.Why
	Reference string // for the log, shown in small print; may be empty
	Link      string // permalink of the card that stands already; may be empty
}

// HelpFacts are what the help text depends on.
type HelpFacts struct {
	Command      string   // the slash command; empty is that of Views
	MayAny       bool     // this person may cancel any meeting
	Helpers      []string // Slack ids of users and user groups who may cancel any; "*" is everybody
	Channels     []string // Slack channel ids where it works; empty or "*" is everywhere
	SecondPerson cancellation.SecondPerson
}
