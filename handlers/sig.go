package handlers

import (
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// Words holds the sentences of every language.
type Words struct{}

// LoadWords reads the embedded catalogues.
func LoadWords() (*Words, error) { return &Words{}, nil }

// Card is the whole card of r as it looks at now, for every state.
func (v *Views) Card(r cancellation.Request, now time.Time) bot.Message { return bot.Message{Text: "-"} }

// Working replaces the buttons as soon as somebody has confirmed.
func (v *Views) Working(r cancellation.Request) bot.Message { return bot.Message{Text: "-"} }

// ThreadReply says in the card's thread what happened.
func (v *Views) ThreadReply(r cancellation.Request) bot.Message { return bot.Message{Text: "-"} }

// OwnerNotice tells the owner of the meeting what happened.
func (v *Views) OwnerNotice(locale string, r cancellation.Request, link string) bot.Message {
	return bot.Message{Text: "-"}
}

// AskerNotice tells the asker the outcome where the card cannot be reached.
func (v *Views) AskerNotice(locale string, r cancellation.Request, link string) bot.Message {
	return bot.Message{Text: "-"}
}

// Fault says which part of a command is wrong.
func (v *Views) Fault(locale string, f *command.Fault) bot.Message { return bot.Message{Text: "-"} }

// Answer is one sentence for one person.
func (v *Views) Answer(locale string, a Answer) bot.Message { return bot.Message{Text: "-"} }

// Chooser offers the choices of r, each with a button.
func (v *Views) Chooser(locale string, r cancellation.Request) bot.Message {
	return bot.Message{Text: "-"}
}

// List shows upcoming meetings.
func (v *Views) List(locale string, rows []cancellation.Choice, more int) bot.Message {
	return bot.Message{Text: "-"}
}

// History shows past cancellations.
func (v *Views) History(locale string, rows []cancellation.Request) bot.Message {
	return bot.Message{Text: "-"}
}

// Help explains the command.
func (v *Views) Help(locale string, f HelpFacts) bot.Message { return bot.Message{Text: "-"} }

// ReasonModal asks for a reason.
func (v *Views) ReasonModal(locale string, r cancellation.Request) bot.Modal { return bot.Modal{} }

// ChoiceIndex reads which choice of a chooser a click on ActionChoose means, from the block_id of the click.
func ChoiceIndex(blockID string) (int, bool) { return 0, false }

// OptionIndex reads which occurrence an option of ActionPickOccurrences means, from its value.
func OptionIndex(value string) (int, bool) { return 0, false }
