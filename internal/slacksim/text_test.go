package slacksim_test

import (
	"fmt"
	"testing"
	"time"

	"meetingbot/internal/slacksim"
)

func TestPlain(t *testing.T) {
	t.Parallel()
	clock := newClock() // 12:00 UTC on 23 November 2026, a Monday
	w := newWorld(t, slacksim.Options{Now: clock.Now})
	at := clock.Now().Add(14 * time.Hour).Unix() // 02:00 UTC on the 24th: 23:00 in São Paulo, 10:00 in Shanghai
	date := func(format string) string { return fmt.Sprintf("<!date^%d^%s|a fallback>", at, format) }
	for _, row := range []struct{ text, anas, bobs string }{
		{"a &lt;b&gt; &amp; &amp;lt;", "a <b> & &lt;", "a <b> & &lt;"},
		{"<@U0ANA> and <@U0NOPE> in <#C0GENERAL> or <#C0X|x>", "@ana and @U0NOPE in #general or #x", "@ana and @U0NOPE in #general or #x"},
		{"<https://e.com/a|here> <https://e.com/b> <mailto:a@e.com>", "here https://e.com/b a@e.com", "here https://e.com/b a@e.com"},
		{"<!subteam^S0IT>", "@S0IT", "@S0IT"},
		{date("{date_short_pretty} at {time}"), "today at 11:00 PM", "tomorrow at 10:00 AM"},
		{date("{date_num} {time_secs}"), "2026-11-23 11:00:00 PM", "2026-11-24 10:00:00 AM"},
		{date("{date}"), "November 23rd, 2026", "November 24th, 2026"},
		{date("{date_long}"), "Monday, November 23rd, 2026", "Tuesday, November 24th, 2026"},
		{date("{date_short}"), "Nov 23, 2026", "Nov 24, 2026"},
		{date("{date_pretty}"), "today", "tomorrow"},
		{"<!date^soon^{date}|a fallback>", "a fallback", "a fallback"},
		{"<!date^1|a fallback>", "a fallback", "a fallback"},
	} {
		ref := w.post(general, row.text, "")
		for user, want := range map[string]string{ana: row.anas, bob: row.bobs} {
			all := w.Messages(general, user)
			if got := all[len(all)-1].Plain(); got != want {
				t.Errorf("Plain(%q) for %s = %q, want %q", row.text, user, got, want)
			}
		}
		w.call("chat.delete", "channel", ref.Channel, "ts", ref.TS)
	}
}

func TestPlainOfBlocks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, slacksim.Options{})
	ref := w.post(general, "not shown", `[{"type":"header","text":{"type":"plain_text","text":"A & B"}},
{"type":"section","text":{"type":"mrkdwn","text":"*C* &amp; D"},"fields":[{"type":"mrkdwn","text":"E"},{"type":"plain_text","text":"<F>"}],
"accessory":{"type":"static_select","placeholder":{"type":"plain_text","text":"Which"},"options":[{"text":{"type":"plain_text","text":"x"},"value":"x"}]}},
{"type":"divider"},
{"type":"context","elements":[{"type":"mrkdwn","text":"<@U0ANA>"},{"type":"image","image_url":"https://e.com/i.png","alt_text":"an image"}]},
{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"G "},{"type":"user","user_id":"U0BOB"},{"type":"emoji","name":"wave"}]}]},
{"type":"actions","elements":[{"type":"button","action_id":"a","text":{"type":"plain_text","text":"Go"}},
{"type":"radio_buttons","action_id":"r","options":[{"text":{"type":"plain_text","text":"One"},"value":"1"}]}]},
{"type":"input","label":{"type":"plain_text","text":"Why"},"hint":{"type":"plain_text","text":"short"},"element":{"type":"plain_text_input","action_id":"w","initial_value":"rain"}}]`)
	got, _ := w.Message(ref)
	want := "A & B\n*C* & D\nE\n<F>\n[Which]\n@ana an image\nG @bob:wave:\n[Go] ( ) One\nWhy\n[rain]\nshort"
	if got.Plain() != want {
		t.Errorf("Plain() =\n%s\nwant\n%s", got.Plain(), want)
	}
	if got := got.Buttons(); len(got) != 1 || got[0].ActionID != "a" || got[0].BlockID == "" || got[0].Text != "Go" {
		t.Errorf("Buttons() = %+v, want Go in a block with an id", got)
	}
}
