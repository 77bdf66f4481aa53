package many

import (
	"context"
	"errors"
	"strings"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/command"
	"meetingbot/meetingapi"
)

// whose returns the person whose meetings are meant, or an answer that says why not. It
// checks whether the caller may ask for them before it looks up anything else.
func (g *gathering) whose(ctx context.Context) (bot.Person, *answer.Answer, error) {
	of := g.In.Command.Of
	if of.IsZero() {
		return g.Person, nil, nil
	}
	p, err := g.named(ctx, of)
	found := err == nil
	if err != nil && !errors.Is(err, bot.ErrNoSuchPerson) {
		return p, nil, err
	}
	refusal, err := g.Access.MayListFor(ctx, g.Person, p)
	if err != nil || refusal != nil {
		return p, refusal, err
	}
	not := func(k answer.Kind) *answer.Answer {
		line := strings.Trim(of.String(), "<>")
		if of.ID != "" && p.Name != "" { // they picked a name, and never saw the id
			line = "@" + p.Name
		}
		return &answer.Answer{Kind: k, Line: line}
	}
	if !found && of.Email == "" || p.Bot || p.External && p.Email == "" {
		return p, not(answer.PersonUnknown), nil
	}
	switch accounts, err := g.Owners.AccountsOf(ctx, p); {
	case err == nil && len(accounts) == 0:
		return p, not(answer.PersonNoAccount), nil
	case err != nil && !meetingapi.IsDenied(err): // a login without that permission goes by the owners in what it sees
		return p, nil, err
	}
	return p, nil, nil
}

// named looks the person up in Slack. A person who isn't there any more is known only by
// their address.
func (g *gathering) named(ctx context.Context, of command.Person) (bot.Person, error) {
	switch {
	case of.ID != "":
		return g.Slack.Person(ctx, bot.UserID(of.ID))
	case of.Email != "":
		p, err := g.Slack.PersonByEmail(ctx, of.Email)
		if errors.Is(err, bot.ErrNoSuchPerson) {
			p = bot.Person{}
		}
		p.Email = of.Email
		return p, err
	}
	return bot.Person{}, bot.ErrNoSuchPerson // a mere name proves nothing
}
