package view

import (
	"cmp"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// channel is a page that everybody in r's channel reads. Only the asker, or the owner
// who is asked, reads a card in a direct message.
func (v *Renderer) channel(r cancellation.Request) page.Page {
	locale := ""
	if isDirect(r) {
		locale = r.Locale
	}
	p := v.person(locale)
	p.Bare = v.Minimal && r.Card.Way != cancellation.ByDirect && !block.IsID(r.Channel, "D")
	return p
}

// person is a page for one person; an empty locale is the channels' locale.
func (v *Renderer) person(locale string) page.Page {
	return page.Page{
		Language: v.Words.In(cmp.Or(locale, v.Locale)), Second: v.Second, Tell: v.Tell,
		Command: cmp.Or(v.Command, command.Name),
	}
}

// isDirect reports whether the card of r stands in direct messages with the bot. One that
// was posted through a response_url does not: the bot is no member there.
func isDirect(r cancellation.Request) bool {
	return r.Card.Way == cancellation.ByDirect || block.IsID(r.Channel, "DUW") && r.Card.Way != cancellation.ByResponse
}
