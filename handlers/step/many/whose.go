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

// whose is the person whose meetings are meant, or the answer that says why not.
// Whether the caller may ask for them is settled before anything is looked up.
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
	refusal, err := g.Access.MayFor(ctx, g.Person, p)
	if err != nil || refusal != nil {
		return p, refusal, err
	}
	unknown := &answer.Answer{Kind: answer.PersonUnknown, Line: strings.Trim(of.String(), "<>")}
	switch {
	case !found && of.Email == "", p.Bot, p.Stranger && p.Email == "":
		return p, unknown, nil
	case p.Email == "" && of.Email == "" && !g.hasAccount(ctx, p):
		return p, &answer.Answer{Kind: answer.PersonNoAccount, Line: strings.Trim(of.String(), "<>")}, nil
	}
	return g.withAccount(ctx, p, of)
}

// named looks the person up in Slack. Who is not there any more is known by their
// address alone.
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
	return bot.Person{}, bot.ErrNoSuchPerson // a name decides nothing
}

// withAccount wants the person to have an account at the meeting service. A login
// that may not ask for accounts goes by the owners of the meetings that it sees.
func (g *gathering) withAccount(ctx context.Context, p bot.Person, of command.Person) (bot.Person, *answer.Answer, error) {
	accounts, err := g.Owners.AccountsOf(ctx, p)
	switch {
	case meetingapi.IsDenied(err), err == nil && len(accounts) > 0:
		return p, nil, nil
	case err != nil:
		return p, nil, err
	}
	return p, &answer.Answer{Kind: answer.PersonNoAccount, Line: strings.Trim(of.String(), "<>")}, nil
}

// hasAccount reports whether the operator's map knows somebody whose address Slack
// does not tell.
func (g *gathering) hasAccount(ctx context.Context, p bot.Person) bool {
	accounts, err := g.Owners.AccountsOf(ctx, p)
	return err != nil || len(accounts) > 0
}
