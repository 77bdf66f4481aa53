package access

import (
	"context"
	"testing"

	"meetingbot/bot"
)

// A home is the bot's own workspace.
type home struct{ Slack }

func (home) Identify(context.Context) (bot.Identity, error) {
	return bot.Identity{Team: "T1", Enterprise: "E1"}, nil
}

func TestWhyNotMember(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		who  bot.Person
		want string // why not
	}{
		{bot.Person{ID: "U1", Team: "T1"}, ""},
		{bot.Person{ID: "U1", Team: "T2", Enterprise: "E1"}, ""},
		{bot.Person{ID: "U1", Team: "T2"}, External},
		{bot.Person{ID: "U1", Team: "T1", External: true}, External},
		{bot.Person{ID: "U1", Team: "T1", Guest: true}, Guest},
		{bot.Person{ID: "U1", Team: "T1", Deleted: true}, Deactivated},
		{bot.Person{ID: "U1", Team: "T1", Bot: true}, Deactivated},
	} {
		why, err := (&Policy{Slack: home{}}).WhyNotMember(t.Context(), tt.who)
		if err != nil || why != tt.want {
			t.Errorf("WhyNotMember(%+v) = %q, %v, want %q", tt.who, why, err, tt.want)
		}
	}
}
