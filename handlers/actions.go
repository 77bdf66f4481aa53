package handlers

// The action_id of every button and menu is one of these verbs. The value of
// a button is the id of its request and nothing else: who may press it, which
// meeting it means and until when it counts come from the stored request.
const (
	ActionCancel            = "cancel_meeting"
	ActionEnd               = "end_meeting"
	ActionKeep              = "keep_meeting"
	ActionCancelSeries      = "cancel_series"
	ActionCancelOccurrences = "cancel_occurrences"
	ActionPickOccurrences   = "pick_occurrences" // multi menu; see OptionIndex
	ActionUndo              = "undo"
	ActionCheckAgain        = "check_again"
	ActionAddReason         = "add_reason"
	ActionChoose            = "choose_meeting" // block_id says which; see ChoiceIndex
)

// The message shortcut, the modal and its input.
const (
	ShortcutCancel = "cancel_this_meeting" // callback_id in the manifest
	ModalReason    = "reason"              // callback_id of the modal; its private_metadata is the request id
	InputReason    = "reason"              // block_id and action_id of the modal's one input
)
