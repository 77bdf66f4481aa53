package view

import (
	"time"

	"meetingbot/internal/cancellation"
)

// A Renderer turns requests into messages. What a channel reads is in Locale, what
// one person reads is in the locale passed in. Its fields must not change after the
// first use.
type Renderer struct {
	Words   *Words
	Locale  string                    // BOT_LOCALE; empty is English
	Minimal bool                      // CARD_DETAILS=minimal: no subject and no owner in channels
	Second  cancellation.SecondPerson // SECOND_PERSON; empty is never
	Tell    cancellation.TellInvited  // TELL_INVITED; empty is never
	Command string                    // the slash command with its slash; empty is command.Name
}

// Named is v with another name for the slash command; an empty name changes nothing.
func Named(v *Renderer, name string) *Renderer {
	if name == "" {
		return v
	}
	named := *v
	named.Command = name
	return &named
}

// An AnswerKind says what one person is told.
type AnswerKind string

// The answers to one person.
const (
	NotAllowed             AnswerKind = "not_allowed"               // not the owner, not on a list; Users and Groups can help
	NotAllowedOwnerUnknown AnswerKind = "not_allowed_owner_unknown" // it can't be determined whether the person is the owner
	Guest                  AnswerKind = "guest"                     // guests never may
	Stranger               AnswerKind = "stranger"                  // from another workspace
	WrongChannel           AnswerKind = "wrong_channel"             // Channels say where it works
	TooMany                AnswerKind = "too_many"                  // Wait says how long
	LeadTime               AnswerKind = "lead_time"                 // too close to the start; Wait is LEAD_TIME
	SecondPersonNeeded     AnswerKind = "second_person_needed"      // the asker pressed the button of their own card
	NotYourButton          AnswerKind = "not_your_button"           // the person who pressed may not; with Who, they can ask that owner
	AlreadyAnswered        AnswerKind = "already_answered"          // Request says by whom and how
	CardExpired            AnswerKind = "card_expired"
	MeetingChanged         AnswerKind = "meeting_changed" // the card was redrawn, nothing was done
	CardReplaced           AnswerKind = "card_replaced"   // the button belongs to an older card
	PickFirst              AnswerKind = "pick_first"      // no date was chosen
	OpenCard               AnswerKind = "open_card"       // Link leads to the existing card
	UnderWay               AnswerKind = "under_way"       // Who has confirmed the card that Link leads to
	LookupFailed           AnswerKind = "lookup_failed"   // Class says why
	NotFound               AnswerKind = "not_found"       // no meeting with this number
	AlreadyEnded           AnswerKind = "already_ended"   // the meeting is over
	NothingToPick          AnswerKind = "nothing_to_pick" // no upcoming meeting of this person
	NothingInHistory       AnswerKind = "nothing_in_history"
	NotStored              AnswerKind = "not_stored"   // could not be stored; nothing was done
	MaybeStored            AnswerKind = "maybe_stored" // may have been stored, or may still be
	UnknownButton          AnswerKind = "unknown_button"
	Busy                   AnswerKind = "busy"
	StillUnknown           AnswerKind = "still_unknown" // checked again, and still unknown
	Settled                AnswerKind = "settled"       // checked again, and known now: see Request
	ReasonSaved            AnswerKind = "reason_saved"
	UndoTooLate            AnswerKind = "undo_too_late"
	NoNumberInMessage      AnswerKind = "no_number_in_message"
	TwoNumbersInMessage    AnswerKind = "two_numbers_in_message"
	CannotPostHere         AnswerKind = "cannot_post_here"
	WebinarNotSupported    AnswerKind = "webinar_not_supported"
	OccurrenceNotFound     AnswerKind = "occurrence_not_found" // Request.Wanted is no date of the series
	NotRecurring           AnswerKind = "not_recurring"        // --series or --occurrence on a single meeting
	TooLate                AnswerKind = "too_late"             // handled after CONFIRM_TTL; Line is what to type again
	ConfirmedTooLong       AnswerKind = "confirmed_too_long"   // the confirmation of Request is too old; its card asks again
	ZoneUnknown            AnswerKind = "zone_unknown"         // Request.Wanted is a day in an unknown zone; the card has the dates
	NoneTicked             AnswerKind = "none_ticked"          // no meeting was ticked on a card with several
	PageTurned             AnswerKind = "page_turned"          // the button belongs to another page of the card
	PersonUnknown          AnswerKind = "person_unknown"       // Line is the person that --of names, who is not in this workspace
	PersonNoAccount        AnswerKind = "person_no_account"    // Line is the person that --of names, who has no meetings
	NotTheirs              AnswerKind = "not_theirs"           // somebody else's meetings were asked for
	OtherCommand           AnswerKind = "other_command"        // Line is a slash command that isn't this bot's

	// About delegations. Who is the receiver.
	DelegateSelf     AnswerKind = "delegate_self"
	DelegateUnknown  AnswerKind = "delegate_unknown" // Slack doesn't know the id
	DelegateBot      AnswerKind = "delegate_bot"
	DelegateGone     AnswerKind = "delegate_gone" // their account is deactivated
	DelegateGuest    AnswerKind = "delegate_guest"
	DelegateExternal AnswerKind = "delegate_external" // from another workspace
	DelegatePast     AnswerKind = "delegate_past"     // the date is in the past
	DelegateTooLong  AnswerKind = "delegate_too_long" // Wait is DELEGATION_MAX
	DelegateTooMany  AnswerKind = "delegate_too_many" // Count is how many are allowed
	DelegateOff      AnswerKind = "delegate_off"      // DELEGATION_MAX is 0
	DelegateNotOwner AnswerKind = "delegate_not_owner"
	DelegateNoDate   AnswerKind = "delegate_no_date" // the person or the date is missing
	HomeStale        AnswerKind = "home_stale"       // the button is from a Home that has been redrawn since

	// About asking the owner, who is Who.
	MayAskOwner      AnswerKind = "may_ask_owner"      // like NotAllowed, with a button to ask Who
	OwnerAsked       AnswerKind = "owner_asked"        // the question is open until Until
	AskedAlready     AnswerKind = "asked_already"      // the same
	OwnerMuted       AnswerKind = "owner_muted"        // Who does not want to be asked by this person
	OwnerNotReached  AnswerKind = "owner_not_reached"  // not found in Slack, or can't be written to
	TooManyQuestions AnswerKind = "too_many_questions" // the person has as many open questions as allowed
	ReasonMissing    AnswerKind = "reason_missing"     // the window came back without text
	MayYourself      AnswerKind = "may_yourself"       // nobody has to be asked
)

// AnswerKinds lists all kinds of answer.
func AnswerKinds() []AnswerKind {
	return []AnswerKind{
		NotAllowed, NotAllowedOwnerUnknown, Guest, Stranger, WrongChannel, TooMany, LeadTime, SecondPersonNeeded,
		NotYourButton, AlreadyAnswered, CardExpired, MeetingChanged, CardReplaced, PickFirst, OpenCard, UnderWay, LookupFailed,
		NotFound, AlreadyEnded, NothingToPick, NothingInHistory, NotStored, MaybeStored, UnknownButton, Busy,
		StillUnknown, Settled, ReasonSaved, UndoTooLate, NoNumberInMessage, TwoNumbersInMessage,
		CannotPostHere, WebinarNotSupported, OccurrenceNotFound, NotRecurring, TooLate, ConfirmedTooLong, ZoneUnknown, OtherCommand,
		NoneTicked, PageTurned, PersonUnknown, PersonNoAccount, NotTheirs,
		DelegateSelf, DelegateUnknown, DelegateBot, DelegateGone, DelegateGuest, DelegateExternal, DelegatePast, DelegateTooLong,
		DelegateTooMany, DelegateOff, DelegateNotOwner, DelegateNoDate, HomeStale,
		MayAskOwner, OwnerAsked, AskedAlready, OwnerMuted, OwnerNotReached, TooManyQuestions, ReasonMissing, MayYourself,
	}
}

// An Answer is one sentence for one person. Only Kind is always required; the kinds
// say which other fields they use.
type Answer struct {
	Kind      AnswerKind
	Request   cancellation.Request // what it is about; may be zero
	Who       string               // Slack user id of another person it names; may be empty
	Users     []string             // Slack user ids of people who can help; "*" is everybody
	Groups    []string             // Slack user group ids who can help
	Channels  []string             // Slack channel ids where it works
	Wait      time.Duration
	Count     int
	Until     time.Time // until when the question is open; may be zero
	Class     string    // class of a failed look-up, as in Request.Why
	Reference string    // for the log, shown in small print; may be empty
	Link      string    // permalink of the existing card; may be empty
	Line      string    // what was typed, or is to be typed, with its slash command; see the kind
}

// HelpFacts are what the help text depends on.
type HelpFacts struct {
	Command      string   // the slash command; empty is the Renderer's
	MayAny       bool     // this person may cancel any meeting
	Several      bool     // one card may cancel several meetings
	Helpers      []string // Slack ids of users and user groups who may cancel any; "*" is everybody
	Channels     []string // Slack channel ids where it works; empty or "*" is everywhere
	SecondPerson cancellation.SecondPerson
}
