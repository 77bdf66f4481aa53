package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/memo"
)

// Person is what the bot needs to know about a Slack user.
type Person struct {
	ID         UserID
	Team       TeamID
	Enterprise string
	Name       string // display name; users choose it, so escape it
	Email      string // empty without the scope users:read.email, for bots, and for people from other workspaces
	Locale     string // "pt-BR"; empty if Slack did not say
	TimeZone   string // "America/Sao_Paulo"; empty if Slack did not say
	// TimeOffset is the person's current offset east of UTC, for machines that don't know TimeZone. It is set whenever
	// TimeZone is.
	TimeOffset time.Duration
	Deleted    bool // the account is deactivated
	Bot        bool
	Guest      bool // single- or multi-channel guest
	External   bool // from another workspace, known only through a shared channel
}

type userAnswer struct {
	verdict
	User struct {
		ID              string `json:"id"`
		TeamID          string `json:"team_id"`
		Name            string `json:"name"`
		RealName        string `json:"real_name"`
		Locale          string `json:"locale"`
		TZ              string `json:"tz"`
		TZOffset        int    `json:"tz_offset"` // seconds
		Deleted         bool   `json:"deleted"`
		Bot             bool   `json:"is_bot"`
		Restricted      bool   `json:"is_restricted"`
		UltraRestricted bool   `json:"is_ultra_restricted"`
		Stranger        bool   `json:"is_stranger"`
		Enterprise      struct {
			ID string `json:"enterprise_id"`
		} `json:"enterprise_user"`
		Profile struct {
			DisplayName string `json:"display_name"`
			RealName    string `json:"real_name"`
			Email       string `json:"email"`
		} `json:"profile"`
	} `json:"user"`
}

// slackbot is Slack's own app in every workspace. Slack doesn't flag it as a bot.
const slackbot = "USLACKBOT"

func (a *userAnswer) person() Person {
	u := a.User
	return Person{
		ID: UserID(u.ID), Team: TeamID(u.TeamID), Enterprise: u.Enterprise.ID,
		Name: cmp.Or(u.Profile.DisplayName, u.Profile.RealName, u.RealName, u.Name), Email: u.Profile.Email,
		Locale: u.Locale, TimeZone: u.TZ, TimeOffset: time.Duration(u.TZOffset) * time.Second,
		Deleted: u.Deleted, Bot: u.Bot || u.ID == slackbot, Guest: u.Restricted || u.UltraRestricted, External: u.Stranger,
	}
}

// Person looks up a user and caches the answer for a minute. ErrNoSuchPerson is not cached.
// See https://docs.slack.dev/reference/methods/users.info
func (c *Client) Person(ctx context.Context, id UserID) (Person, error) {
	const method = "users.info"
	return lookUp(ctx, c.people, method, id, func(ctx context.Context) (Person, error) {
		return userOf(ctx, c, method, "user", string(id), "include_locale", "true")
	})
}

func userOf(ctx context.Context, c *Client, method string, args ...string) (Person, error) {
	p, err := userInTeam(ctx, c, method, args...)
	if team, ok := fallbackTeam(ctx, c, err); ok {
		return userInTeam(WithTeam(ctx, team), c, method, args...)
	}
	return p, err
}

func userInTeam(ctx context.Context, c *Client, method string, args ...string) (Person, error) {
	var a userAnswer
	err := callInTeam(ctx, c, method, values(args...), &a)
	return a.person(), require(a.User.ID, method, err)
}

// CachedPerson returns what Person would return without asking Slack.
func (c *Client) CachedPerson(id UserID) (Person, bool) { return c.people.Peek(id) }

// PersonByEmail finds the person with that address. ErrNoSuchPerson is a normal outcome; both outcomes are cached for a
// minute. Slack may leave out the locale here; Person still fetches it then.
// See https://docs.slack.dev/reference/methods/users.lookupByEmail
func (c *Client) PersonByEmail(ctx context.Context, email string) (Person, error) {
	const method = "users.lookupByEmail"
	email = strings.TrimSpace(email)
	if email == "" {
		return Person{}, &Error{Method: method, class: ErrNoSuchPerson, notSent: true}
	}
	return lookUp(ctx, c.emails, method, strings.ToLower(email), func(ctx context.Context) (Person, error) {
		began := time.Now()
		p, err := emailInAnyTeam(ctx, c, method, email)
		if errors.Is(err, ErrNoSuchPerson) {
			return Person{}, memo.CacheError(err)
		}
		if err == nil && (p.Locale != "" || p.Deleted) {
			c.people.Put(p.ID, p, began) // without a locale, Person would serve this poorer answer until it expires
		}
		return p, err
	})
}

const methodGroup = "usergroups.users.list"

// GroupMembers lists a user group and caches the answer for a minute. It needs the scope usergroups:read.
// See https://docs.slack.dev/reference/methods/usergroups.users.list
func (c *Client) GroupMembers(ctx context.Context, group GroupID) ([]UserID, error) {
	members, err := lookUp(ctx, c.groups, methodGroup, group, func(ctx context.Context) ([]UserID, error) { return groupInAnyTeam(ctx, c, group) })
	return slices.Clone(members), err
}

// DirectChannel returns the conversation with one person, opening it if needed. It needs the scope im:write, unlike DM. It
// returns ErrNoSuchPerson if that person can't be messaged.
// See https://docs.slack.dev/reference/methods/conversations.open
func (c *Client) DirectChannel(ctx context.Context, user UserID) (ChannelID, error) {
	const method = "conversations.open"
	var a struct {
		verdict
		Channel struct {
			ID ChannelID `json:"id"`
		} `json:"channel"`
	}
	err := callInTeam(ctx, c, method, values("users", string(user), "return_im", "true"), &a)
	return a.Channel.ID, require(string(a.Channel.ID), method, err)
}

// IsArchived reports whether a conversation is archived. It needs the scope channels:read, groups:read for private
// channels, and im:read or mpim:read for direct messages. It returns ErrCannotPost if the conversation doesn't exist or is
// private and the bot is not in it; Slack doesn't tell these apart.
// See https://docs.slack.dev/reference/methods/conversations.info
func IsArchived(ctx context.Context, c *Client, id ChannelID) (bool, error) {
	const method = "conversations.info"
	var a struct {
		verdict
		Channel struct {
			ID       string `json:"id"`
			Archived bool   `json:"is_archived"`
		} `json:"channel"`
	}
	err := c.call(ctx, method, values("channel", string(id)), &a)
	return a.Channel.Archived, require(a.Channel.ID, method, err)
}
