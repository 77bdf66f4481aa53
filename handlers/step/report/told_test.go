package report_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/report"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// reportOf inserts a request changed by about, and reports it.
func reportOf(t *testing.T, h *steptest.Fixture, about func(*cancellation.Request)) cancellation.ID {
	t.Helper()
	id := h.Insert(steptest.Number, func(r *cancellation.Request) {
		about(r)
		r.BeginReport(time.Now())
	})
	h.Enqueue(step.ReportStep, id)
	h.Pass(30 * time.Second)
	return id
}

// ends returns a function that ends a request in the given way, confirmed or closed by who.
func ends(how, who string) func(*cancellation.Request) {
	return func(r *cancellation.Request) {
		r.ClosedAt = time.Now()
		switch s := cancellation.State(how); s {
		case cancellation.Declined, cancellation.Expired, cancellation.Superseded:
			r.State, r.ClosedBy = s, who
		default:
			r.State, r.Outcome, r.ConfirmedBy, r.ConfirmedAt = cancellation.Done, cancellation.Outcome(how), who, time.Now()
			if r.Outcome == cancellation.Refused || r.Outcome == cancellation.Failed {
				r.Why = "denied"
			}
		}
	}
}

// askOwner makes a request a question from Dave to Carol.
func askOwner(r *cancellation.Request) {
	r.For, r.Asker, r.Reason = steptest.Carol, steptest.Dave, "clash"
	r.Card = cancellation.Card{Channel: "D" + steptest.Carol, TS: "1", Way: cancellation.ByDirect}
}

// delegated makes a request one confirmed by delegation.
func delegated(r *cancellation.Request) { r.Asker, r.Delegation = steptest.Dave, "d1" }

// undone makes a request one that Dave confirmed and someone undid.
func undone(r *cancellation.Request) {
	r.ConfirmedBy, r.ConfirmedAt, r.UndoUntil = steptest.Dave, time.Now(), time.Now().Add(time.Minute)
}

// TestTold: how a request ended × whose card it was on → what the card, the thread, the
// owner and the asker are told. An empty string means nothing.
func TestTold(t *testing.T) {
	t.Parallel()
	all := func(some ...func(*cancellation.Request)) func(*cancellation.Request) {
		return func(r *cancellation.Request) {
			for _, f := range some {
				f(r)
			}
		}
	}
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)

		card, thread, owner, asker string
	}{
		{"cancelled", ends("cancelled", steptest.Bob), "was cancelled by", "was told in a direct message", "was cancelled by", ""},
		{"ended", ends("ended", steptest.Bob), "ended for everyone", "was told in a direct message", "ended for everyone", ""},
		{"gone", ends("gone", steptest.Bob), "was already gone", "was already gone", "", ""},
		{"refused", ends("refused", steptest.Bob), "was not cancelled. It is unchanged", "isn't allowed to do this", "", ""},
		{"failed", ends("failed", steptest.Bob), "could not be cancelled. It is unchanged", "could not be cancelled. It is unchanged", "", ""},
		{"unknown", ends("unknown", steptest.Bob), "It is not known whether", "", "", ""},
		{"kept", ends("declined", steptest.Bob), "chose to keep", "", "", ""},
		{"undone", all(undone, ends("declined", steptest.Bob)), "undid the cancellation", "", "", ""},
		{"expired", ends("expired", ""), "Nobody answered in time", "", "", ""},
		{"replaced", ends("superseded", ""), "Nothing was done from this card", "", "", ""},

		{"cancelled, by the owner", ends("cancelled", steptest.Carol), "was cancelled by", "The owner did this", "", ""},
		{"ended, by the owner", ends("ended", steptest.Carol), "ended for everyone", "The owner did this", "", ""},

		{"by delegation, cancelled", all(delegated, ends("cancelled", steptest.Dave)), "was cancelled by", "was told in a direct message", "whom you let cancel your meetings", ""},
		{"by delegation, gone", all(delegated, ends("gone", steptest.Dave)), "was already gone", "was already gone", "you let them cancel your meetings", ""},
		{"by delegation, refused", all(delegated, ends("refused", steptest.Dave)), "was not cancelled", "was not cancelled", "you let them cancel your meetings", ""},
		{"by delegation, failed", all(delegated, ends("failed", steptest.Dave)), "could not be cancelled", "could not be cancelled", "you let them cancel your meetings", ""},
		{"by delegation, unknown", all(delegated, ends("unknown", steptest.Dave)), "It is not known whether", "", "It is not known whether", ""},
		{"by delegation, undone by another person", all(delegated, undone, ends("declined", steptest.Ana)), "undid the cancellation", "", "undid the cancellation", ""},
		{"by delegation, undone by the owner", all(delegated, undone, ends("declined", steptest.Carol)), "undid the cancellation", "", "", ""},
		{"by delegation, replaced", all(delegated, undone, ends("superseded", "")), "Nothing was done from this card", "", "A newer card asks about", ""},

		{"put to the owner, cancelled", all(askOwner, ends("cancelled", steptest.Carol)), "was cancelled by", "was cancelled by", "", "was cancelled by"},
		{"put to the owner, ended", all(askOwner, ends("ended", steptest.Carol)), "ended for everyone", "ended for everyone", "", "ended for everyone"},
		{"put to the owner, gone", all(askOwner, ends("gone", steptest.Carol)), "was already gone", "was already gone", "", "was already gone"},
		{"put to the owner, refused", all(askOwner, ends("refused", steptest.Carol)), "was not cancelled", "was not cancelled", "", "was not cancelled"},
		{"put to the owner, failed", all(askOwner, ends("failed", steptest.Carol)), "could not be cancelled", "could not be cancelled", "", "could not be cancelled"},
		{"put to the owner, unknown", all(askOwner, ends("unknown", steptest.Carol)), "It is not known whether", "", "", "It is not known whether"},
		{"put to the owner, kept", all(askOwner, ends("declined", steptest.Carol)), "chose to keep", "", "", "chose to keep"},
		{"put to the owner, expired", all(askOwner, ends("expired", "")), "wasn't answered in time", "wasn't answered in time", "", "didn't answer in time"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := reportOf(t, h, row.about)
				r := h.Stored(id)
				place := r.Card.Channel + "/1"
				for what, one := range map[string]struct {
					said []string
					want string
				}{
					"the card":   {h.Chat.Texts("update", place), row.card},
					"the thread": {h.Chat.Texts("reply", place), row.thread},
					"the owner":  {h.Chat.Shown("dm", steptest.Carol), row.owner},
					"the asker":  {h.Chat.Texts("dm", r.Asker), row.asker},
				} {
					switch {
					case one.want == "" && len(one.said) > 0:
						t.Errorf("%s is told %q, want nothing", what, one.said)
					case one.want != "" && (len(one.said) != 1 || !strings.Contains(one.said[0], one.want)):
						t.Errorf("%s is told %q, want %q once", what, one.said, one.want)
					}
				}
				for _, kind := range []cancellation.EffectKind{cancellation.FinalEffect, cancellation.ThreadEffect, cancellation.OwnerEffect, cancellation.AskerEffect} {
					if e := r.Effects[kind]; e.Begun() != e.Ended() {
						t.Errorf("%s has begun and not ended: %+v", kind, e)
					}
				}
				if e := r.Effects[cancellation.AskerEffect]; e.Ended() && e.Result != report.Sent {
					t.Errorf("the trail says that telling the asker was %q", e.Result)
				}
				// Reporting again tells nobody anything new.
				before := h.Trail()
				h.Enqueue(step.ReportStep, id)
				h.Pass(10 * time.Second)
				if n := len(h.Chat.Texts("update", place)) + len(h.Chat.Texts("dm", steptest.Carol)) + len(h.Chat.Texts("dm", r.Asker)); n > 3 || h.Trail() != before {
					t.Errorf("after another report the trail is %q, before it %q; %d edits and messages", h.Trail(), before, n)
				}
				h.WantIdle()
			})
		})
	}
}

// TestWays: how a card can be answered × what Slack refuses → where people learn how it
// ended.
func TestWays(t *testing.T) {
	t.Parallel()
	url := func(ago time.Duration) func(*cancellation.Request) {
		return func(r *cancellation.Request) {
			r.Card = cancellation.Card{Channel: steptest.Channel, Way: cancellation.ByResponse}
			r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/url", At: time.Now().Add(-ago), OfClick: true}
		}
	}
	inThread := func(r *cancellation.Request) { r.Thread = "77.7" }
	found := func(about func(*cancellation.Request)) func(*cancellation.Request) { // a click said where the card is
		return func(r *cancellation.Request) { about(r); r.Card.TS = "1" }
	}
	byOwner := func(r *cancellation.Request) { r.ConfirmedBy = steptest.Carol } // who then needs no message
	closed, off := steptest.SlackError(t, "is_archived"), steptest.SlackError(t, "messages_tab_disabled")
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		fails map[string][]error

		edits, replies, urls, asker, aside int    // aside: seen by the asker alone, where they asked
		thread                             string // where the reply is, if it is a message
	}{
		{name: "a message", about: func(*cancellation.Request) {}, edits: 1, replies: 1, thread: "1"},
		{name: "in a thread", about: inThread, edits: 1, replies: 1, thread: "77.7"},
		{name: "by response_url", about: url(time.Minute), urls: 2},
		{name: "by a response_url that is too old", about: url(31 * time.Minute), asker: 1},
		{name: "by a response_url that fails for a moment", about: url(time.Minute), fails: map[string][]error{"respond": {bot.ErrThrottled, nil}}, urls: 2},
		{name: "by response_url, after waiting for the owner", about: url(time.Minute), fails: map[string][]error{"dm": {bot.ErrThrottled, bot.ErrThrottled, bot.ErrThrottled, bot.ErrThrottled, nil}}, urls: 2},
		{name: "by a response_url that is used up", about: url(time.Minute), fails: map[string][]error{"respond": {closed}}, asker: 1},
		{name: "by a response_url that is used up, where the bot may post", about: found(url(time.Minute)), fails: map[string][]error{"respond": {closed}}, replies: 1, asker: 1, thread: "1"},
		{name: "by a response_url that is too old, where the bot may post", about: found(url(31 * time.Minute)), replies: 1, asker: 1, thread: "1"},
		{name: "by a response_url that is used up, where the bot may not post", about: found(url(time.Minute)), fails: map[string][]error{"respond": {closed}, "reply": {closed}}, asker: 1},
		{name: "no reply is accepted", about: func(*cancellation.Request) {}, fails: map[string][]error{"reply": {closed}}, edits: 1, asker: 1},
		{name: "nothing is accepted", about: func(*cancellation.Request) {}, fails: map[string][]error{"reply": {closed}, "update": {closed}}, asker: 1},
		{name: "nothing is accepted, not even by the asker", about: func(*cancellation.Request) {}, fails: map[string][]error{"reply": {closed}, "update": {closed}, "dm": {closed}, "ephemeral": {closed}}},
		{name: "nothing is accepted, and people take no messages from apps", about: byOwner, fails: map[string][]error{"reply": {closed}, "update": {closed}, "dm": {off}}, aside: 1},
		{name: "nothing is accepted, and the asker is not there", about: byOwner, fails: map[string][]error{"reply": {closed}, "update": {closed}, "dm": {off, off, nil}, "ephemeral": {closed}}, asker: 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				for method, errs := range row.fails {
					h.Chat.Fail(method, errs...)
				}
				id := reportOf(t, h, func(r *cancellation.Request) {
					ends("cancelled", steptest.Bob)(r)
					row.about(r)
				})
				thread := steptest.Channel + "/" + row.thread
				got := [5]int{len(h.Chat.Texts("update", steptest.Channel+"/1")), len(h.Chat.Texts("reply", thread)), len(h.Chat.Texts("respond", "url")), len(h.Chat.Texts("dm", steptest.Ana)), len(h.Chat.Texts("ephemeral", steptest.Ana))}
				if want := [5]int{row.edits, row.replies, row.urls, row.asker, row.aside}; got != want {
					t.Errorf("edits, replies, answers at the URL, messages to the asker and answers to them alone are %v, want %v", got, want)
				}
				if r := h.Stored(id); r.Response.URL != "" {
					t.Error("the response_url is kept after it was needed")
				}
				h.WantIdle()
			})
		})
	}
}

// TestQuestionNotShown: if the card of a question to an owner can't show how it ended, the
// asker is still told, and the owner who answered, each only once.
func TestQuestionNotShown(t *testing.T) {
	t.Parallel()
	closed := steptest.SlackError(t, "message_not_found")
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Chat.Fail("update", closed)
		h.Chat.Fail("reply", closed)
		id := reportOf(t, h, func(r *cancellation.Request) { askOwner(r); ends("cancelled", steptest.Carol)(r) })
		if n := len(h.Chat.Texts("dm", steptest.Dave)); n != 1 {
			t.Errorf("the asker has %d messages, want one", n)
		}
		if n := len(h.Chat.Texts("dm", steptest.Carol)); n != 1 {
			t.Errorf("the owner has %d messages, want one", n)
		}
		var results []string
		err := h.Store.Trail.Read(h.Context(), store.AuditFilter{}, func(row store.AuditRow) error {
			results = append(results, row.Detail["what"]+":"+row.Detail["result"])
			return nil
		})
		if got := strings.Join(results, " "); err != nil || !strings.Contains(got, "thread:direct message") || h.Stored(id).Response.URL != "" {
			t.Errorf("the trail says %q, %v", got, err)
		}
		h.WantIdle()
	})
}

// TestQuestionWithoutMessages: in a workspace where people take no messages from apps, the asker
// reads where they asked how their question ended.
func TestQuestionWithoutMessages(t *testing.T) {
	t.Parallel()
	off := steptest.SlackError(t, "messages_tab_disabled")
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Chat.Fail("dm", off)
		id := reportOf(t, h, func(r *cancellation.Request) { askOwner(r); ends("cancelled", steptest.Carol)(r) })
		if said := h.Chat.Texts("ephemeral", steptest.Dave); len(said) != 1 || !h.Stored(id).Effects[cancellation.AskerEffect].Ended() {
			t.Errorf("the asker reads %q where they asked, want the end once", said)
		}
		h.WantIdle()
	})
}

// TestToldTwice: what someone is told last is not taken for sent because of what they were
// told a moment before, when the bot searches after a failure.
func TestToldTwice(t *testing.T) {
	t.Parallel()
	again := func(r *cancellation.Request) { r.AskAgain = cancellation.AskAgainChanged }
	closed := steptest.SlackError(t, "message_not_found")
	lost := func(h *steptest.Fixture) { h.Chat.Fail("update", closed); h.Chat.Fail("reply", closed) }
	for _, row := range []struct {
		name   string
		about  func(*cancellation.Request)
		first  func(*cancellation.Request)
		last   string
		to     string
		breaks func(*steptest.Fixture)
	}{
		{"asked again, then gone", askOwner, again, "gone", steptest.Dave, nil},
		{"not known, then cancelled", askOwner, ends("unknown", steptest.Carol), "cancelled", steptest.Dave, nil},
		{"not known, then cancelled, by delegation", delegated, ends("unknown", steptest.Dave), "cancelled", steptest.Carol, nil},
		{"not known, then cancelled, and the card is lost", func(*cancellation.Request) {}, ends("unknown", steptest.Bob), "cancelled", steptest.Ana, lost},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Chat.Scopes = true
				if row.breaks != nil {
					row.breaks(h)
				}
				r := h.Stored(reportOf(t, h, func(r *cancellation.Request) { row.about(r); row.first(r) }))
				before := len(h.Chat.Texts("dm", row.to))
				h.Chat.Fail("dm", bot.ErrUnavailable, bot.ErrUnavailable, nil) // the owner may be told as well
				err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
					return step.Change(h.Context(), tx, &r, func(r *store.Request) error {
						ends(row.last, steptest.Bob)(&r.Request)
						r.BeginReport(tx.Now())
						return nil
					})
				})
				h.Enqueue(step.ReportStep, r.ID)
				h.Pass(time.Minute)
				if told := h.Chat.Texts("dm", row.to); err != nil || len(told) != before+1 {
					t.Errorf("%s was told %q, %v; %d of it before", row.to, told, err, before)
				}
			})
		})
	}
}

// TestThreadOf: a card in a thread is answered in that thread, however it was posted,
// because Slack asks not to reply to replies. A card in a direct message has its own thread.
func TestThreadOf(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		way              cancellation.Way
		card, thread, ts string
	}{
		{cancellation.ByMessage, "1.1", "", "1.1"},
		{cancellation.ByMessage, "1.1", "77.7", "77.7"},
		{cancellation.ByResponse, "1.1", "", "1.1"},
		{cancellation.ByResponse, "1.1", "77.7", "77.7"},
		{cancellation.ByResponse, "", "77.7", "77.7"},
		{cancellation.ByDirect, "1.1", "77.7", "1.1"},
	} {
		r := cancellation.Request{Thread: row.thread, Card: cancellation.Card{Channel: steptest.Channel, TS: row.card, Way: row.way}}
		if got := report.ThreadOf(r); got.TS != row.ts {
			t.Errorf("a card %q (%s) of thread %q is answered under %q, want %q", row.card, row.way, row.thread, got.TS, row.ts)
		}
	}
}
