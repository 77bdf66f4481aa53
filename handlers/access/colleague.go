package access

import (
	"context"

	"meetingbot/bot"
)

// Why a person may not be told what happens in this workspace.
const (
	External    = "external" // from another workspace
	Guest       = "guest"
	Deactivated = "deactivated" // or an app
)

// Colleague reports whether a person is a full member of this workspace or its organisation.
// If not, why is one word.
func (p *Policy) Colleague(ctx context.Context, who bot.Person) (yes bool, why string, err error) {
	us, err := p.Slack.Identify(ctx)
	if err != nil {
		return false, "", err
	}
	why = whyNotMember(who, us)
	return why == "", why, nil
}

// whyNotMember says in one word why a person is not a full member of the bot's workspace or
// its organisation; empty if they are one.
func whyNotMember(who bot.Person, us bot.Identity) string {
	switch {
	case who.External, !sameOrganisation(who, us):
		return External
	case who.Guest:
		return Guest
	case who.Deleted, who.Bot:
		return Deactivated
	}
	return ""
}
