package bot_test

import (
	"net/http/httptest"
	"slices"
	"testing"

	"meetingbot/bot"
	"meetingbot/internal/slacksim"
)

// TestGroupOfAnotherWorkspace: a user group belongs to one workspace of the organisation, but can be read in a context
// for another.
func TestGroupOfAnotherWorkspace(t *testing.T) {
	t.Parallel()
	sim := slacksim.New(slacksim.Options{Scopes: []string{"commands", "chat:write", "users:read", "users:read.email", "usergroups:read"}})
	srv := httptest.NewServer(sim)
	t.Cleanup(func() {
		sim.Close()
		srv.Close()
	})
	sim.AddUser(slacksim.User{ID: "U1", RealName: "Ana"})
	sim.AddUser(slacksim.User{ID: "U2", RealName: "Bob"})
	sim.InstallToOrg(slacksim.Enterprise{ID: "E0ORG", Name: "Acme", Teams: []string{"T0TWO"}})
	sim.AddUserGroup("S1", []string{"U1", "U2"})
	client := bot.NewClient(bot.Config{BotToken: "xoxb-1-sim", APIURL: srv.URL + "/api/"})
	t.Cleanup(client.Close)
	if _, err := client.Identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, err := client.GroupMembers(bot.WithTeam(t.Context(), "T0TWO"), "S1")
	if err != nil || !slices.Equal(got, []bot.UserID{"U1", "U2"}) {
		t.Errorf("GroupMembers() = %q, %v, want U1 and U2", got, err)
	}
	for _, v := range sim.Violations() {
		t.Errorf("Slack would object: %s", v)
	}
}

// TestPersonOfAForeignWorkspace: a person from another organisation acts in a shared channel. Slack refuses to look them
// up in their own workspace; ours knows them as a stranger.
func TestPersonOfAForeignWorkspace(t *testing.T) {
	t.Parallel()
	sim := slacksim.New(slacksim.Options{Scopes: []string{"commands", "chat:write", "users:read", "users:read.email"}})
	srv := httptest.NewServer(sim)
	t.Cleanup(func() {
		sim.Close()
		srv.Close()
	})
	sim.InstallToOrg(slacksim.Enterprise{ID: "E0ORG", Name: "Acme", Teams: []string{"T0TWO"}})
	sim.AddUser(slacksim.User{ID: "U0FAR", RealName: "Eve", TeamID: "T0OTHER"})
	client := bot.NewClient(bot.Config{BotToken: "xoxb-1-sim", APIURL: srv.URL + "/api/"})
	t.Cleanup(client.Close)
	if _, err := client.Identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	who, err := client.Person(bot.WithTeam(t.Context(), "T0OTHER"), "U0FAR")
	if err != nil || !who.External {
		t.Errorf("Person() = %+v, %v, want a stranger", who, err)
	}
}
