package action

import (
	"slices"
	"strconv"
	"strings"

	"meetingbot/internal/cancellation"
)

// The action_id of every button is one of these verbs. A button's value is its request's id
// and nothing else: who may press it, which meeting it is about and when it expires come from
// the stored request.
const (
	Cancel            = "cancel_meeting"
	End               = "end_meeting"
	Keep              = "keep_meeting"
	CancelSeries      = "cancel_series"      // also ends a running date; the button says so if the card shows that one is running
	CancelOccurrences = "cancel_occurrences" // the same for the ticked dates; see Picked
	Undo              = "undo"
	Stop              = "stop_waiting"
	CheckAgain        = "check_again"
	AddReason         = "add_reason"
	Choose            = "choose_meeting" // block_id says which; see ChoiceIndex
	Review            = "review_ticked"  // opens the second page of a card with several meetings
	CancelMany        = "cancel_ticked"  // on that page; block_id says which revision of it, see RevisionOf
	Back              = "back_to_ticks"
	AskOwner          = "ask_owner" // its value is the request that was refused
	Mute              = "dont_ask_again"
)

// The message shortcut, the modals that ask for a reason, and their input.
const (
	ShortcutCancel = "cancel_this_meeting" // callback_id in the manifest
	ModalReason    = "reason"              // callback_id of the modal; its private_metadata is the request id
	ModalAskOwner  = "ask_owner_reason"    // the same for asking the owner; the request is the one that was refused
	InputReason    = "reason"              // block_id and action_id of either modal's only input
)

// The buttons and the modal for delegations.
const (
	Delegate       = "delegate"          // on a card that the owner has answered; its value is the request
	DelegateAdd    = "delegate_add"      // in Home; it has no value
	DelegateRemove = "delegate_remove"   // in Home; its value is the delegation
	ModalDelegate  = "delegate_window"   // callback_id of the modal; its private_metadata is the request, if any
	InputReceiver  = "delegate_receiver" // block_id and action_id of the modal's inputs
	InputUntil     = "delegate_until"
)

// The other buttons of Home.
const (
	HomeCard    = "home_card"    // shows a waiting card; its value is the request
	HomeMeeting = "home_meeting" // asks about a meeting; its value is the meeting's id in the stored list
)

// Buttons lists the action_ids of all buttons.
func Buttons() []string {
	return []string{
		Cancel, End, Keep, CancelSeries, CancelOccurrences, Undo, Stop, CheckAgain,
		AddReason, Choose, AskOwner, Mute, Review, CancelMany, Back,
		Delegate, DelegateAdd, DelegateRemove, HomeCard, HomeMeeting,
	}
}

// Slack allows ten options per element. A card offers as many dates as fit in five elements.
const (
	MaxTicks = 10
	MaxDates = 50 // dates of a series that a card offers
)

// Inputs lists the action_ids of all checkboxes. A tick alone decides nothing: the ticks come
// with the button pressed afterwards.
func Inputs() []string { return slices.Concat(DateInputs(), MeetingInputs(), []string{InputTell}) }

// DateInputs lists the action_ids of the checkboxes for the dates of a series.
func DateInputs() []string {
	return []string{"pick_occurrences", "pick_occurrences_2", "pick_occurrences_3", "pick_occurrences_4", "pick_occurrences_5"}
}

// MeetingInputs lists the action_ids of the checkboxes on a card with several meetings.
func MeetingInputs() []string { return []string{"pick_meetings", "pick_meetings_2"} }

// MaxMeetings is how many meetings a card has room for.
const MaxMeetings = 2 * MaxTicks

// Picked reads the ticked dates from a click's values by action_id. It returns positions in
// the list of dates that the card was drawn from, sorted and without duplicates. It doesn't
// check them against that list, and drops anything that isn't a position.
func Picked(selected map[string][]string) []int { return picked(selected, DateInputs()) }

// PickedMany does the same for a card with several meetings; the positions are those of its
// items.
func PickedMany(selected map[string][]string) []int { return picked(selected, MeetingInputs()) }

func picked(selected map[string][]string, actions []string) []int {
	var all []int
	for _, action := range actions {
		for _, value := range selected[action] {
			if i, err := strconv.Atoi(value); err == nil && i >= 0 {
				all = append(all, i)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// The box that decides whether invited people are told. It counts when a button is pressed
// afterwards.
const (
	InputTell = "tell_invited"
	TellYes   = "yes"
)

// TellTicked reads from a click's values, by action_id, whether invited people should be told.
func TellTicked(selected map[string][]string) bool {
	return slices.Contains(selected[InputTell], TellYes)
}

// ticksPrefix starts the block_id of a row of boxes.
const ticksPrefix = "ticks:"

// TickBlock returns the block_id of a row of boxes. It ends with the request's id, as on a
// page, because a box has no value to carry it.
func TickBlock(of cancellation.ID, input string) string {
	return ticksPrefix + input + ":" + string(of)
}

// TickedRequest returns the request that a block_id's boxes belong to; empty if there is none.
func TickedRequest(blockID string) cancellation.ID {
	if strings.HasPrefix(blockID, ticksPrefix) || RevisionOf(blockID) >= 0 {
		return cancellation.ID(blockID[strings.LastIndexByte(blockID, ':')+1:])
	}
	return ""
}

// pagePrefix starts the block_id of everything on a page.
const pagePrefix = "page:"

// PageBlock returns a block_id that differs on every page, so that ticks on an earlier page
// are not carried over.
func PageBlock(of cancellation.ID, revision int, block string) string {
	return pagePrefix + strconv.Itoa(revision) + ":" + block + ":" + string(of)
}

// RevisionOf reads from a click's block_id which revision of a card was clicked; -1 if it
// doesn't say.
func RevisionOf(blockID string) int {
	page, _, _ := strings.Cut(strings.TrimPrefix(blockID, pagePrefix), ":")
	n, err := strconv.Atoi(page)
	if err != nil || !strings.HasPrefix(blockID, pagePrefix) {
		return -1
	}
	return n
}

// ChoiceBlock returns the block_id for choice i of a request's chooser.
func ChoiceBlock(of cancellation.ID, i int) string {
	return "choice:" + strconv.Itoa(i) + ":" + string(of[:min(8, len(of))])
}

// ChoiceIndex reads from the block_id of a click on Choose which choice was picked. It doesn't
// check the index against any list.
func ChoiceIndex(blockID string) (int, bool) {
	parts := strings.Split(blockID, ":")
	if len(parts) != 3 || parts[0] != "choice" {
		return 0, false
	}
	i, err := strconv.Atoi(parts[1])
	return i, err == nil && i >= 0
}
