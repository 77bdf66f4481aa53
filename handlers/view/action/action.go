package action

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

// All lists the action_ids of all buttons except those of Home and [Delegate].
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
