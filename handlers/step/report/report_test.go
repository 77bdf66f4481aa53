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

// TestReport: what Slack does with each part of a report → who knows in the end. A fault
// that an operator can fix only delays the report; whatever is closed for good affects
// nothing else.
func TestReport(t *testing.T) {
	t.Parallel()
	refusal := func(code string) error { return steptest.SlackError(t, code) }
	for _, row := range []struct {
		name   string
		fails  map[string][]error // by method; the last answer stays
		heals  time.Duration      // until everything works; zero: never
		tried  time.Duration      // how long to wait in the end; zero: ten minutes
		card   bool               // the card shows the outcome in the end
		thread string             // what is in the thread; empty: nothing
		owner  bool
		asker  bool // gets a direct message
	}{
		{name: "everything works", card: true, thread: "was told in a direct message", owner: true},
		{name: "the card is slow to change", fails: map[string][]error{"update": {bot.ErrThrottled, bot.ErrThrottled, nil}}, card: true, thread: "was told", owner: true},
		{name: "the card is gone", fails: map[string][]error{"update": {refusal("message_not_found")}}, thread: "was told", owner: true},
		{name: "the thread is gone", fails: map[string][]error{"reply": {refusal("is_archived")}, "respond": {refusal("used_url")}}, card: true, owner: true, asker: true},
		{
			name:  "the channel is archived",
			fails: map[string][]error{"update": {refusal("is_archived")}, "reply": {refusal("is_archived")}, "respond": {refusal("used_url")}}, owner: true, asker: true,
		},
		{
			name: "the token is revoked for ten minutes", fails: map[string][]error{"update": {refusal("token_revoked")}, "reply": {refusal("token_revoked")}, "dm": {refusal("token_revoked")}, "respond": {refusal("used_url")}},
			heals: 10 * time.Minute, card: true, thread: "was told", owner: true,
		},
		{
			name:  "the card has to wait, and the click's reply address is used up",
			fails: map[string][]error{"update": {steptest.SlackWait(t, 20*time.Second), nil}, "respond": {refusal("used_url")}}, card: true, thread: "was told", owner: true,
		},
		{name: "a scope is missing for an hour", fails: map[string][]error{"dm": {refusal("missing_scope")}}, heals: time.Hour, card: true, thread: "was told", owner: true},
		{name: "the owner can't be written to", fails: map[string][]error{"dm": {refusal("user_disabled")}}, card: true, thread: "was not told"},
		{name: "Slack can't find the owner for a while", fails: map[string][]error{"email": {bot.ErrUnavailable}}, heals: time.Minute, card: true, thread: "was told", owner: true},
		{name: "Slack refuses everything for a day", fails: map[string][]error{"update": {refusal("token_revoked")}, "reply": {refusal("token_revoked")}, "dm": {refusal("token_revoked")}}, tried: report.GiveUpAfter + time.Hour},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				for method, errs := range row.fails {
					h.Chat.Fail(method, errs...)
				}
				h.Presses(steptest.Ana, action.Cancel, id, nil)
				if row.heals > 0 {
					h.Pass(row.heals)
					h.Chat.Recover()
				}
				h.Pass(max(row.tried, 10*time.Minute))
				if got := steptest.Outcome(h.Stored(id)); got != "cancelled" {
					t.Fatalf("the request is %s", got)
				}
				if got := strings.Contains(h.Chat.Card(), "was cancelled by"); got != row.card {
					t.Errorf("the card shows the outcome: %t, want %t (%q)", got, row.card, h.Chat.Card())
				}
				said := h.Chat.InThread()
				if (row.thread == "") != (said == "") || !strings.Contains(said, row.thread) {
					t.Errorf("the thread says %q, want %q in it", said, row.thread)
				}
				if n := len(h.Chat.Texts("dm", steptest.Carol)); (n == 1) != row.owner || n > 1 {
					t.Errorf("the owner has %d messages, want one: %t", n, row.owner)
				}
				asker := h.Chat.Shown("dm", steptest.Ana)
				if n := len(asker); (n == 1) != row.asker || n > 1 {
					t.Errorf("the asker has %d messages, want one: %t", n, row.asker)
				}
				if row.asker && !strings.Contains(asker[0], "was told in a direct message") {
					t.Errorf("the asker, who can't read a reply, isn't told about the owner: %q", asker[0])
				}
				h.WantIdle()
			})
		})
	}
}

// TestReplyDoesNotWait: how long Slack delays the owner's message → when the reply is
// posted. It is corrected once the owner has been told.
func TestReplyDoesNotWait(t *testing.T) {
	t.Parallel()
	for _, wait := range []time.Duration{5 * time.Second, 30 * time.Second, 10 * time.Minute} {
		t.Run(wait.String(), func(t *testing.T) {
			t.Parallel()
			held := steptest.SlackWait(t, wait)
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				h.Chat.Fail("dm", held)
				h.Press(steptest.Ana, action.Cancel, id, nil)
				h.Pass(wait - time.Second)
				if wait > report.OwnerPatience {
					if said := h.Chat.InThread(); !strings.Contains(said, "has not been told yet") {
						t.Errorf("while the owner's message waits the thread says %q", said)
					}
				}
				h.Chat.Recover()
				h.Pass(wait)
				if said := h.Chat.InThread(); !strings.Contains(said, "was told in a direct message") {
					t.Errorf("the thread says %q", said)
				}
				if replies, told := h.Chat.Texts("reply", steptest.Channel+"/1"), h.Chat.Texts("dm", steptest.Carol); len(replies) != 1 || len(told) != 1 {
					t.Errorf("%d replies and %d messages to the owner, want one each", len(replies), len(told))
				}
				h.WantIdle()
			})
		})
	}
}

// TestIndependentDelays: the card and the owner's message are delayed for different times.
// Neither waits for the other.
func TestIndependentDelays(t *testing.T) {
	t.Parallel()
	short, long := steptest.SlackWait(t, 5*time.Second), steptest.SlackWait(t, 10*time.Minute)
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		h.Chat.Fail("dm", short, nil)
		h.Chat.Fail("update", long)
		h.Chat.Fail("respond", long)
		h.Press(steptest.Ana, action.Cancel, id, nil)
		h.Pass(7 * time.Second) // before the reply would stop waiting
		if told := h.Chat.Texts("dm", steptest.Carol); len(told) != 1 {
			t.Errorf("%d messages to the owner while the card waits, want one", len(told))
		}
		if said := h.Chat.InThread(); !strings.Contains(said, "was told in a direct message") {
			t.Errorf("while the card waits the thread says %q", said)
		}
		h.Chat.Recover()
		h.Pass(10 * time.Minute)
		h.WantIdle()
	})
}

// TestRecordedAlone: a message is recorded a moment after it is sent, however long the rest
// takes, so that it isn't sent again if the process dies.
func TestRecordedAlone(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		slow   string // the method that takes long
		takes  time.Duration
		before []cancellation.EffectKind // the effects recorded before that method returns
	}{
		{"a slow card", "update", 2 * time.Second, []cancellation.EffectKind{cancellation.OwnerEffect}},
		{"a card whose answer never comes", "update", time.Minute, []cancellation.EffectKind{cancellation.OwnerEffect}},
		{"a slow message to the owner", "dm", 2 * time.Second, []cancellation.EffectKind{cancellation.FinalEffect}},
		{"a slow reply", "reply", 2 * time.Second, []cancellation.EffectKind{cancellation.OwnerEffect, cancellation.FinalEffect}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				h.Chat.Slow(row.slow, row.takes)
				h.Press(steptest.Ana, action.Cancel, id, nil)
				h.Pass(400 * time.Millisecond)
				for _, kind := range row.before {
					if !h.Stored(id).Effects[kind].Ended() {
						t.Errorf("%s is not recorded while %s is on its way", kind, row.slow)
					}
				}
				h.Pass(30 * time.Second)
				if row.takes > 10*time.Second {
					h.Chat.Slow(row.slow, 0)
					h.Pass(2 * time.Minute)
				}
				r := h.Stored(id)
				if r.Owner.Result != cancellation.NoticeSent || r.Owner.User != steptest.Carol || r.Response.URL != "" {
					t.Errorf("recorded: owner %+v, response_url %q", r.Owner, r.Response.URL)
				}
				if n := len(h.Chat.Texts("dm", steptest.Carol)); n != 1 {
					t.Errorf("the owner has %d messages, want one", n)
				}
				if trail := h.Trail(); strings.Count(trail, "notified") != 1 {
					t.Errorf("the trail is %q", trail)
				}
				h.WantIdle()
			})
		})
	}
}

// TestOwnerNotFound: "not found" is said only when everyone who would know has answered.
func TestOwnerNotFound(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		err  error
		want string
	}{
		{"unknown user", steptest.Failure(meetingapi.ClassNotFound), "could not be found in Slack"},
		{"a proxy's 403", &meetingapi.Error{Class: meetingapi.ClassDenied, Status: 403}, ""},
		{"a locked login", steptest.Failure(meetingapi.ClassLocked), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				id := h.Insert(steptest.Number, nil)
				h.Service.Unknown = row.err
				h.Presses(steptest.Ana, action.Cancel, id, nil)
				h.Pass(20 * time.Second)
				said := h.Chat.InThread()
				if strings.Contains(said, "could not be found") != (row.want != "") {
					t.Errorf("the thread says %q, want %q", said, row.want)
				}
				if row.want != "" {
					return
				}
				h.Service.Set(func(s *steptest.Service) { s.Unknown = nil })
				h.Pass(5 * time.Minute)
				if said := h.Chat.InThread(); !strings.Contains(said, "was told in a direct message") || len(h.Chat.Texts("dm", steptest.Carol)) != 1 {
					t.Errorf("once the owner can be found, the thread says %q, and the owner has %q", said, h.Chat.Texts("dm", steptest.Carol))
				}
			})
		})
	}
}

// TestEndNotShown: the asker, and the person who answered a question, is told how it ended if its
// card can't say so, except if another card has replaced it. A card that was deleted shows its
// end to the person who pressed last.
func TestEndNotShown(t *testing.T) {
	t.Parallel()
	archived, used := steptest.SlackError(t, "is_archived"), steptest.SlackError(t, "used_url")
	deleted, deactivated := steptest.SlackError(t, "message_not_found"), steptest.SlackError(t, "channel_not_found")
	for how, want := range map[string]string{"declined": "Meeting kept", "expired": "Question expired", "unknown": "Outcome unknown", "superseded": ""} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Chat.Fail("update", archived)
				h.Chat.Fail("respond", used)
				by := steptest.Bob
				if how == "expired" {
					by = ""
				}
				reportOf(t, h, ends(how, by))
				for _, who := range []string{steptest.Ana, steptest.Bob} {
					want := want
					if who != by && who == steptest.Bob {
						want = ""
					}
					if got := strings.Join(h.Chat.Texts("dm", who), "; "); (got == "") != (want == "") || !strings.Contains(got, want) {
						t.Errorf("%s is told %q, want %q", who, got, want)
					}
				}
				h.WantIdle()
			})
		})
	}
	t.Run("the asker is deactivated", func(t *testing.T) {
		t.Parallel()
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			for _, method := range []string{"update", "reply"} {
				h.Chat.Fail(method, archived)
			}
			h.Chat.Fail("dm", nil, deactivated, nil) // the owner, the asker, Bob
			reportOf(t, h, ends("cancelled", steptest.Bob))
			if got := h.Chat.Texts("dm", steptest.Bob); len(got) != 1 || !strings.Contains(got[0], "was cancelled") {
				t.Errorf("Bob is told %q", got)
			}
			h.WantIdle()
		})
	})
	for by, told := range map[string]string{steptest.Bob: steptest.Ana, steptest.Ana: ""} {
		t.Run("the card was deleted, kept by "+by, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Chat.Fail("update", deleted)
				reportOf(t, h, func(r *cancellation.Request) {
					ends("declined", by)(r)
					r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/" + by, At: time.Now(), OfClick: true, By: by}
				})
				if got := h.Chat.Texts("respond", by); len(got) != 1 {
					t.Errorf("%s, who pressed, is shown %q, want the card", by, got)
				}
				for _, who := range []string{steptest.Ana, steptest.Bob} {
					if got := h.Chat.Texts("dm", who); (len(got) > 0) != (who == told) || who == told && !strings.Contains(got[0], "Meeting kept") {
						t.Errorf("%s is told %q", who, got)
					}
				}
				h.WantIdle()
			})
		})
	}
}
