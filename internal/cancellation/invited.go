package cancellation

import "slices"

// TellInvited says whether people who were invited to a cancelled meeting get a
// direct message.
type TellInvited string

// The values of TELL_INVITED. The zero TellInvited means TellNever.
const (
	TellNever  TellInvited = "never"
	TellAsk    TellInvited = "ask" // a box on the card decides
	TellAlways TellInvited = "always"
)

// A Telling says whether invited people get a message, and how many did. It holds
// only numbers.
type Telling struct {
	Wanted bool       `json:"wanted,omitempty"` // by the box, or by the operator's rule
	Result TellResult `json:"result,omitempty"`
	People int        `json:"people,omitempty"` // how many were invited
	Told   int        `json:"told,omitempty"`   // how many of them got a message for invited people
	Knew   int        `json:"knew,omitempty"`   // how many need none: they did it, or got another message about it

	// A card with several meetings merges the people invited to those that were removed
	// into one list. Waves counts the lists. More says that another may follow, because a
	// meeting's outcome is still unknown.
	Waves int  `json:"lots,omitempty"`
	More  bool `json:"more,omitempty"`
}

// A TellResult is the outcome of telling invited people.
type TellResult string

// The results. The zero value means not tried yet, or in progress.
const (
	TellDone   TellResult = "done"
	TellUnread TellResult = "unread" // the list of invited people could not be read
)

// WithWave returns the batch after the people invited to the given parts have been merged
// into one list.
func (b *Batch) WithWave(parts []ID) *Batch {
	c := b.clone()
	for i, it := range c.Items {
		c.Items[i].InWave = it.InWave || slices.Contains(parts, it.Part)
	}
	return c
}
