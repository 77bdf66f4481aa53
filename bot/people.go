package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/slack-go/slack"
)

// Identity is who the bot is in Slack.
type Identity struct {
	Team       TeamID
	Enterprise string // on Enterprise Grid, else empty
	User       UserID // the bot's own user
	BotID      string
	TeamURL    string   // https://example.slack.com/
	Scopes     []string // what the bot token may do, sorted
}

// Identify asks Slack who the bot is. The first good answer is kept for ever.
// See https://docs.slack.dev/reference/methods/auth.test
func (b *Bot) Identify(ctx context.Context) (Identity, error) {
	const method = "auth.test"
	id, err := b.identity.get(ctx, struct{}{}, func(ctx context.Context) (Identity, error) {
		var id Identity
		err := b.call(ctx, method, "", func(ctx context.Context) error {
			answer, err := b.api.AuthTestContext(ctx)
			if err != nil {
				return err
			}
			id = Identity{
				Team: TeamID(answer.TeamID), Enterprise: answer.EnterpriseID, User: UserID(answer.UserID),
				BotID: answer.BotID, TeamURL: answer.URL, Scopes: scopes(answer.Header.Get("X-OAuth-Scopes")),
			}
			return nil
		})
		return id, err
	})
	return id, fault(method, err, true)
}

// AppID asks Slack which app the bot token belongs to. It needs the scope users:read.
// See https://docs.slack.dev/reference/methods/bots.info
func (b *Bot) AppID(ctx context.Context) (string, error) {
	us, err := b.Identify(ctx)
	if err != nil {
		return "", err
	}
	var id string
	err = b.call(ctx, "bots.info", "", func(ctx context.Context) error {
		info, err := b.api.GetBotInfoContext(ctx, slack.GetBotInfoParameters{Bot: us.BotID})
		if err == nil {
			id = info.AppID
		}
		return err
	})
	return id, err
}

func scopes(header string) []string {
	list := strings.FieldsFunc(header, func(r rune) bool { return r == ',' || r == ' ' })
	slices.Sort(list)
	return list
}

// Person is a Slack user as far as the bot cares.
type Person struct {
	ID         UserID
	Team       TeamID
	Enterprise string
	Name       string // as people see it; theirs to choose, so to be escaped
	Email      string // empty without the scope users:read.email, for bots and for strangers
	Locale     string // "pt-BR"; empty if Slack did not say
	TimeZone   string // "America/Sao_Paulo"
	Deleted    bool   // the account is deactivated
	Bot        bool
	Guest      bool // single- or multi-channel guest
	Stranger   bool // of another workspace, known only through a shared channel
}

// Person looks somebody up, or remembers them for Config.PersonTTL. ErrNoSuchPerson is not remembered.
// See https://docs.slack.dev/reference/methods/users.info
func (b *Bot) Person(ctx context.Context, id UserID) (Person, error) {
	const method = "users.info"
	p, err := b.people.get(ctx, id, func(ctx context.Context) (Person, error) {
		var p Person
		err := b.call(ctx, method, "", func(ctx context.Context) error {
			user, err := b.api.GetUserInfoContext(ctx, string(id))
			if err != nil {
				return err
			}
			p, err = person(user)
			return err
		})
		return p, err
	})
	return p, fault(method, err, true)
}

// CachedPerson returns what Person would return without asking Slack.
func (b *Bot) CachedPerson(id UserID) (Person, bool) { return b.people.peek(id) }

// lookup is an answer to "whose e-mail is this": somebody's, or nobody's.
type lookup struct {
	person Person
	absent *Error
}

// PersonByEmail finds the one with that address. ErrNoSuchPerson is a normal outcome; it and a find are remembered for
// Config.PersonTTL. Slack may not say the locale here: then Locale is empty, and Person still asks.
// See https://docs.slack.dev/reference/methods/users.lookupByEmail
func (b *Bot) PersonByEmail(ctx context.Context, email string) (Person, error) {
	const method = "users.lookupByEmail"
	email = strings.TrimSpace(email)
	if email == "" {
		return Person{}, &Error{Method: method, class: ErrNoSuchPerson, notSent: true}
	}
	found, err := b.emails.get(ctx, strings.ToLower(email), func(ctx context.Context) (lookup, error) {
		var p Person
		err := b.call(ctx, method, "", func(ctx context.Context) error {
			user, err := b.api.GetUserByEmailContext(ctx, email)
			if err != nil {
				return err
			}
			p, err = person(user)
			return err
		})
		if absent, ok := errors.AsType[*Error](err); ok && errors.Is(absent.class, ErrNoSuchPerson) {
			return lookup{absent: absent}, nil
		}
		if err == nil && p.Locale != "" {
			b.rememberPerson(p) // without the language, Person would have nothing better to offer until it is forgotten
		}
		return lookup{person: p}, err
	})
	if err != nil {
		return Person{}, fault(method, err, true)
	}
	if found.absent != nil {
		return Person{}, found.absent
	}
	return found.person, nil
}

// rememberPerson keeps p unless somebody better known, with a locale, is remembered already.
func (b *Bot) rememberPerson(p Person) {
	if _, known := b.people.peek(p.ID); !known {
		b.people.put(p.ID, p)
	}
}

func person(u *slack.User) (Person, error) {
	if u.ID == "" {
		return Person{}, errNoVerdict
	}
	p := Person{
		ID: UserID(u.ID), Team: TeamID(u.TeamID), Enterprise: u.Enterprise.EnterpriseID,
		Name: firstOf(u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name), Email: u.Profile.Email,
		Locale: u.Locale, TimeZone: u.TZ,
		Deleted: u.Deleted, Bot: u.IsBot, Guest: u.IsRestricted || u.IsUltraRestricted, Stranger: u.IsStranger,
	}
	return p, nil
}

func firstOf(candidates ...string) string {
	for _, c := range candidates {
		if c != "" {
			return c
		}
	}
	return ""
}

// GroupMembers lists a user group, or remembers it for Config.PersonTTL. It needs the scope usergroups:read.
// See https://docs.slack.dev/reference/methods/usergroups.users.list
func (b *Bot) GroupMembers(ctx context.Context, group GroupID) ([]UserID, error) {
	const method = "usergroups.users.list"
	members, err := b.groups.get(ctx, group, func(ctx context.Context) ([]UserID, error) {
		var members []UserID
		err := b.call(ctx, method, "", func(ctx context.Context) error {
			ids, err := b.api.GetUserGroupMembersContext(ctx, string(group))
			members = make([]UserID, 0, len(ids))
			for _, id := range ids {
				members = append(members, UserID(id))
			}
			return err
		})
		return members, err
	})
	return slices.Clone(members), fault(method, err, true)
}
