package action

// The action_id of every button is one of these verbs. A button's value is its
// request's id and nothing else: who may press it, which meeting it is about and
// until when it is valid come from the stored request.
const (
	Cancel            = "cancel_meeting"
	End               = "end_meeting"
	Keep              = "keep_meeting"
	CancelSeries      = "cancel_series"      // also ends what is running, and says so if the card shows that it is running
	CancelOccurrences = "cancel_occurrences" // the same for the ticked dates; see Picked
	Undo              = "undo"
	Stop              = "stop_waiting"
	CheckAgain        = "check_again"
	AddReason         = "add_reason"
	Choose            = "choose_meeting" // block_id says which; see ChoiceIndex
	Review            = "review_ticked"  // goes to the second page of a card with several meetings
	CancelMany        = "cancel_ticked"  // on that page; block_id says which revision it was, see RevisionOf
	Back              = "back_to_ticks"
	AskOwner          = "ask_owner" // its request is the one that was refused
	Mute              = "dont_ask_again"
)

// The message shortcut, the modal and its input.
const (
	ShortcutCancel = "cancel_this_meeting" // callback_id in the manifest
	ModalReason    = "reason"              // callback_id of the modal; its private_metadata is the request id
	ModalAskOwner  = "ask_owner_reason"    // the same for the modal that asks the owner; the request is the one that was refused
	InputReason    = "reason"              // block_id and action_id of either modal's one input
)

// The buttons and the window for delegations.
const (
	Delegate       = "delegate"          // on a card that the owner has answered; its value is the request
	DelegateAdd    = "delegate_add"      // in Home; it has no value
	DelegateRemove = "delegate_remove"   // in Home; its value is the delegation
	ModalDelegate  = "delegate_window"   // callback_id of the window; its private_metadata is the request, if there is one
	InputReceiver  = "delegate_receiver" // block_id and action_id of the window's inputs
	InputUntil     = "delegate_until"
)

// The buttons of Home besides those of delegations.
const (
	HomeCard    = "home_card"    // shows a waiting card; its value is the request
	HomeMeeting = "home_meeting" // asks about a meeting; its value is what the stored list calls it
)

// All lists the action_ids of all buttons.
func All() []string {
	return []string{
		Cancel, End, Keep, CancelSeries, CancelOccurrences, Undo, Stop, CheckAgain,
		AddReason, Choose, AskOwner, Mute, Review, CancelMany, Back,
	}
}

// OfHome lists the action_ids of Home's buttons.
func OfHome() []string {
	return []string{HomeCard, HomeMeeting, DelegateAdd, DelegateRemove}
}
