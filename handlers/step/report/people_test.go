package report_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/report"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// TestOwner: who the owner is, and what happens when they are told → what is recorded, what
// the thread says, and how many messages are sent.
func TestOwner(t *testing.T) {
	t.Parallel()
	refusal := map[string]error{}
	for _, code := range []string{"user_disabled", "cannot_dm_bot", "account_inactive", "missing_scope", "internal_error", "ratelimited"} {
		refusal[code] = steptest.SlackError(t, code)
	}
	account := func(u meetingapi.User) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { h.Service.Accounts = map[string]meetingapi.User{"uuid-carol": u} }
	}
	person := func(change func(*bot.Person)) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Carol, change)
		}
	}
	dm := func(code string) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { h.Chat.Fail("dm", refusal[code]) }
	}
	for _, row := range []struct {
		name   string
		given  func(*steptest.Fixture)
		want   cancellation.NoticeResult // after a quarter of an hour; empty: none yet
		thread string
		sent   int
		then   cancellation.NoticeResult // after another quarter of an hour, with everything working
	}{
		{name: "found", given: func(*steptest.Fixture) {}, want: cancellation.NoticeSent, thread: "The owner, Carol Ng, was told", sent: 1},
		{name: "without an address", given: account(meetingapi.User{UUID: "uuid-carol", Account: "carol@corp"}), want: cancellation.NoticeNotFound, thread: "could not be found in Slack"},
		{name: "with an address unknown to Slack", given: account(meetingapi.User{UUID: "uuid-carol", Email: "c@example.org"}), want: cancellation.NoticeNotFound, thread: "could not be found in Slack"},
		{name: "unknown to the service", given: func(h *steptest.Fixture) { clear(h.Service.Accounts) }, want: cancellation.NoticeNotFound, thread: "could not be found in Slack"},
		{name: "the service does not say who", given: func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Owner = meetingapi.Owner{} })
		}, want: cancellation.NoticeNotFound, thread: "doesn't say who it is"},
		{name: "deactivated", given: person(func(p *bot.Person) { p.Deleted = true }), want: cancellation.NoticeNotFound, thread: "could not be found in Slack"},
		{name: "the service is down", given: func(h *steptest.Fixture) { h.Service.Unknown = steptest.Failure(meetingapi.ClassUnavailable) }, thread: "has not been told yet", then: cancellation.NoticeSent},
		{name: "the service is busy", given: func(h *steptest.Fixture) { h.Service.Unknown = steptest.Failure(meetingapi.ClassThrottled) }, thread: "has not been told yet", then: cancellation.NoticeSent},
		{name: "the login is refused", given: func(h *steptest.Fixture) { h.Service.Unknown = steptest.Failure(meetingapi.ClassAuth) }, thread: "has not been told yet", then: cancellation.NoticeSent},
		{name: "Slack can't look them up", given: func(h *steptest.Fixture) { h.Chat.Fail("email", refusal["missing_scope"]) }, thread: "has not been told yet", then: cancellation.NoticeSent},
		{name: "disabled", given: dm("user_disabled"), want: cancellation.NoticeRefused, thread: "doesn't let this bot write to them"},
		{name: "an app", given: dm("cannot_dm_bot"), want: cancellation.NoticeRefused, thread: "doesn't let this bot write to them"},
		{name: "the token is refused", given: dm("account_inactive"), thread: "has not been told yet", then: cancellation.NoticeSent},
		{name: "a scope is missing", given: dm("missing_scope"), thread: "has not been told yet", then: cancellation.NoticeSent},
		{name: "Slack fails", given: dm("internal_error"), thread: "has not been told yet", then: cancellation.NoticeSent},
		{name: "Slack is busy", given: dm("ratelimited"), thread: "has not been told yet", then: cancellation.NoticeSent},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				row.given(h)
				id := h.Insert(steptest.Number, nil)
				h.Presses(steptest.Ana, action.Cancel, id, nil)
				h.Pass(15 * time.Minute)
				r := h.Stored(id)
				if got := r.Owner.Result; r.Effects[cancellation.OwnerEffect].Ended() != (row.want != "") || row.want != "" && got != row.want {
					t.Errorf("the owner's result is %q, want %q", got, row.want)
				}
				if said := h.Chat.InThread(); !strings.Contains(said, row.thread) || strings.Count(said, "wner") > 2 {
					t.Errorf("the thread says %q, want %q in it", said, row.thread)
				}
				if got := steptest.Outcome(r); got != "cancelled" {
					t.Errorf("the request is %s, want cancelled", got)
				}
				h.Chat.Recover()
				h.Service.Set(func(s *steptest.Service) { s.Unknown = nil })
				h.Pass(15 * time.Minute)
				if row.then != "" {
					row.want, row.sent = row.then, 1
					if said := h.Chat.InThread(); !strings.Contains(said, "was told in a direct message") {
						t.Errorf("with everything working the thread says %q", said)
					}
				}
				if got := h.Stored(id).Owner.Result; got != row.want {
					t.Errorf("in the end the owner's result is %q, want %q", got, row.want)
				}
				if n := len(h.Chat.Texts("dm", steptest.Carol)); n != row.sent {
					t.Errorf("the owner has %d messages, want %d", n, row.sent)
				}
				if n := len(h.Chat.Texts("reply", steptest.Channel+"/1")); n != 1 {
					t.Errorf("the thread has %d replies, want one", n)
				}
				h.WantIdle()
			})
		})
	}
}

// TestLanguages: each person reads their own language and a channel the bot's, and no
// message contains what people typed unescaped.
func TestLanguages(t *testing.T) {
	t.Parallel()
	words := map[string]string{"en": "was cancelled by", "pt-BR": "foi cancelad", "es": "ha cancelado", "zh-CN": "取消"}
	for _, channel := range []string{"en", "pt-BR", "es", "zh-CN"} {
		for _, owner := range []string{"en-US", "pt-BR", "es-ES", "zh-CN"} {
			t.Run(channel+"/"+owner, func(t *testing.T) {
				t.Parallel()
				steptest.Run(t, nil, func(h *steptest.Fixture) {
					h.Views.Locale = channel
					h.Chat.Change(steptest.Carol, func(p *bot.Person) { p.Locale = owner })
					h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) {
						m.Subject = "<!channel> *R&D* <https://example.net|here> " + strings.Repeat("<", 5000)
					})
					reportOf(t, h, func(r *cancellation.Request) {
						r.Reason = "<@U0BOB> & " + strings.Repeat("&", 5000)
						ends("cancelled", steptest.Bob)(r)
					})
					theirs := strings.TrimSuffix(strings.TrimSuffix(owner, "-US"), "-ES")
					for what, one := range map[string]struct {
						said []string
						want string
					}{
						"the card":   {h.Chat.Shown("update", steptest.Channel+"/1"), words[channel]},
						"the thread": {h.Chat.Shown("reply", steptest.Channel+"/1"), words[channel]},
						"the owner":  {h.Chat.Shown("dm", steptest.Carol), words[theirs]},
					} {
						if len(one.said) != 1 || !strings.Contains(one.said[0], one.want) {
							t.Errorf("%s is told %.300q, want %q once", what, one.said, one.want)
							continue
						}
						for _, raw := range []string{"<!channel>", "<https://example.net", "<@U0BOB> &", "<<"} {
							if strings.Contains(one.said[0], raw) {
								t.Errorf("%s is told %q as it was typed", what, raw)
							}
						}
					}
					for _, said := range append(h.Chat.Texts("reply", steptest.Channel+"/1"), h.Chat.Texts("dm", steptest.Carol)...) {
						if n := len([]rune(said)); n > 4000 {
							t.Errorf("a text has %d characters, more than the 4000 that Slack wants", n)
						}
					}
				})
			})
		}
	}
}

// TestMinimal: with minimal details, only the owner's message has the subject and the owner.
func TestMinimal(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"cancelled", "ended", "gone", "refused", "failed", "unknown", "declined", "expired", "superseded"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Views.Minimal = true
				reportOf(t, h, ends(how, steptest.Bob))
				for _, said := range append(h.Chat.Shown("update", steptest.Channel+"/1"), h.Chat.Shown("reply", steptest.Channel+"/1")...) {
					if strings.Contains(said, "Budget review") || strings.Contains(said, "Carol") {
						t.Errorf("the channel reads %q", said)
					}
				}
				if told := h.Chat.Shown("dm", steptest.Carol); len(told) > 0 && !strings.Contains(told[0], "Budget review") {
					t.Errorf("the owner reads %q, want the subject", told)
				}
			})
		})
	}
}

// TestPlace: ParsePlace parses what PlaceOf formats.
func TestPlace(t *testing.T) {
	t.Parallel()
	for ref, want := range map[bot.MessageRef]string{
		{}: "", {Channel: "C1", TS: "1.2"}: "C1/1.2", {Channel: "C1"}: "C1",
	} {
		if got := report.PlaceOf(ref); got != want || report.ParsePlace(got) != ref {
			t.Errorf("PlaceOf(%v) = %q, want %q, and back it is %v", ref, got, want, report.ParsePlace(got))
		}
	}
}
