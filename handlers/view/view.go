package view

import (
	"cmp"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/card"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
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

// Person is a page for one person, on which the packages below draw. An empty locale is
// the channels' locale.
func (v *Renderer) Person(locale string) page.Page {
	return page.Page{
		Language: v.Words.In(cmp.Or(locale, v.Locale)), Second: v.Second, Tell: v.Tell,
		Command: cmp.Or(v.Command, command.Name),
	}
}

// Card is the whole card of r at the time now.
func (v *Renderer) Card(r cancellation.Request, now time.Time) bot.Message {
	if r.Batch != nil {
		return batch.Draw(v.channel(r), r, now)
	}
	return card.Draw(v.channel(r), r, now)
}

// ThreadReply says in the card's thread what happened, and who was told.
func (v *Renderer) ThreadReply(r cancellation.Request) bot.Message {
	if r.Batch != nil {
		return batch.Reply(v.channel(r), r)
	}
	return notice.Thread(v.channel(r), r)
}

// channel is a page that everybody in r's channel reads. Only the asker, or the owner
// who is asked, reads a card in a direct message.
func (v *Renderer) channel(r cancellation.Request) page.Page {
	locale := ""
	if isDirect(r) {
		locale = r.Locale
	}
	p := v.Person(locale)
	p.Bare = v.Minimal && r.Card.Way != cancellation.ByDirect && !block.IsID(r.Channel, "D")
	return p
}

// isDirect reports whether the card of r is in direct messages with the bot. One that
// was posted through a response_url is not: the bot is no member there.
func isDirect(r cancellation.Request) bool {
	return r.Card.Way == cancellation.ByDirect || block.IsID(r.Channel, "DUW") && r.Card.Way != cancellation.ByResponse
}
