package step_test

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/dbfault"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestPostedWhileDatabaseDown fails the database right after Slack has taken a message, for
// longer than a run. The message must be recorded once the database is back, and not posted
// again, although the bot may not search for it.
func TestPostedWhileDatabaseDown(t *testing.T) {
	t.Parallel()
	archived, used := []error{steptest.SlackError(t, "is_archived")}, []error{steptest.SlackError(t, "used_url")}
	cancels := func(h *steptest.Fixture) { h.Press(steptest.Ana, action.Cancel, h.Insert(steptest.Number, nil), nil) }
	for _, row := range []struct {
		name string
		does func(*steptest.Fixture)
		how  string // how the message is sent after which the database fails
		to   string
		away time.Duration
	}{
		{"card", func(h *steptest.Fixture) { h.Types(steptest.Ana, steptest.Number) }, "reply", steptest.Channel, 25 * time.Second},
		{"card, for a long time", func(h *steptest.Fixture) { h.Types(steptest.Ana, steptest.Number) }, "reply", steptest.Channel, 10 * time.Minute},
		{"card by response_url", func(h *steptest.Fixture) {
			h.Chat.Fail("reply", archived...)
			h.Types(steptest.Ana, steptest.Number)
		}, "respond", steptest.Ana, 25 * time.Second},
		{"card about several", func(h *steptest.Fixture) { h.Types(steptest.Ana, steptest.Number+" "+steptest.Weekly) }, "reply", steptest.Channel, 25 * time.Second},
		{"question to the owner", asksOwner, "dm", steptest.Carol, 25 * time.Second},
		{"message to the owner", cancels, "dm", steptest.Carol, 25 * time.Second},
		{"reply in the thread", cancels, "reply", steptest.Channel + "/1", 25 * time.Second},
		{"reply by response_url", func(h *steptest.Fixture) {
			h.Chat.Fail("reply", archived...)
			cancels(h)
		}, "respond", steptest.Ana, 25 * time.Second},
		{"message to the asker", func(h *steptest.Fixture) {
			h.Chat.Fail("reply", archived...)
			h.Chat.Fail("respond", used...)
			cancels(h)
		}, "dm", steptest.Ana, 25 * time.Second},
		{"message to the owner of several", cancelsSeveral, "dm", steptest.Carol, 25 * time.Second},
		{"message to an invited person", func(h *steptest.Fixture) {
			h.Rules.TellInvited = cancellation.TellAlways
			h.Service.Invited = []meetingapi.Invitee{{Email: "bob@example.com"}}
			h.Presses(steptest.Ana, action.Cancel, h.Insert(steptest.Number, nil), nil)
		}, "dm", steptest.Bob, 25 * time.Second},
		{"copy of a card", copies, "dm", steptest.Ana, 25 * time.Second},
		{"message to the receiver of a delegation", steptest.Delegates, "dm", steptest.Dave, 25 * time.Second},
		{"reply about several", cancelsSeveral, "reply", steptest.Channel + "/1", 25 * time.Second},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) {
				h.Access.Questions = true
				h.AllowDelegation(48 * time.Hour)
			}, func(h *steptest.Fixture) {
				var once sync.Once
				h.Chat.Said = func(how string) {
					if how == row.how && len(h.Chat.Texts(row.how, row.to)) == 1 {
						once.Do(func() { h.DB.Next("", dbfault.Refuse, -1) })
					}
				}
				row.does(h)
				h.Pass(row.away)
				h.DB.Heal()
				h.Pass(2 * time.Minute)
				if said := h.Chat.Texts(row.how, row.to); len(said) != 1 {
					t.Errorf("posted %d times, want once: %s", len(said), strings.Join(said, "\n"))
				}
				h.WantIdle()
			})
		})
	}
}

// TestToldOnceAfterCrash kills the process between a direct message and its record. The next
// one may search, so it must find the message instead of sending it twice.
func TestToldOnceAfterCrash(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		does func(*steptest.Fixture)
		to   string
	}{
		{"that the owner is asked", asksOwner, steptest.Dave},
		{"question to the owner", asksOwner, steptest.Carol},
		{"answer to a modal", steptest.Delegates, steptest.Carol},
		{"message to the receiver of a delegation", steptest.Delegates, steptest.Dave},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, func(h *steptest.Fixture) {
				h.Access.Questions, h.Chat.Scopes = true, true
				h.AllowDelegation(48 * time.Hour)
			}, func(h *steptest.Fixture) {
				var once sync.Once
				h.Chat.Said = func(how string) {
					if how == "dm" && len(h.Chat.Texts(how, row.to)) == 1 {
						once.Do(func() { h.DB.Next("", dbfault.Refuse, -1) })
					}
				}
				row.does(h)
				h.Pass(time.Minute)
				h.DB.Heal()
				h.RestartBoard()
				h.Pass(2 * time.Minute)
				if said := h.Chat.Texts("dm", row.to); len(said) != 1 {
					t.Errorf("posted %d times, want once: %s", len(said), strings.Join(said, "\n"))
				}
				h.WantIdle()
			})
		})
	}
}

// asksOwner makes Dave, who may not cancel, ask the owner.
func asksOwner(h *steptest.Fixture) {
	h.Presses(steptest.Dave, action.ModalAskOwner, h.Types(steptest.Dave, steptest.Number), func(in *step.Envelope) {
		in.Started, in.Reason, in.Message = cancellation.NewID(), "please", bot.MessageRef{}
		in.Channel, in.Response = "", ""
	})
}

// cancelsSeveral confirms a card about two meetings, page by page.
func cancelsSeveral(h *steptest.Fixture) {
	steptest.TwoMeetings(h)
	id := h.Types(steptest.Ana, steptest.Number+" "+steptest.Second)
	h.Presses(steptest.Ana, action.Review, id, func(in *step.Envelope) {
		in.Selected, in.Block = map[string][]string{"pick_meetings": {"0", "1"}}, "page:0:buttons"
	})
	h.Presses(steptest.Ana, action.CancelMany, id, func(in *step.Envelope) { in.Block = "page:1:buttons" })
}

// copies makes Ana ask for a copy of a card in her Home.
func copies(h *steptest.Fixture) {
	_ = h.Store.Do(h.Context(), func(tx *store.Tx) error {
		_, err := tx.Homes.Open(h.Context(), steptest.Ana, steptest.Team, "D1")
		return err
	})
	h.Arrive(step.HomeClickStep, &step.Envelope{Person: steptest.Ana, Home: true, Action: action.HomeCard, Request: h.Insert(steptest.Number, nil)})
}

// TestReveal checks what a click reveals about where the card and its copies are.
func TestReveal(t *testing.T) {
	t.Parallel()
	at := func(ts string, way cancellation.Way) cancellation.Card {
		return cancellation.Card{Channel: "C0", TS: ts, Way: way}
	}
	copied := []cancellation.Card{at("2", cancellation.ByMessage)}
	for _, tt := range []struct {
		name   string
		card   cancellation.Card
		copies []cancellation.Card
		ts     string // of the message clicked; empty: a modal
		want   cancellation.Card
		copied []string
		url    string // that edits the card afterwards
		state  cancellation.State
		button string // empty: Keep
	}{
		{name: "the card", card: at("1", cancellation.ByMessage), ts: "1", want: at("1", cancellation.ByMessage), url: "new"},
		{name: "a second copy", card: at("1", cancellation.ByMessage), ts: "2", want: at("1", cancellation.ByMessage), copied: []string{"2"}, url: "old"},
		{name: "a known copy", card: at("1", cancellation.ByMessage), copies: copied, ts: "2", want: at("1", cancellation.ByMessage), copied: []string{"2"}, url: "old"},
		{name: "a third copy", card: at("1", cancellation.ByMessage), copies: copied, ts: "3", want: at("1", cancellation.ByMessage), copied: []string{"2", "3"}, url: "old"},
		{name: "an unrecorded card", ts: "1", want: at("1", cancellation.ByMessage), url: "new"},
		{name: "a card posted through a response_url", card: at("", cancellation.ByResponse), ts: "1", want: at("1", cancellation.ByResponse), url: "new"},
		{name: "a card posted through a response_url, known already", card: at("1", cancellation.ByResponse), ts: "1", want: at("1", cancellation.ByResponse), url: "new"},
		{name: "a copy of a card posted through a response_url", card: at("1", cancellation.ByResponse), ts: "2", want: at("1", cancellation.ByResponse), copied: []string{"2"}, url: "old"}, // the new one edits the copy
		{name: "a copy of it takes its place while it is asked", state: cancellation.Asked, card: at("1", cancellation.ByResponse), ts: "2", want: at("2", cancellation.ByResponse), copied: []string{"1"}, url: "new"},
		{name: "a known copy of it takes its place while it is asked", state: cancellation.Asked, card: at("1", cancellation.ByResponse), copies: []cancellation.Card{at("2", cancellation.ByResponse)}, ts: "2", want: at("2", cancellation.ByResponse), copied: []string{"1"}, url: "new"},
		{name: "a refusal sent directly is no copy", button: action.AskOwner, state: cancellation.Asked, card: at("1", cancellation.ByResponse), ts: "2", want: at("1", cancellation.ByResponse), url: "old"},
		{name: "a modal", card: at("1", cancellation.ByMessage), want: at("1", cancellation.ByMessage), url: "old"},
		{name: "a modal, of an unrecorded card", want: cancellation.Card{}, url: "old"},
	} {
		r := cancellation.Request{State: tt.state, Card: tt.card, Copies: tt.copies, Response: cancellation.ResponseURL{URL: "old"}}
		in := &step.Envelope{Action: cmp.Or(tt.button, action.Keep), Response: "new", At: time.Now(), Message: bot.MessageRef{Channel: "C0", TS: tt.ts}}
		if tt.ts == "" {
			in.Message, in.Response = bot.MessageRef{}, ""
		}
		in.Reveal(&r)
		if r.Card != tt.want || !slices.EqualFunc(r.Copies, tt.copied, func(c cancellation.Card, ts string) bool { return c.TS == ts }) || r.Response.URL != tt.url {
			t.Errorf("%s: the card is %+v with copies %+v, edited through %q; want %+v, %q, %q", tt.name, r.Card, r.Copies, r.Response.URL, tt.want, tt.copied, tt.url)
		}
		if tt.url == "new" && !r.Response.OfClick {
			t.Errorf("%s: its response_url isn't marked as a click's", tt.name)
		}
	}
	if len(copied) != 1 {
		t.Error("Reveal changed the Copies of another request")
	}
}
