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

// final draws the card when nothing can be decided any more. Only an unknown outcome has a
// button, which checks and changes nothing.
func final(p page.Page, r cancellation.Request) bot.Message {
	blocks := block.Stack(block.Header(outcome.Title(p, r)))
	blocks = append(blocks, facts(p, r)...)
	blocks = append(blocks,
		block.Section(outcome.Happened(p, r), outcome.Because(p, r), muted(p, r)), p.Reason(r),
		outcome.CheckAgain(p, r), delegateButton(p, r), outcome.SmallPrint(p, r))
	return bot.Message{
		Text:   block.Join("\n", outcome.Happened(p.ForFallback(), r), outcome.Because(p, r)),
		Blocks: block.Stack(blocks...),
	}
}

// delegateButton returns the button that lets the owner, once they have decided, delegate to
// the asker.
func delegateButton(p page.Page, r cancellation.Request) slack.Block {
	if r.OfferDelegationTo == "" || !r.State.Final() {
		return nil
	}
	return block.Buttons(block.Button(r.ID, action.Delegate, p.Say("delegation.button", words.Vars{"Name": block.Plain(r.OfferDelegationTo, maxButtonName)})))
}

const maxButtonName = 30 // of a person's name on a button, so that the words after it stay visible

// muted says until when the owner won't be asked again; empty if they didn't choose that.
func muted(p page.Page, r cancellation.Request) string {
	return p.SayIf(!r.MutedUntil.IsZero(), "askowner.muted", words.Vars{"Who": p.Who(r.Asker), "When": p.Moment("short", r.MutedUntil)})
}
