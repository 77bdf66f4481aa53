package view

import (
	"cmp"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// channel is a page that everybody in r's channel reads. Only the asker, or the owner
// who is asked, reads a card in a direct message.
func (v *Renderer) channel(r cancellation.Request) page {
	locale := ""
	if isDirect(r) {
		locale = r.Locale
	}
	p := v.person(locale)
	p.bare = v.Minimal && r.Card.Way != cancellation.ByDirect && !isID(r.Channel, "D")
	return p
}

// isDirect reports whether the card of r stands in direct messages with the bot. One that
// was posted through a response_url does not: the bot is no member there.
func isDirect(r cancellation.Request) bool {
	return r.Card.Way == cancellation.ByDirect || isID(r.Channel, "DUW") && r.Card.Way != cancellation.ByResponse
}

// person is a page for one person; an empty locale is the channels' locale.
func (v *Renderer) person(locale string) page {
	return page{
		lang: v.Words.in(cmp.Or(locale, v.Locale)), second: v.Second, tell: v.Tell,
		command: cmp.Or(v.Command, command.Name),
	}
}

// owner is a page for the meeting's owner.
func (v *Renderer) owner(locale string) page {
	p := v.person(locale)
	p.toOwner = true
	return p
}

// refused is a page for one person who may have been refused: somebody who may not
// cancel a meeting need not learn more of it than its number.
func (v *Renderer) refused(locale string) page { return v.person(locale).discreet() }
