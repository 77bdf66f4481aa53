package bot_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
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

// TestRefusedGroup: a user group is looked for in our workspaces with whichever code Slack refuses the person's.
func TestRefusedGroup(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"team_access_not_granted", "team_not_found", "no_such_subteam"} {
		f := newFake(t)
		f.Answer("auth.test", fake.Reply(orgIdentity))
		f.Answer("auth.teams.list", fake.Reply(`{"ok":true,"teams":[{"id":"T0ONE"}]}`))
		f.Answer("usergroups.users.list", fake.InTurn(fake.Reply(`{"ok":false,"error":"`+code+`"}`), fake.Reply(`{"ok":true,"users":["U1"]}`)))
		client := bot.NewClient(f.config())
		t.Cleanup(client.Close)
		if _, err := client.Identify(t.Context()); err != nil {
			t.Fatal(err)
		}
		got, err := client.GroupMembers(bot.WithTeam(t.Context(), "T0OTHER"), "S1")
		if err != nil || !slices.Equal(got, []bot.UserID{"U1"}) {
			t.Errorf("%s: GroupMembers() = %q, %v, want U1", code, got, err)
		}
	}
}

// TestGroupIsRemembered: a user group's workspace is looked for once, because Slack allows only twenty of these calls a minute.
func TestGroupIsRemembered(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("auth.test", fake.Reply(orgIdentity))
	f.Answer("auth.teams.list", fake.Reply(`{"ok":true,"teams":[{"id":"T1"},{"id":"T2"},{"id":"T3"}]}`))
	f.Answer("usergroups.users.list", func(w http.ResponseWriter, r *http.Request) {
		calls := f.Made("usergroups.users.list")
		if calls[len(calls)-1].Form.Get("team_id") != "T3" {
			fake.Reply(`{"ok":false,"error":"no_such_subteam"}`)(w, r)
			return
		}
		fake.Reply(`{"ok":true,"users":["U1"]}`)(w, r)
	})
	client := bot.NewClient(f.config())
	t.Cleanup(client.Close)
	if _, err := client.Identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{3, 4} {
		got, err := client.GroupMembers(bot.FreshSince(bot.WithTeam(t.Context(), "T1"), time.Now()), "S1")
		if n := len(f.Made("usergroups.users.list")); err != nil || !slices.Equal(got, []bot.UserID{"U1"}) || n != want {
			t.Errorf("GroupMembers() no. %d = %q, %v after %d calls, want U1 after %d", i+1, got, err, n, want)
		}
	}
}

// orgIdentity answers auth.test of an app installed for a whole organisation.
const orgIdentity = `{"ok":true,"team_id":"E0ORG","user_id":"U0BOT","enterprise_id":"E0ORG","is_enterprise_install":true}`

// TestRefusalsOfAForeignWorkspace: Slack doesn't say with which code it refuses a workspace of another organisation. One of
// our own that is refused is for an operator to mend, so it isn't asked elsewhere.
func TestRefusalsOfAForeignWorkspace(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		team  bot.TeamID
		code  string
		found bool
	}{
		{"T0OTHER", "team_access_not_granted", true},
		{"T0OTHER", "team_not_found", true},
		{"T0OTHER", "fatal_error", false},
		{"T0ONE", "team_access_not_granted", false},
		{"T0ONE", "team_not_found", false},
	} {
		t.Run(string(test.team)+" "+test.code, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.Answer("auth.test", fake.Reply(orgIdentity))
			f.Answer("auth.teams.list", fake.Reply(`{"ok":true,"teams":[{"id":"T0ONE"}]}`))
			f.Answer("users.info", fake.InTurn(fake.Reply(`{"ok":false,"error":"`+test.code+`"}`), fake.Reply(`{"ok":true,"user":{"id":"U0FAR","is_stranger":true}}`)))
			client := bot.NewClient(f.config())
			t.Cleanup(client.Close)
			if _, err := client.Identify(t.Context()); err != nil {
				t.Fatal(err)
			}
			who, err := client.Person(bot.WithTeam(t.Context(), test.team), "U0FAR")
			if found := err == nil && who.External; found != test.found {
				t.Errorf("Person() = %+v, %v, want a stranger: %t", who, err, test.found)
			}
		})
	}
}

// TestEmailInTheOrganisation: a person is looked up in one workspace of the organisation. They
// count as not found only if every workspace has said so, or Slack has searched them all.
func TestEmailInTheOrganisation(t *testing.T) {
	t.Parallel()
	const (
		found    = `{"ok":true,"user":{"id":"U2"}}`
		notFound = `{"ok":false,"error":"users_not_found"}`
		refused  = `{"ok":false,"error":"team_access_not_granted"}`
		busy     = `{"ok":false,"error":"internal_error"}`
		teams    = `{"ok":true,"teams":[{"id":"T1"},{"id":"T2"},{"id":"T3"}]}`
	)
	for _, row := range []struct {
		name    string
		one     bool              // the app is installed in one workspace
		answers map[string]string // by workspace; none means that it isn't asked
		teams   string
		want    error
	}{
		{"in the person's workspace", false, map[string]string{"T1": found}, "", nil},
		{"in the organisation", false, map[string]string{"T1": notFound, "": found}, "", nil},
		{"not in the organisation", false, map[string]string{"T1": notFound, "": notFound}, "", bot.ErrNoSuchPerson},
		{"in another workspace", false, map[string]string{"T1": notFound, "": refused, "T2": notFound, "T3": found}, teams, nil},
		{"in another workspace, while one refuses", false, map[string]string{"T1": notFound, "": refused, "T2": refused, "T3": found}, teams, nil},
		{"in no workspace", false, map[string]string{"T1": notFound, "": refused, "T2": notFound, "T3": notFound}, teams, bot.ErrNoSuchPerson},
		{"in none, and one refuses", false, map[string]string{"T1": notFound, "": refused, "T2": refused, "T3": notFound}, teams, bot.ErrCredentials},
		{"in none, and one doesn't answer", false, map[string]string{"T1": notFound, "": refused, "T2": busy}, teams, bot.ErrUnavailable},
		{"the organisation doesn't answer", false, map[string]string{"T1": notFound, "": busy}, "", bot.ErrUnavailable},
		{"the workspaces can't be listed", false, map[string]string{"T1": notFound, "": refused}, busy, bot.ErrUnavailable},
		{"there is one workspace", false, map[string]string{"T1": notFound, "": refused}, `{"ok":true,"teams":[{"id":"T1"}]}`, bot.ErrNoSuchPerson},
		{"not for an organisation", true, map[string]string{"": notFound}, "", bot.ErrNoSuchPerson},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			if !row.one {
				f.Answer("auth.test", fake.Reply(`{"ok":true,"team_id":"E1","enterprise_id":"E1","is_enterprise_install":true,"user_id":"UBOT","bot_id":"B1"}`))
			}
			f.Answer("auth.teams.list", fake.Reply(row.teams))
			f.Answer("users.lookupByEmail", func(w http.ResponseWriter, r *http.Request) {
				calls := f.Made("users.lookupByEmail")
				team := calls[len(calls)-1].Form.Get("team_id")
				answer, expected := row.answers[team]
				if !expected {
					t.Errorf("workspace %q is asked", team)
				}
				fake.Reply(answer)(w, r)
			})
			b := bot.NewClient(f.config())
			if _, err := b.Identify(t.Context()); err != nil {
				t.Fatal(err)
			}
			p, err := b.PersonByEmail(bot.WithTeam(t.Context(), "T1"), "bob@acme.example")
			if !errors.Is(err, row.want) || (err == nil) != (p.ID == "U2") {
				t.Errorf("PersonByEmail() = %+v, %v, want %v", p, err, row.want)
			}
			if n := len(f.Made("users.lookupByEmail")); n != len(row.answers) {
				t.Errorf("users.lookupByEmail calls = %d, want %d", n, len(row.answers))
			}
		})
	}
}

// TestEmailInALargeOrganisation: looking for a person who is in no workspace leaves most of Slack's limit to other look-ups,
// and a search that had to stop goes on where it was.
func TestEmailInALargeOrganisation(t *testing.T) {
	t.Parallel()
	const workspaces = 50
	var teams []string
	for i := range workspaces {
		teams = append(teams, fmt.Sprintf(`{"id":"T%d"}`, i))
	}
	f := newFake(t)
	f.Answer("auth.test", fake.Reply(orgIdentity))
	f.Answer("auth.teams.list", fake.Reply(`{"ok":true,"teams":[`+strings.Join(teams, ",")+`]}`))
	f.Answer("users.lookupByEmail", func(w http.ResponseWriter, r *http.Request) {
		code := "users_not_found"
		if calls := f.Made("users.lookupByEmail"); calls[len(calls)-1].Form.Get("team_id") == "" {
			code = "team_access_not_granted"
		}
		fake.Reply(`{"ok":false,"error":"`+code+`"}`)(w, r)
	})
	b := bot.NewClient(f.config())
	if _, err := b.Identify(t.Context()); err != nil {
		t.Fatal(err)
	}
	look := func() error {
		_, err := b.PersonByEmail(bot.WithTeam(t.Context(), "T7"), "bob@acme.example")
		return err
	}
	err := look()
	if slack, ok := errors.AsType[*bot.Error](err); !ok || !errors.Is(err, bot.ErrThrottled) || slack.RetryAfter <= 0 {
		t.Errorf("PersonByEmail() = %v, want %v with the time to wait", err, bot.ErrThrottled)
	}
	if n := len(f.Made("users.lookupByEmail")); n > 25 {
		t.Errorf("%d calls at once, want no more than half of those that Slack allows a minute", n)
	}
	for i := 0; i < workspaces && errors.Is(err, bot.ErrThrottled); i++ {
		b.WaitForSearch()
		err = look()
	}
	if !errors.Is(err, bot.ErrNoSuchPerson) {
		t.Errorf("PersonByEmail() = %v, want %v", err, bot.ErrNoSuchPerson)
	}
	if n := len(f.Made("users.lookupByEmail")); n != workspaces+1 { // each once, and none
		t.Errorf("users.lookupByEmail calls = %d, want %d", n, workspaces+1)
	}
	if n := len(f.Made("auth.teams.list")); n != 1 {
		t.Errorf("auth.teams.list calls = %d, want one", n)
	}
}

// TestTeamRightAfterTheStart: work that resumes from a store may look somebody up before anything has asked Slack how the
// app is installed.
func TestTeamRightAfterTheStart(t *testing.T) {
	t.Parallel()
	for method, call := range map[string]func(*bot.Client, context.Context) error{
		"users.lookupByEmail": func(b *bot.Client, ctx context.Context) error {
			_, err := b.PersonByEmail(ctx, "bob@acme.example")
			return err
		},
		"users.info":            func(b *bot.Client, ctx context.Context) error { _, err := b.Person(ctx, "U2"); return err },
		"usergroups.users.list": func(b *bot.Client, ctx context.Context) error { _, err := b.GroupMembers(ctx, "S1"); return err },
		"conversations.open":    func(b *bot.Client, ctx context.Context) error { _, err := b.DirectChannel(ctx, "U2"); return err },
		"views.publish":         func(b *bot.Client, ctx context.Context) error { return b.PublishHome(ctx, "U2", bot.Home{}, "") },
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.Answer("auth.test", fake.Reply(orgIdentity))
			f.Answer(method, fake.Reply(`{"ok":true,"user":{"id":"U2"},"users":["U2"],"channel":{"id":"D2"}}`))
			b := bot.NewClient(f.config())
			t.Cleanup(b.Close)
			if err := call(b, bot.WithTeam(t.Context(), "T1")); err != nil {
				t.Fatal(err)
			}
			for _, made := range f.Made(method) {
				if got := made.Form.Get("team_id"); got != "T1" {
					t.Errorf("team_id = %q, want T1", got)
				}
			}
		})
	}
}
