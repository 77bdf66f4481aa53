package slacksim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/slacksim"
)

// people adds one person of each kind that has rules of its own.
func people(w *world) {
	w.AddUser(slacksim.User{ID: "U0GONE", Email: "gone@example.com", Deleted: true})
	w.AddUser(slacksim.User{ID: "U0BOTTY", Email: "botty@example.com", Bot: true})
	w.AddUser(slacksim.User{ID: "U0FAR", Email: "far@elsewhere.com", Stranger: true, TeamID: "T0FAR"})
	w.AddUser(slacksim.User{ID: "U0GUEST", Email: "guest@example.com", Restricted: true})
	w.AddChannel(slacksim.Channel{ID: "C0OLD", Name: "old", BotMember: true, Archived: true, Members: []string{ana}})
	w.AddChannel(slacksim.Channel{ID: "C0NEWS", Name: "news", BotMember: true, ReadOnly: true, Members: []string{ana}})
	w.AddChannel(slacksim.Channel{ID: "G0MANY", MPIM: true, Members: []string{ana, bob}})
	w.AddChannel(slacksim.Channel{ID: "C0INNER", Name: "inner", Private: true, BotMember: true, Members: []string{ana}})
}

func TestWhereTheBotCanPost(t *testing.T) {
	t.Parallel()
	public := []string{"chat:write", "chat:write.public"}
	for _, row := range []struct {
		name, channel string
		scopes        []string
		code, landed  string
	}{
		{"member of public", general, nil, "", general},
		{"member of private", "C0INNER", nil, "", "C0INNER"},
		{"by name", "#general", nil, "", general},
		{"public, not a member", lobby, nil, "not_in_channel", ""},
		{"public, not a member, chat:write.public", lobby, public, "", lobby},
		{"private, not a member", secret, nil, "channel_not_found", ""},
		{"private, not a member, chat:write.public", secret, public, "channel_not_found", ""},
		{"between people", pair, nil, "channel_not_found", ""},
		{"between several people", "G0MANY", nil, "channel_not_found", ""},
		{"unknown", "C0NOPE", nil, "channel_not_found", ""},
		{"none", "", nil, "channel_not_found", ""},
		{"archived", "C0OLD", nil, "is_archived", ""},
		{"read-only", "C0NEWS", nil, "restricted_action_read_only_channel", ""},
		{"a person", ana, nil, "", "D0ANA"},
		{"a guest", "U0GUEST", nil, "", "D0GUEST"},
		{"a deactivated person", "U0GONE", nil, "channel_not_found", ""},
		{"a stranger", "U0FAR", nil, "channel_not_found", ""},
		{"a bot", "U0BOTTY", nil, "cannot_dm_bot", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, slacksim.Options{Scopes: row.scopes})
			people(w)
			got := w.call("chat.postMessage", "channel", row.channel, "text", "hello")
			if got.code() != row.code || got.str("channel") != row.landed {
				t.Errorf("chat.postMessage(%q) = %v, want error %q, channel %q", row.channel, got, row.code, row.landed)
			}
		})
	}
}

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	w.post(ana, "for you", "")
	if got := w.DMs(ana); len(got) != 1 || got[0].Text != "for you" || got[0].Channel != w.DM(ana) {
		t.Errorf("DMs(ana) = %+v, want one message", got)
	}
	if got := w.Messages(w.DM(ana), bob); got != nil {
		t.Errorf("Messages(ana's DM, bob) = %+v, want none", got)
	}
	if got := w.Messages(secret, bob); got != nil {
		t.Errorf("Messages(secret, bob) = %+v, want none", got)
	}
}

func TestTimestampsIncrease(t *testing.T) {
	t.Parallel()
	fixed := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	w := newWorld(t, slacksim.Options{Now: func() time.Time { return fixed }})
	first, second := w.post(general, "a", ""), w.post(lobbyJoined(w), "b", "")
	if first.TS != "1795435200.000000" || second.TS != "1795435200.000001" {
		t.Errorf("timestamps = %s, %s; want 1795435200.000000 and the next", first.TS, second.TS)
	}
}

func lobbyJoined(w *world) string {
	w.JoinBot(lobby)
	return lobby
}

func TestThreads(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	parent := w.post(general, "parent", "")
	reply := w.post(general, "reply", "", "thread_ts", parent.TS)
	w.post(general, "reply to the reply", "", "thread_ts", reply.TS)
	if got := w.Thread(parent, bob); len(got) != 2 || got[1].ThreadTS != parent.TS {
		t.Errorf("Thread(parent) = %+v, want two replies under the parent", got)
	}
	if got := w.Messages(general, bob); len(got) != 1 || got[0].Replies != 2 {
		t.Errorf("Messages(general) = %+v, want the parent alone, with two replies", got)
	}
	whisper := w.call("chat.postEphemeral", "channel", general, "user", ana, "text", "psst").str("message_ts")
	for _, ts := range []string{"1.000001", whisper} {
		if got := w.call("chat.postMessage", "channel", general, "text", "a", "thread_ts", ts); got.code() != "thread_not_found" {
			t.Errorf("chat.postMessage under %s = %v, want thread_not_found", ts, got)
		}
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	people(w)
	mine := w.post(general, "Cancel?", card, "metadata", `{"event_type":"asked","event_payload":{"id":"r1"}}`)
	theirs := w.Type(ana, general, "hello").Ref()
	whisper := w.call("chat.postEphemeral", "channel", general, "user", ana, "text", "psst").str("message_ts")
	for _, row := range []struct{ name, channel, ts, text, blocks, code string }{
		{"someone else's", general, theirs.TS, "a", "[]", "cant_update_message"},
		{"ephemeral", general, whisper, "a", "[]", "message_not_found"},
		{"unknown", general, "1.000001", "a", "[]", "message_not_found"},
		{"in a channel the bot is not in", lobby, mine.TS, "a", "[]", "not_in_channel"},
		{"in a channel the bot can't see", secret, mine.TS, "a", "[]", "channel_not_found"},
		{"text of 4001", general, mine.TS, x(4001), "[]", "msg_too_long"},
		{"text of 4000 and blocks", general, mine.TS, x(4000), card, ""},
		{"nothing", general, mine.TS, "", "[]", "no_text"},
	} {
		got := w.call("chat.update", "channel", row.channel, "ts", row.ts, "text", row.text, "blocks", row.blocks)
		if got.code() != row.code {
			t.Errorf("%s: chat.update = %v, want error %q", row.name, got, row.code)
		}
	}
	if got, _ := w.Message(mine); got.Edited || len(got.Buttons()) != 2 || got.Metadata == nil {
		t.Errorf("Message(card) after an update with blocks = %+v, want buttons, metadata and no mark", got)
	}
	before := len(w.Violations())
	w.call("chat.update", "channel", general, "ts", mine.TS, "text", "Done")
	if got, _ := w.Message(mine); !got.Edited || len(got.Blocks) != 0 || got.Text != "Done" {
		t.Errorf("Message(card) after an update with text only = %+v, want no blocks and the mark", got)
	}
	if got := w.Violations(); len(got) != before+1 || !strings.Contains(got[before], "its blocks are gone") {
		t.Errorf("Violations() = %q, want the lost blocks last", got)
	}
	if got := w.History(mine); len(got) != 3 || got[0].Text != "Cancel?" || len(got[0].Buttons()) != 2 {
		t.Errorf("History(card) = %d versions, want 3 with the first one whole", len(got))
	}
}

func TestDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	mine := w.post(general, "a", "")
	theirs := w.Type(ana, general, "hello").Ref()
	if got := w.call("chat.delete", "channel", general, "ts", theirs.TS); got.code() != "cant_delete_message" {
		t.Errorf("chat.delete(ana's) = %v, want cant_delete_message", got)
	}
	if got := w.call("chat.delete", "channel", general, "ts", mine.TS); got["ok"] != true {
		t.Errorf("chat.delete(own) = %v, want ok", got)
	}
	if _, found := w.Message(mine); found {
		t.Error("Message(deleted) is still there")
	}
	if got := w.call("chat.update", "channel", general, "ts", mine.TS, "text", "b", "blocks", "[]"); got.code() != "message_not_found" {
		t.Errorf("chat.update(deleted) = %v, want message_not_found", got)
	}
}

func TestAdminDeletes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	ref := w.post(general, "a", "")
	if !w.Delete(ref) || w.Delete(ref) {
		t.Error("Delete() twice = want true, then false")
	}
	if got := w.call("chat.postMessage", "channel", general, "text", "b", "thread_ts", ref.TS); got.code() != "thread_not_found" {
		t.Errorf("a reply to it = %v, want thread_not_found", got)
	}
	if got := w.JournalFrom(1); len(got) != 1 || got[0].Made != (slacksim.Ref{}) || w.Journal()[0].Made != ref {
		t.Errorf("JournalFrom(1) = %+v, want the refused reply alone", got)
	}
}

func TestEphemeral(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	people(w)
	for _, row := range []struct{ channel, user, code string }{
		{general, ana, ""},
		{general, "U0GUEST", "user_not_in_channel"},
		{general, "U0NOPE", "user_not_in_channel"},
		{"C0INNER", bob, "user_not_in_channel"},
		{lobby, ana, "not_in_channel"},
		{secret, ana, "channel_not_found"},
	} {
		got := w.call("chat.postEphemeral", "channel", row.channel, "user", row.user, "text", "psst")
		if got.code() != row.code {
			t.Errorf("chat.postEphemeral(%s, %s) = %v, want error %q", row.channel, row.user, got, row.code)
		}
	}
	if got := w.Messages(general, ana); len(got) != 1 || !got[0].Ephemeral || got[0].EphemeralFor != ana {
		t.Errorf("Messages(general, ana) = %+v, want the whisper", got)
	}
	if got := w.Messages(general, bob); len(got) != 0 {
		t.Errorf("Messages(general, bob) = %+v, want nothing", got)
	}
	w.Reload(ana)
	if got := w.Messages(general, ana); len(got) != 0 {
		t.Errorf("Messages(general, ana) after Reload = %+v, want nothing", got)
	}
}

func TestPermalink(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	parent := w.post(general, "a", "")
	reply := w.post(general, "b", "", "thread_ts", parent.TS)
	digits := func(ts string) string { return strings.Replace(ts, ".", "", 1) }
	for _, row := range []struct{ channel, ts, link, code string }{
		{general, parent.TS, "https://sim.slack.com/archives/C0GENERAL/p" + digits(parent.TS), ""},
		{general, reply.TS, "https://sim.slack.com/archives/C0GENERAL/p" + digits(reply.TS) + "?thread_ts=" + parent.TS + "&cid=C0GENERAL", ""},
		{general, "1.000001", "", "message_not_found"},
		{secret, parent.TS, "", "channel_not_found"},
	} {
		got := w.call("chat.getPermalink", "channel", row.channel, "message_ts", row.ts)
		if got.code() != row.code || got.str("permalink") != row.link {
			t.Errorf("chat.getPermalink(%s, %s) = %v, want %q, error %q", row.channel, row.ts, got, row.link, row.code)
		}
	}
}

func TestPostingRate(t *testing.T) {
	t.Parallel()
	clock := newClock()
	w := newWorld(t, slacksim.Options{PostInterval: time.Second, PostBurst: 2, Now: clock.Now})
	post := func(channel string) *http.Response {
		resp, _ := w.do(http.MethodPost, "/api/chat.postMessage", "application/json", botToken, `{"channel":"`+channel+`","text":"a"}`)
		return resp
	}
	w.JoinBot(lobby)
	for i, want := range []int{200, 200, 429} {
		if got := post(general); got.StatusCode != want {
			t.Errorf("post %d in a second = HTTP %d, want %d", i+1, got.StatusCode, want)
		}
	}
	if got := post(lobby); got.StatusCode != 200 {
		t.Errorf("post in another channel = HTTP %d, want 200", got.StatusCode)
	}
	if got := post(general); got.Header.Get("Retry-After") != "1" {
		t.Errorf("Retry-After = %q, want 1", got.Header.Get("Retry-After"))
	}
	clock.Advance(time.Second)
	if got := post(general); got.StatusCode != 200 {
		t.Errorf("post a second later = HTTP %d, want 200", got.StatusCode)
	}
}
