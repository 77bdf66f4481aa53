package access

import (
	"context"

	"meetingbot/bot"
)

// Why a person may not be told what happens in this workspace.
const (
	External    = "external" // from another workspace
	Guest       = "guest"
	Deactivated = "deactivated" // or a bot
)

// Colleague reports whether a person is a full member of this workspace or its organisation.
// If not, why is one word.
func (p *Policy) Colleague(ctx context.Context, who bot.Person) (yes bool, why string, err error) {
	us, err := p.Slack.Identify(ctx)
	switch {
	case err != nil:
		return false, "", err
	case who.Deleted, who.Bot:
		return false, Deactivated, nil
	case who.External, !sameOrganisation(who, us):
		return false, External, nil
	case who.Guest:
		return false, Guest, nil
	}
	return true, "", nil
}
