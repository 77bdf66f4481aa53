package slacksim_test

import (
	"testing"

	"meetingbot/internal/slacksim"
)

func TestUsersInfo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	people(w)
	for _, row := range []struct {
		user, code string
		want       map[string]any // top-level fields; nil: absent
		email      any
	}{
		{ana, "", map[string]any{"tz": "America/Sao_Paulo", "locale": "pt-BR", "team_id": "T0SIM", "name": "ana", "is_restricted": false}, "ana@example.com"},
		{"U0GONE", "", map[string]any{"deleted": true, "tz": nil}, "gone@example.com"},
		{"U0FAR", "", map[string]any{"is_stranger": true, "team_id": "T0FAR"}, nil},
		{"U0GUEST", "", map[string]any{"is_restricted": true, "is_ultra_restricted": false}, "guest@example.com"},
		{"U0BOTTY", "", map[string]any{"is_bot": true}, "botty@example.com"},
		{"U0NOPE", "user_not_found", nil, nil},
		{"", "user_not_found", nil, nil},
	} {
		got := w.call("users.info", "user", row.user, "include_locale", "true")
		if got.code() != row.code {
			t.Errorf("users.info(%s) = %v, want error %q", row.user, got, row.code)
		}
		for field, want := range row.want {
			if is := at(got, "user", field); is != want {
				t.Errorf("users.info(%s).%s = %v, want %v", row.user, field, is, want)
			}
		}
		if is := at(got, "user", "profile", "email"); is != row.email {
			t.Errorf("users.info(%s) e-mail = %v, want %v", row.user, is, row.email)
		}
	}
	if got := at(w.call("users.info", "user", ana), "user", "locale"); got != nil {
		t.Errorf("users.info without include_locale: locale = %v, want none", got)
	}
	shy := newWorld(t, slacksim.Options{Scopes: []string{"users:read"}})
	if got := at(shy.call("users.info", "user", ana), "user", "profile", "email"); got != nil {
		t.Errorf("users.info without users:read.email: e-mail = %v, want none", got)
	}
}

func TestLookupByEmail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	people(w)
	for _, row := range []struct{ email, id string }{
		{"ana@example.com", ana},
		{"ANA@Example.com", ana},
		{"nobody@example.com", ""},
		{"gone@example.com", ""},
		{"botty@example.com", ""},
		{"far@elsewhere.com", ""},
		{"", ""},
	} {
		got := w.call("users.lookupByEmail", "email", row.email)
		id, _ := at(got, "user", "id").(string)
		if id != row.id || (got.code() == "users_not_found") != (row.id == "") {
			t.Errorf("users.lookupByEmail(%q) = %v, want %q or users_not_found", row.email, got, row.id)
		}
	}
}

func TestUserGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{Scopes: []string{"usergroups:read"}})
	w.AddUserGroup("S0IT", []string{ana, bob})
	if got := w.call("usergroups.users.list", "usergroup", "S0IT"); at(got, "users", 1) != bob {
		t.Errorf("usergroups.users.list(S0IT) = %v, want ana and bob", got)
	}
	if got := w.call("usergroups.users.list", "usergroup", "S0NOPE"); got.code() != "no_such_subteam" {
		t.Errorf("usergroups.users.list(S0NOPE) = %v, want no_such_subteam", got)
	}
}

func TestOpenConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{Scopes: []string{"im:write"}})
	people(w)
	for _, row := range []struct{ user, code, channel string }{
		{ana, "", "D0ANA"},
		{"", "users_list_not_supplied", ""},
		{"U0NOPE", "user_not_found", ""},
		{"U0GONE", "user_disabled", ""},
		{"U0BOTTY", "cannot_dm_bot", ""},
		{"U0FAR", "invalid_user_combination", ""},
	} {
		got := w.call("conversations.open", "users", row.user)
		id, _ := at(got, "channel", "id").(string)
		if got.code() != row.code || id != row.channel {
			t.Errorf("conversations.open(%q) = %v, want %q, error %q", row.user, got, row.channel, row.code)
		}
	}
}

func TestHistory(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{Scopes: []string{"chat:write", "channels:history", "im:history"}})
	about := `{"event_type":"asked","event_payload":{"id":"r1"}}`
	first := w.post(general, "first", "", "metadata", about)
	answer := w.post(general, "reply", "", "thread_ts", first.TS)
	w.call("chat.postEphemeral", "channel", general, "user", ana, "text", "psst")
	last := w.post(general, "last", "")
	w.post(ana, "for ana", "")

	texts := func(got reply) (all []string) {
		list, _ := got["messages"].([]any)
		for i := range list {
			s, _ := at(got, "messages", i, "text").(string)
			all = append(all, s)
		}
		return all
	}
	for _, row := range []struct {
		name, method string
		args, want   []string
	}{
		{"newest first, no replies, no whispers", "conversations.history", []string{"channel", general}, []string{"last", "first"}},
		{"a page", "conversations.history", []string{"channel", general, "limit", "1"}, []string{"last"}},
		{"the next page", "conversations.history", []string{"channel", general, "limit", "1", "cursor", "1"}, []string{"first"}},
		{"after", "conversations.history", []string{"channel", general, "oldest", first.TS}, []string{"last"}},
		{"from", "conversations.history", []string{"channel", general, "oldest", first.TS, "inclusive", "true"}, []string{"last", "first"}},
		{"before", "conversations.history", []string{"channel", general, "latest", last.TS}, []string{"first"}},
		{"a DM", "conversations.history", []string{"channel", w.DM(ana)}, []string{"for ana"}},
		{"a thread", "conversations.replies", []string{"channel", general, "ts", first.TS}, []string{"first", "reply"}},
		{"a thread by its reply", "conversations.replies", []string{"channel", general, "ts", answer.TS}, []string{"first", "reply"}},
	} {
		got := w.call(row.method, row.args...)
		if said := texts(got); len(said) != len(row.want) || len(said) > 0 && said[0] != row.want[0] {
			t.Errorf("%s: %s(%v) = %v, want %q", row.name, row.method, row.args, got, row.want)
		}
	}
	for _, row := range []struct {
		all  string
		want any
	}{{"true", "asked"}, {"false", nil}} {
		got := w.call("conversations.history", "channel", general, "include_all_metadata", row.all)
		if is := at(got, "messages", 1, "metadata", "event_type"); is != row.want {
			t.Errorf("history with include_all_metadata=%s: event_type = %v, want %v", row.all, is, row.want)
		}
	}
	for _, row := range []struct{ method, channel, ts, code string }{
		{"conversations.history", lobby, "", "not_in_channel"},
		{"conversations.history", secret, "", "channel_not_found"},
		{"conversations.replies", general, "1.000001", "thread_not_found"},
	} {
		if got := w.call(row.method, "channel", row.channel, "ts", row.ts); got.code() != row.code {
			t.Errorf("%s(%s, %s) = %v, want %s", row.method, row.channel, row.ts, got, row.code)
		}
	}
}
