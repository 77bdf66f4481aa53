package access

import (
	"context"

	"meetingbot/bot"
)

// sameOrganisation reports whether p belongs to the bot's workspace or its organisation. Slack
// does not flag people from a shared channel as strangers; only their team and organisation
// set them apart.
//
// If Slack's answer has neither, which its documentation doesn't provide for, the guest and
// stranger flags decide alone. Otherwise a missing field would shut everyone out.
func sameOrganisation(p bot.Person, us bot.Identity) bool {
	switch {
	case p.Team == "" && p.Enterprise == "":
		return true
	case p.Team != "" && p.Team == us.Team:
		return true
	}
	// In an organisation, a person's team may be another workspace, or the organisation
	// itself.
	return us.Enterprise != "" && (p.Enterprise == us.Enterprise || string(p.Team) == us.Enterprise)
}

// isForeign reports whether an event came from a workspace that is neither the bot's nor in
// its organisation. Fields that Slack leaves out decide nothing; the person is looked up as
// well.
func (p Place) isForeign(us bot.Identity) bool {
	switch {
	case p.Team == "", us.Team == "", p.Team == string(us.Team):
		return false
	case us.Enterprise == "":
		return true
	}
	return p.Team != us.Enterprise && p.Enterprise != "" && p.Enterprise != us.Enterprise
}

// Why a person may not be told what happens in this workspace.
const (
	External    = "external" // from another workspace
	Guest       = "guest"
	Deactivated = "deactivated" // or an app
)

// WhyNotMember says in one word why a person is not a full member of this workspace or its
// organisation; empty if they are one.
func (p *Policy) WhyNotMember(ctx context.Context, who bot.Person) (string, error) {
	us, err := p.Slack.Identify(ctx)
	if err != nil {
		return "", err
	}
	return whyNotMember(who, us), nil
}

// whyNotMember is [Policy.WhyNotMember] for a bot whose identity is known.
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
