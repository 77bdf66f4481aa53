package view

import (
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// A Renderer turns requests into messages. What a channel reads is in Locale, what
// one person reads is in the locale passed in. Its fields must not change after the
// first use.
type Renderer struct {
	Words   *words.Words
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
