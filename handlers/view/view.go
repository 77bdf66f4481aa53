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

// A Renderer turns requests into messages. Channels read Locale; a person reads the locale
// passed in. The fields must not change after first use.
type Renderer struct {
	Words   *words.Words
	Locale  string                    // BOT_LOCALE; empty means English
	Minimal bool                      // CARD_DETAILS=minimal: channels see no subject or owner
	Second  cancellation.SecondPerson // SECOND_PERSON; empty means never
	Tell    cancellation.TellInvited  // TELL_INVITED; empty means never
}

// Person returns a page for one person, for the packages below to draw on. An empty locale
// means the channels' locale.
func (v *Renderer) Person(locale string) page.Page {
	return page.Page{Language: v.Words.In(cmp.Or(locale, v.Locale)), Second: v.Second, Tell: v.Tell, Command: command.Name}
}

// Card draws the card of r as of now.
func (v *Renderer) Card(r cancellation.Request, now time.Time) bot.Message {
	if r.Batch != nil {
		return batch.Draw(v.channel(r), r, now)
	}
	return card.Draw(v.channel(r), r, now)
}

// ThreadReply draws the reply in the card's thread: what happened, and who was told.
func (v *Renderer) ThreadReply(r cancellation.Request) bot.Message {
	if r.Batch != nil {
		return batch.Reply(v.channel(r), r)
	}
	return notice.Thread(v.channel(r), r)
}

// channel returns a page for everyone who can read r's card. In a direct message that is only
// the asker, or the owner who was asked.
func (v *Renderer) channel(r cancellation.Request) page.Page {
	locale := ""
	if isDirect(r) {
		locale = r.Locale
	}
	p := v.Person(locale)
	p.Bare = v.Minimal && r.Card.Way != cancellation.ByDirect && !block.IsID(r.Channel, "D")
	return p
}

// isDirect reports whether the card of r is in direct messages with the bot. A card posted
// through a response_url isn't: the bot is no member there.
func isDirect(r cancellation.Request) bool {
	return r.Card.Way == cancellation.ByDirect || block.IsID(r.Channel, "DUW") && r.Card.Way != cancellation.ByResponse
}
