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

// WhyNoColleague says in one word why a person is not a full member of this workspace or its
// organisation; empty if they are one.
func (p *Policy) WhyNoColleague(ctx context.Context, who bot.Person) (string, error) {
	us, err := p.Slack.Identify(ctx)
	if err != nil {
		return "", err
	}
	return whyNotMember(who, us), nil
}

// whyNotMember is [Policy.WhyNoColleague] for a bot whose identity is known.
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
