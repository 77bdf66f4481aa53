package card

import (
	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// final is the card when nothing can be decided any more. Only an unknown outcome
// keeps a button, which checks and changes nothing.
func final(p page.Page, r cancellation.Request) bot.Message {
	blocks := block.Stack(block.Header(outcome.Title(p, r)))
	blocks = append(blocks, facts(p, r)...)
	blocks = append(blocks,
		block.Section(outcome.Happened(p, r), outcome.Because(p, r), muted(p, r)), p.Reason(r),
		outcome.CheckAgain(p, r), let(p, r), outcome.SmallPrint(p, r))
	return bot.Message{
		Text:   block.Join("\n", outcome.Happened(p.Spoken(), r), outcome.Because(p, r)),
		Blocks: block.Stack(blocks...),
	}
}

// let is the button by which the owner, having decided, lets the asker cancel from
// now on.
func let(p page.Page, r cancellation.Request) slack.Block {
	if r.OfferLet == "" || !r.State.Final() {
		return nil
	}
	return block.Buttons(block.Button(r.ID, action.Delegate, p.Say("delegation.button", words.Vars{"Name": block.Plain(r.OfferLet, maxLetName)})))
}

const maxLetName = 30 // of a person's name on a button, so that the words after it stay visible

// muted says until when the owner is not asked again; empty if they did not choose
// that.
func muted(p page.Page, r cancellation.Request) string {
	return p.SayIf(!r.MutedUntil.IsZero(), "askowner.muted", words.Vars{"Who": p.Who(r.Asker), "When": p.Moment("short", r.MutedUntil)})
}
