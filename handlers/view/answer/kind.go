package answer

import (
	"time"

	"meetingbot/internal/cancellation"
)

// A Kind says what one person is told.
type Kind string

// Kinds lists all kinds of answer.
func Kinds() []Kind {
	return []Kind{
		NotAllowed, NotAllowedOwnerUnknown, NotAllowedOwnerShared, Guest, Stranger, WrongChannel, TooMany, LeadTime, SecondPersonNeeded,
		NotYourButton, NotYoursToStop, AlreadyAnswered, CardExpired, MeetingChanged, CardReplaced, PickFirst, OpenCard, UnderWay, LookupFailed,
		NotFound, AlreadyEnded, NothingToPick, NothingInHistory, NotStored, MaybeStored, UnknownButton, Busy,
		StartUnknown, Inactive, StillUnknown, Settled, ReasonSaved, UndoTooLate, NoNumberInMessage,
		CannotPostHere, WebinarNotSupported, OccurrenceNotFound, OccurrenceUnlisted, NotRecurring, TooLate, ConfirmedTooLong, DatesUnlisted, ZoneUnknown,
		NoneTicked, TooManyTicked, PageTurned, PersonUnknown, PersonNoAccount, NotTheirs,
		DelegateSelf, DelegateUnknown, DelegateBot, DelegateGone, DelegateGuest, DelegateExternal, DelegatePast, DelegateTooLong,
		DelegateTooMany, DelegateOff, DelegateNotOwner, DelegateNoDate, HomeStale,
		MayAskOwner, OwnerAsked, OwnerNotYet, AskedAlready, OwnerMuted, OwnerNotReached, TooManyQuestions, ReasonMissing, MayYourself,
	}
}

// An Answer is one sentence for one person. Only Kind is always required; the kinds
// say which other fields they use.
type Answer struct {
	Kind      Kind
	Request   cancellation.Request // the request it is about; may be zero
	Who       string               // Slack user id of another person that it names; may be empty
	Users     []string             // Slack user ids of people who can help; "*" means everyone
	Groups    []string             // Slack user groups whose members can help
	OwnerCant bool                 // the meeting's owner can't either
	// ListClosed means that the person may be on a list of those who may cancel any meeting,
	// but the list stays unreadable until an operator fixes it.
	ListClosed bool
	Channels   []string // Slack channels where the command works
	Wait       time.Duration
	Count      int
	Until      time.Time // until when the question is open, or the service asked the bot to wait; may be zero
	Class      string    // class of a failed look-up, as in Request.Why
	Reference  string    // for the log, shown in small print; may be empty
	Link       string    // permalink of the existing card; may be empty
	Line       string    // the command that was typed, or that the person should type; see the kind
}

// The answers to one person.
const (
	NotAllowed             Kind = "not_allowed"               // neither the owner nor on a list; Users and Groups can help
	NotAllowedOwnerUnknown Kind = "not_allowed_owner_unknown" // it is unknown whether the person is the owner
	NotAllowedOwnerShared  Kind = "not_allowed_owner_shared"  // more than one meeting account may have the owner's address
	Guest                  Kind = "guest"                     // guests may never cancel
	Stranger               Kind = "stranger"                  // from another workspace
	WrongChannel           Kind = "wrong_channel"             // Channels say where it works
	TooMany                Kind = "too_many"                  // Wait says how long
	LeadTime               Kind = "lead_time"                 // too close to the start; Wait is LEAD_TIME
	StartUnknown           Kind = "start_unknown"             // the start is unknown, and LEAD_TIME is set
	Inactive               Kind = "inactive"                  // the account is deactivated, or an app's
	SecondPersonNeeded     Kind = "second_person_needed"      // the asker pressed the button on their own card
	NotYourButton          Kind = "not_your_button"           // the presser may not; if Who is set, they can ask that owner
	NotYoursToStop         Kind = "not_yours_to_stop"         // the presser of Undo or Stop may not
	AlreadyAnswered        Kind = "already_answered"          // Request says by whom and how
	CardExpired            Kind = "card_expired"
	MeetingChanged         Kind = "meeting_changed" // the card was redrawn, nothing was done
	CardReplaced           Kind = "card_replaced"   // the button belongs to an older card
	PickFirst              Kind = "pick_first"      // no date was chosen
	OpenCard               Kind = "open_card"       // Link leads to the existing card
	UnderWay               Kind = "under_way"       // Who has confirmed the card that Link leads to
	LookupFailed           Kind = "lookup_failed"   // Class says why
	NotFound               Kind = "not_found"       // no meeting with this number
	AlreadyEnded           Kind = "already_ended"   // the meeting is over
	NothingToPick          Kind = "nothing_to_pick" // no upcoming meeting of this person
	NothingInHistory       Kind = "nothing_in_history"
	NotStored              Kind = "not_stored"   // could not be stored; nothing was done
	MaybeStored            Kind = "maybe_stored" // may have been stored, or may be soon
	UnknownButton          Kind = "unknown_button"
	Busy                   Kind = "busy"
	StillUnknown           Kind = "still_unknown" // checked again, and still unknown
	Settled                Kind = "settled"       // checked again, and now known: see Request
	ReasonSaved            Kind = "reason_saved"
	UndoTooLate            Kind = "undo_too_late"
	NoNumberInMessage      Kind = "no_number_in_message"
	CannotPostHere         Kind = "cannot_post_here" // Class says why
	WebinarNotSupported    Kind = "webinar_not_supported"
	OccurrenceNotFound     Kind = "occurrence_not_found" // Request.Wanted is not a date of the series
	OccurrenceUnlisted     Kind = "occurrence_unlisted"  // the service doesn't say whether Request.Wanted is a date of the series
	NotRecurring           Kind = "not_recurring"        // --series or --occurrence on a single meeting
	TooLate                Kind = "too_late"             // handled after CONFIRM_TTL; Line is what to type again
	ConfirmedTooLong       Kind = "confirmed_too_long"   // the confirmation of Request is too old; its card asks again
	DatesUnlisted          Kind = "dates_unlisted"       // the card of Request asks again: its dates are not listed any more
	ZoneUnknown            Kind = "zone_unknown"         // Request.Wanted is a day in an unknown zone; the card has the dates
	NoneTicked             Kind = "none_ticked"          // no meeting was ticked on a card with several
	TooManyTicked          Kind = "too_many_ticked"      // MANY_MAX was lowered since the card was asked; Count is what it is now
	PageTurned             Kind = "page_turned"          // the button belongs to another page of the card
	PersonUnknown          Kind = "person_unknown"       // Line is the person in --of, who is not in this workspace
	PersonNoAccount        Kind = "person_no_account"    // Line is the person in --of, who has no meeting account
	NotTheirs              Kind = "not_theirs"           // the person asked for another's meetings

	// About delegations; Who is the receiver.
	DelegateSelf     Kind = "delegate_self"
	DelegateUnknown  Kind = "delegate_unknown" // Slack doesn't know the id
	DelegateBot      Kind = "delegate_bot"
	DelegateGone     Kind = "delegate_gone" // their account is deactivated
	DelegateGuest    Kind = "delegate_guest"
	DelegateExternal Kind = "delegate_external" // from another workspace
	DelegatePast     Kind = "delegate_past"     // the date is in the past
	DelegateTooLong  Kind = "delegate_too_long" // Wait is DELEGATION_MAX
	DelegateTooMany  Kind = "delegate_too_many" // Count is how many are allowed
	DelegateOff      Kind = "delegate_off"      // DELEGATION_MAX is 0
	DelegateNotOwner Kind = "delegate_not_owner"
	DelegateNoDate   Kind = "delegate_no_date" // the person or the date is missing
	HomeStale        Kind = "home_stale"       // the button is from a Home that has been redrawn since

	// About asking the owner, who is Who.
	MayAskOwner      Kind = "may_ask_owner"      // like NotAllowed, with a button to ask Who
	OwnerAsked       Kind = "owner_asked"        // the question is open until Until
	OwnerNotYet      Kind = "owner_not_yet"      // the same, but Slack doesn't take the message to the owner yet
	AskedAlready     Kind = "asked_already"      // the same, asked before
	OwnerMuted       Kind = "owner_muted"        // Who doesn't want questions from this person
	OwnerNotReached  Kind = "owner_not_reached"  // not found in Slack, or can't be messaged
	TooManyQuestions Kind = "too_many_questions" // the person has as many open questions as allowed
	ReasonMissing    Kind = "reason_missing"     // the modal was submitted without text
	MayYourself      Kind = "may_yourself"       // the person may cancel it, so there is no need to ask
)

// Why a card can't be posted in a conversation.
const (
	NotMember     = ""               // the bot isn't in it
	PostingClosed = "posting_closed" // it is archived or restricted
	CardRefused   = "card_refused"   // Slack refuses the card, or the bot
)

// Why a request about several meetings ended before it was asked.
const (
	TooManyNumbers Kind = "too_many_numbers"
	NothingOffered Kind = "nothing_offered"
)

// Reasons why a meeting can't be cancelled, in addition to the kinds of answer.
const (
	LeftNotFound = "not_found"
	LeftUnread   = "unread"
	LeftRoom     = "room"
	LeftSeries   = "series"
	LeftUnlisted = "unlisted"
	LeftWebinar  = "webinar"
	LeftEnded    = cancellation.LeftEnded

	LeftKindUnknown = "kind_unknown" // single meeting or series
	LeftListClosed  = "list_closed"  // see Answer.ListClosed
	LeftNoStart     = "no_start"     // the service doesn't say when it starts

	LeftElsewhere = "elsewhere" // cancelled or ended while the card was open
)
