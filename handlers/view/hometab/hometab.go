package hometab

import (
	"slices"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// How much Home shows. Slack allows a hundred blocks.
const (
	maxWaiting     = 10
	MaxMeetings    = 40
	MaxCancelled   = 5
	MaxDelegations = 10 // that a person may give; all are shown

	shownSubjects = 3 // of a card about several meetings
)

// Facts are what a person's Home shows. What doesn't fit is left out and counted.
type Facts struct {
	Now     time.Time
	Refusal *answer.Answer // why this person may not use the bot; if set, Home shows nothing else

	Waiting        []cancellation.Request // questions that this person may answer
	WaitingPartial bool                   // some could not be checked

	Meetings    []Meeting // running ones first
	Partial     bool      // some could not be read
	FailedUntil time.Time // until when the meeting service asked the bot to wait; zero if it did not
	Failed      string    // class of the error if none could be read
	Channels    []string  // where the command works; empty or "*" means everywhere. If limited, no meeting in Home has a button

	Delegations []cancellation.Delegation // delegations that this person has given
	MayDelegate bool                      // this person may delegate

	Cancelled []cancellation.Request // cancellations of their meetings, latest first
	Kept      time.Duration          // how far back Cancelled goes, if KEEP makes that less than usual; else zero
}

// A Meeting is a row of Home, with the value of its button.
type Meeting struct {
	ID cancellation.ID
	cancellation.Choice
}

// Draw draws one person's tab: what is waiting for them, their meetings, who may cancel those,
// and what was cancelled recently.
func Draw(p page.Page, f Facts) bot.Home {
	if f.Refusal != nil {
		return tab(answer.Draw(p, *f.Refusal).Blocks)
	}
	return tab(slices.Concat(waiting(p, f), meetings(p, f), delegations(p, f), cancelled(p, f),
		block.Stack(block.Small(p.Say("home.as_of", words.Vars{"When": p.Moment("short", f.Now)})))))
}

// A Fault is why a Home can't be drawn.
type Fault string

// Why a Home can't be drawn.
const (
	NotRead       Fault = "failed_not_read"       // its facts could not be read
	UnknownPerson Fault = "failed_unknown_person" // Slack doesn't tell the bot who they are
	Slack         Fault = "failed_slack"          // Slack didn't answer, or refused
)

// Failed draws the tab of a person whose Home can't be drawn.
func Failed(p page.Page, why Fault) bot.Home {
	return tab(block.Stack(block.Section(block.Flow(p.Say("home.failed", nil), p.Say("home."+string(why), nil)))))
}

func tab(blocks []slack.Block) bot.Home {
	return bot.Home{HomeTabViewRequest: slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, CallbackID: "home", Blocks: slack.Blocks{BlockSet: blocks},
	}}
}
