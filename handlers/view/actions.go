package view

import (
	"slices"
	"strconv"
)

// The action_id of every button is one of these verbs. A button's value is its
// request's id and nothing else: who may press it, which meeting it is about and
// until when it is valid come from the stored request.
const (
	ActionCancel            = "cancel_meeting"
	ActionEnd               = "end_meeting"
	ActionKeep              = "keep_meeting"
	ActionCancelSeries      = "cancel_series"      // also ends what is running, and says so if the card shows that it is running
	ActionCancelOccurrences = "cancel_occurrences" // the same for the ticked dates; see Picked
	ActionUndo              = "undo"
	ActionStop              = "stop_waiting"
	ActionCheckAgain        = "check_again"
	ActionAddReason         = "add_reason"
	ActionChoose            = "choose_meeting" // block_id says which; see ChoiceIndex
	ActionReview            = "review_ticked"  // goes to the second page of a card with several meetings
	ActionCancelMany        = "cancel_ticked"  // on that page; block_id says which revision it was, see RevisionOf
	ActionBack              = "back_to_ticks"
	ActionAskOwner          = "ask_owner" // its request is the one that was refused
	ActionMute              = "dont_ask_again"
)

// The message shortcut, the modal and its input.
const (
	ShortcutCancel = "cancel_this_meeting" // callback_id in the manifest
	ModalReason    = "reason"              // callback_id of the modal; its private_metadata is the request id
	ModalAskOwner  = "ask_owner_reason"    // the same for the modal that asks the owner; the request is the one that was refused
	InputReason    = "reason"              // block_id and action_id of either modal's one input
)

// Actions lists the action_ids of all buttons.
func Actions() []string {
	return []string{
		ActionCancel, ActionEnd, ActionKeep, ActionCancelSeries, ActionCancelOccurrences, ActionUndo, ActionStop, ActionCheckAgain,
		ActionAddReason, ActionChoose, ActionAskOwner, ActionMute, ActionReview, ActionCancelMany, ActionBack,
	}
}

// Slack allows ten options per element. A card offers as many dates as five elements
// hold.
const (
	maxTicks = 10
	MaxDates = 50 // dates of a series that a card offers
)

// Inputs lists the action_ids of all checkboxes. A tick by itself asks for nothing:
// the ticks come with the button pressed afterwards.
func Inputs() []string { return slices.Concat(dateInputs(), meetingInputs(), []string{InputTell}) }

// dateInputs lists the action_ids of the checkboxes with the dates of a series.
func dateInputs() []string {
	return []string{"pick_occurrences", "pick_occurrences_2", "pick_occurrences_3", "pick_occurrences_4", "pick_occurrences_5"}
}

// Picked reads which dates are ticked from the values that come with a click, by
// action_id: positions in the list of dates that the card was drawn from, in order,
// each once. They are not checked against that list; anything that isn't a position
// is dropped.
func Picked(selected map[string][]string) []int { return picked(selected, dateInputs()) }

// PickedMany does the same for a card with several meetings: positions in its items.
func PickedMany(selected map[string][]string) []int { return picked(selected, meetingInputs()) }

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
