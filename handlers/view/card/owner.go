package card

import (
	"github.com/slack-go/slack"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// asks says on the owner's card who is asking, and where; nil on any other card.
func asks(p page.Page, r cancellation.Request) slack.Block {
	if !r.IsQuestion() {
		return nil
	}
	return block.Section(p.Say("askowner.asks", words.Vars{"Who": p.Who(r.Asker)}), askedIn(p, r))
}

// askedIn is where it was asked; empty for a conversation without a name.
func askedIn(p page.Page, r cancellation.Request) string {
	if !block.IsID(r.Channel, "CG") {
		return ""
	}
	return p.Say("askowner.asked_in", words.Vars{"Channel": block.Mention(r.Channel)})
}

// askedByOther says who asked, unless the card has already said so above.
func askedByOther(p page.Page, r cancellation.Request) string {
	if r.IsQuestion() {
		return ""
	}
	return p.AskedBy(r)
}
