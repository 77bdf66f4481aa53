package notice

import (
	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Given tells the giver that the delegation is active.
func Given(p page.Page, d cancellation.Delegation) bot.Message {
	return letter(p, func(p page.Page) string {
		return p.Say("delegation.given", words.Vars{"Who": p.Who(d.Receiver), "When": p.Moment("long", d.Until)})
	})
}

// Delegation tells the receiver that they may cancel the giver's meetings, with
// an example of what to type, or that they no longer may.
func Delegation(p page.Page, d cancellation.Delegation) bot.Message {
	key := "delegation.received"
	if !d.EndedAt.IsZero() {
		key = "delegation.ended"
	}
	return letter(p, func(p page.Page) string {
		return p.Say(key, words.Vars{
			"Who": p.Who(d.Giver), "When": p.Moment("long", d.Until), "Example": p.Example(cancellation.Request{}, ""),
		})
	})
}

// letter draws a message of one paragraph. It writes the text twice: for reading and for a
// notification.
func letter(p page.Page, text func(page.Page) string) bot.Message {
	return bot.Message{Text: text(p.ForFallback()), Blocks: block.Stack(block.Section(text(p)))}
}
