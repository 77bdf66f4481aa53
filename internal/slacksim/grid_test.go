package slacksim_test

import (
	"encoding/json"
	"testing"

	"meetingbot/internal/slacksim"
)

// grid is an organisation of two workspaces with the app installed organisation-wide.
func grid(t *testing.T) *world {
	t.Helper()
	opts := withHome()
	opts.Enterprise = slacksim.Enterprise{ID: "E0ORG", Name: "Acme", Teams: []string{"T0TWO"}}
	opts.OrgInstall, opts.Scopes = true, []string{"commands", "chat:write", "users:read", "users:read.email", "usergroups:read", "im:write"}
	w := newWorld(t, opts)
	w.AddUser(slacksim.User{ID: "W0TWO", Name: "two", Email: "two@example.com", TeamID: "T0TWO"})
	w.AddUser(slacksim.User{ID: "U0FAR", Name: "far", Email: "far@elsewhere.example", TeamID: "T0FAR"})
	w.AddChannel(slacksim.Channel{ID: "C0SHARED", Name: "shared", BotMember: true, Members: []string{ana, "W0TWO", "U0FAR"}})
	w.AddUserGroup("S0IT", []string{ana})
	return w
}

func TestOrgInstallNeedsTeamID(t *testing.T) {
	t.Parallel()
	w := grid(t)
	for _, row := range []struct{ method, arg, value, team, code string }{
		{"users.info", "user", ana, "", "team_access_not_granted"},
		{"users.info", "user", ana, "T0FAR", "team_access_not_granted"},
		{"users.info", "user", ana, "T0SIM", ""},
		{"users.info", "user", "W0TWO", "T0TWO", ""},
		{"users.lookupByEmail", "email", "two@example.com", "", "team_access_not_granted"},
		{"users.lookupByEmail", "email", "two@example.com", "T0SIM", ""},
		{"users.lookupByEmail", "email", "far@elsewhere.example", "T0SIM", "users_not_found"},
		{"usergroups.users.list", "usergroup", "S0IT", "", "team_access_not_granted"},
		{"usergroups.users.list", "usergroup", "S0IT", "T0TWO", "no_such_subteam"},
		{"usergroups.users.list", "usergroup", "S0IT", "T0SIM", ""},
		{"conversations.open", "users", "W0TWO", "", ""},
		{"conversations.open", "users", "U0FAR", "", "invalid_user_combination"},
	} {
		args := []string{row.arg, row.value}
		if row.team != "" {
			args = append(args, "team_id", row.team)
		}
		if got := w.call(row.method, args...); got.code() != row.code {
			t.Errorf("%s(%v) = %v, want %q", row.method, args, got, row.code)
		}
	}
	if got := newWorld(t, slacksim.Options{}).call("users.info", "user", ana, "team_id", "T0ELSE"); got["ok"] != true {
		t.Errorf("users.info with a team_id outside a grid = %v, want it ignored", got)
	}
}

func TestOrgPeople(t *testing.T) {
	t.Parallel()
	w := grid(t)
	who := w.call("auth.test")
	if who.str("team_id") != "E0ORG" || who.str("enterprise_id") != "E0ORG" || who["is_enterprise_install"] != true {
		t.Errorf("auth.test = %v, want the organisation", who)
	}
	for _, row := range []struct {
		id       string
		org      any
		stranger bool
	}{{ana, "E0ORG", false}, {"W0TWO", "E0ORG", false}, {"U0FAR", nil, true}} {
		got := w.call("users.info", "user", row.id, "team_id", "T0SIM")
		if at(got, "user", "enterprise_user", "enterprise_id") != row.org || (at(got, "user", "is_stranger") == true) != row.stranger {
			t.Errorf("users.info(%s) = %v, want enterprise %v, stranger %v", row.id, got, row.org, row.stranger)
		}
		if _, told := at(got, "user", "profile").(map[string]any)["email"]; told == row.stranger {
			t.Errorf("users.info(%s): e-mail told %v", row.id, told)
		}
	}
}

func TestOrgPayloads(t *testing.T) {
	t.Parallel()
	w := grid(t)
	a := w.connect()
	w.Type("W0TWO", "C0SHARED", "/cancel-meeting 1")
	command := a.next().payload(t)
	if command.str("is_enterprise_install") != "true" || command.str("enterprise_id") != "E0ORG" || command.str("team_id") != "T0TWO" {
		t.Errorf("the command = %v, want the organisation's", command)
	}
	ref := w.post("C0SHARED", "Cancel?", card)
	if _, err := w.Click("U0FAR", ref, "keep", slacksim.ClickOptions{}); err != nil {
		t.Fatal(err)
	}
	click := a.next().payload(t)
	team, there := click["team"]
	if team != nil || !there || click["is_enterprise_install"] != true || at(click, "enterprise", "id") != "E0ORG" || at(click, "user", "team_id") != "T0FAR" {
		t.Errorf("the click = %v, want team null", click)
	}
	done, err := w.OpenHome(ana)
	if err != nil {
		t.Fatal(err)
	}
	event := a.next().payload(t)
	if at(event, "authorizations", 0, "team_id") != nil || at(event, "authorizations", 0, "enterprise_id") != "E0ORG" ||
		at(event, "authorizations", 0, "is_enterprise_install") != true || event.str("context_enterprise_id") != "E0ORG" {
		t.Errorf("the event = %v, want the organisation's authorization", event)
	}
	if done.Failure() != "" {
		t.Errorf("OpenHome failed: %s", done.Failure())
	}
}

func TestUnknownTimeZones(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.AddUser(slacksim.User{ID: "U0MUTE", Name: "mute", TZ: slacksim.NoTZ, TZOffset: 28800})
	w.AddUser(slacksim.User{ID: "U0ODD", Name: "odd", TZ: "Mars/Olympus", TZOffset: -3600})
	w.AddChannel(slacksim.Channel{ID: general, BotMember: true, Members: []string{"U0MUTE", "U0ODD"}})
	for id, want := range map[string]string{
		"U0MUTE": `{"tz":null,"tz_offset":28800}`, "U0ODD": `{"tz":"Mars/Olympus","tz_offset":-3600}`,
	} {
		got := w.call("users.info", "user", id)
		told, err := json.Marshal(map[string]any{"tz": at(got, "user", "tz"), "tz_offset": at(got, "user", "tz_offset")})
		if err != nil || string(told) != want {
			t.Errorf("users.info(%s) tells %s, want %s", id, told, want)
		}
	}
	w.post(general, "<!date^1795646700^{time}|later>", "")
	if mute, odd := w.card("U0MUTE").Plain(), w.card("U0ODD").Plain(); mute != "6:45 AM" || odd != "9:45 PM" {
		t.Errorf("they read %q and %q, want their offsets", mute, odd)
	}
}
