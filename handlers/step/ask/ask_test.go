package ask_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestAsk checks for each command and meeting what is recorded, and who is shown what.
func TestAsk(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		who   string
		text  string
		given func(*steptest.Fixture)
		want  string // the request's state or outcome; empty: there is none
		told  string
		card  string
		scope cancellation.Scope
	}{
		{name: "a meeting", who: steptest.Ana, text: steptest.Number, want: "asked", card: "Cancel this meeting?", scope: cancellation.Whole},
		{name: "by its owner", who: steptest.Carol, text: steptest.Number, want: "asked", card: "Cancel this meeting?", scope: cancellation.Whole},
		{name: "by others", who: steptest.Dave, text: steptest.Number, want: "refused", told: "can't cancel"},
		{name: "no such meeting", who: steptest.Ana, text: "914000000", want: "gone", told: "is not among"},
		{name: "no such meeting, by a guest", who: steptest.Dave, text: "914000000", given: steptest.Person(steptest.Dave, func(p *bot.Person) { p.Guest = true }), want: "refused", told: "uest"},
		{name: "ended recently", who: steptest.Ana, text: "914000000", given: func(h *steptest.Fixture) {
			h.Service.Past = []meetingapi.Meeting{{ID: "914000000", Number: "914000000"}}
		}, want: "gone", told: "ended"},
		{name: "about to close", who: steptest.Ana, text: steptest.Number, given: func(h *steptest.Fixture) {
			h.Service.ReadErrors = []error{steptest.Failure(meetingapi.ClassEnded)}
		}, want: "gone", told: "has already ended"},
		{name: "the service is away", who: steptest.Ana, text: steptest.Number, given: steptest.Unreadable, want: "failed", told: "could not be looked up"},
		{name: "a webinar", who: steptest.Ana, text: steptest.Number, given: func(h *steptest.Fixture) {
			h.Service.Change(steptest.Number, func(m *meetingapi.Meeting) { m.Webinar = true })
		}, want: "refused", told: "ebinar"},
		{name: "a series", who: steptest.Ana, text: steptest.Weekly, want: "asked", card: "Cancel dates or the whole series?"},
		{name: "the whole series", who: steptest.Ana, text: steptest.Weekly + " --series", want: "asked", card: "Cancel the whole series?", scope: cancellation.Series},
		{name: "a series of a single meeting", who: steptest.Ana, text: steptest.Number + " --series", want: "refused", told: "a single meeting, not a series"},
		{name: "a date of a series", who: steptest.Ana, text: steptest.Weekly + " --occurrence 2000-01-10", want: "asked", card: "Cancel the chosen date?", scope: cancellation.Occurrence},
		{name: "a date it doesn't have", who: steptest.Ana, text: steptest.Weekly + " --occurrence 2000-01-11", want: "refused", told: "2000-01-11"},
		{
			name: "a date in their own zone", who: steptest.Ana, text: steptest.Weekly + " --occurrence 2000-01-09", given: steptest.Person(steptest.Ana, func(p *bot.Person) { p.TimeZone = "America/New_York" }),
			want: "asked", card: "Cancel the chosen date?", scope: cancellation.Occurrence,
		},
		{
			name: "a date in a zone known by its offset", who: steptest.Ana, text: steptest.Weekly + " --occurrence 2000-01-09",
			given: steptest.Person(steptest.Ana, func(p *bot.Person) { p.TimeZone, p.TimeOffset = "Mars/Olympus", -5*time.Hour }),
			want:  "asked", card: "Cancel the chosen date?", scope: cancellation.Occurrence,
		},
		{
			name: "a date without a zone", who: steptest.Ana, text: steptest.Weekly + " --occurrence 2000-01-10", given: steptest.Person(steptest.Ana, func(p *bot.Person) { p.TimeZone = "" }),
			want: "asked", told: "time zone", card: "Cancel dates or the whole series?",
		},
		{name: "a range, the first 92 days of which are over", who: steptest.Ana, text: "1970-01-01..2000-02-01 --end", told: "For example: `/cancel-meeting today --end`"},
		{name: "help", who: steptest.Ana, text: "help", told: "/cancel-meeting"},
		{name: "help, with Slack down for a moment", who: steptest.Ana, text: "help", given: func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Ana, func(p *bot.Person) { p.Locale = "pt-BR" })
			h.Chat.Fail("person", bot.ErrUnavailable, nil)
		}, told: "Cancelar reuniões"},
		{name: "list", who: steptest.Ana, text: "list", told: "2 upcoming or running meetings"},
		{name: "list of one's own", who: steptest.Carol, text: "list", told: "2 upcoming or running meetings"},
		{name: "empty list", who: steptest.Dave, text: "list", told: "no"},
		{name: "picker", who: steptest.Ana, text: "", told: "Choose one of 2 meetings"},
		{name: "empty history", who: steptest.Ana, text: "history", told: "There are no cancellations"},
		{name: "a fault", who: steptest.Ana, text: steptest.Number + " --nonsense", told: "--nonsense"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				// The dates start at midnight UTC, which is another day in New York.
				if row.given != nil {
					row.given(h)
				}
				id := h.Types(row.who, row.text)
				h.Pass(20 * time.Second)
				if row.want != "" {
					r := h.Stored(id)
					if got := steptest.Outcome(r); got != row.want || row.want == "asked" && r.Scope != row.scope {
						t.Errorf("the request is %s of scope %q, want %s of %q", got, r.Scope, row.want, row.scope)
					}
				}
				if row.told != "" && !h.Chat.WasTold(row.who, row.told) {
					t.Errorf("they were told %q, want %q in it", h.Chat.Texts("respond", row.who), row.told)
				}
				if cards := h.Chat.Texts("reply", steptest.Channel); (row.card != "") != (len(cards) == 1) || row.card != "" && !strings.Contains(cards[0], row.card) {
					t.Errorf("the channel saw %q, want %q in it", cards, row.card)
				}
				h.WantCalls()
			})
		})
	}
}

// TestSlackRetryAfter checks that the asker is answered another way within seconds when
// Slack makes the bot wait for a quarter of an hour.
func TestSlackRetryAfter(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		method string // that is rate-limited
		text   string // of the command
		want   string // the request's state or outcome
		told   string // by response_url
	}{
		{"reply", steptest.Number, "asked", "Cancel this meeting?"},
		{"reply", steptest.Number + " " + steptest.Weekly, "asked", "Cancel a meeting?"}, // the series is listed below, with the reason,
		{"person", steptest.Number, "failed", "can't be done just now"},
		{"person", "list", "", "can't be done just now"},
	} {
		t.Run(row.method+" "+row.text, func(t *testing.T) {
			t.Parallel()
			wait := steptest.SlackWait(t, 15*time.Minute)
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Chat.Fail(row.method, wait)
				id := h.Types(steptest.Ana, row.text)
				h.Pass(5 * time.Second)
				if said := h.Chat.Texts("respond", steptest.Ana); len(said) != 1 || !strings.Contains(said[0], row.told) {
					t.Errorf("Ana sees %q, want %q", said, row.told)
				}
				if row.want == "" {
					return
				}
				if r := h.Stored(id); steptest.Outcome(r) != row.want || row.want == "asked" && r.Card.Way != cancellation.ByResponse {
					t.Errorf("the request is %s, by %q, want %s", steptest.Outcome(r), r.Card.Way, row.want)
				}
			})
		})
	}
}

// TestSecondCard checks that a second command in the channel gets a link to the first card
// while that is open or its call is under way. A card in direct messages doesn't count.
func TestSecondCard(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		want  string
	}{
		{"asked", nil, "refused"},
		{"confirmed", func(r *cancellation.Request) { r.State, r.ConfirmedBy = cancellation.Confirmed, steptest.Bob }, "refused"},
		{"past its expiry", func(r *cancellation.Request) { r.ExpiresAt = time.Now().Add(-time.Second) }, "asked"},
		{"in direct messages", func(r *cancellation.Request) {
			r.Card = cancellation.Card{Channel: "D0", TS: "1", Way: cancellation.ByDirect}
		}, "asked"},
		{"in another channel", func(r *cancellation.Request) { r.Channel = "C0OTHER" }, "asked"},
		{"over", func(r *cancellation.Request) { r.State = cancellation.Declined }, "asked"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Insert(steptest.Number, row.about)
				id := h.Types(steptest.Bob, steptest.Number)
				h.Pass(5 * time.Second)
				if got := steptest.Outcome(h.Stored(id)); got != row.want {
					t.Errorf("the second request is %s, want %s; Bob was told %q", got, row.want, h.Chat.Texts("respond", steptest.Bob))
				}
			})
		})
	}
}

// TestTooMany checks the limit of five requests a minute: refused ones don't count, and the
// next is allowed when the first is a minute old.
func TestTooMany(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		for range 5 {
			h.Types(steptest.Dave, "914000000")
		}
		for range 3 {
			id := h.Types(steptest.Dave, "914000000")
			if r := h.Stored(id); r.Why != "too_many" {
				t.Errorf("over the limit, but refused for %q", r.Why)
			}
		}
		h.Pass(time.Minute)
		if r := h.Stored(h.Types(steptest.Dave, "914000000")); r.Why == "too_many" {
			t.Error("still over the limit a minute later")
		}
	})
}

// TestStaleCommand checks that an acked command handled after its question would have expired
// is answered with that, and that the trail is closed.
func TestStaleCommand(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		in := steptest.Typed()
		in.At = time.Now().Add(-16 * time.Minute)
		h.Arrive(step.CommandStep, in)
		h.Pass(5 * time.Second)
		if got := steptest.Outcome(h.Stored(in.Request)); got != "refused" || !h.Chat.WasTold(steptest.Ana, "Too much time has passed") || h.Trail() != "requested refused" {
			t.Errorf("the request is %s, Ana was told %q, the trail is %s", got, h.Chat.Texts("respond", steptest.Ana), h.Trail())
		}
		h.WantIdle()
	})
}

// TestPostRetried checks that the card is posted once after two posts fail.
func TestPostRetried(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Chat.Fail("reply", bot.ErrUnavailable, bot.ErrUnavailable, nil)
		id := h.Types(steptest.Ana, steptest.Number)
		h.Pass(20 * time.Second)
		if got := steptest.Outcome(h.Stored(id)); got != "asked" || len(h.Chat.Texts("reply", steptest.Channel)) != 1 {
			t.Errorf("the request is %s, the channel saw %q", got, h.Chat.Texts("reply", steptest.Channel))
		}
		h.WantIdle()
	})
}

// TestFailedLookUpsAreNoPosts checks that runs which failed before there was a card don't
// count as attempts to post it.
func TestFailedLookUpsAreNoPosts(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Chat.Fail("person", bot.ErrUnavailable, bot.ErrUnavailable, nil)
		h.Chat.Fail("reply", bot.ErrUnavailable, nil)
		id := h.Types(steptest.Ana, steptest.Number)
		h.Pass(20 * time.Second)
		if r := h.Stored(id); steptest.Outcome(r) != "asked" || r.Card.Way != cancellation.ByMessage {
			t.Errorf("the request is %s and its card %+v, want a message", steptest.Outcome(r), r.Card)
		}
		h.WantIdle()
	})
}

// TestCardNotPosted checks that the asker is told in their own language when the card can't
// be posted anywhere.
func TestCardNotPosted(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Chat.Change(steptest.Ana, func(p *bot.Person) { p.Locale = "pt-BR" })
		for _, way := range []string{"reply", "respond", "dm"} {
			h.Chat.Fail(way, bot.ErrGone, nil)
		}
		id := h.Types(steptest.Ana, steptest.Number)
		if got := steptest.Outcome(h.Stored(id)); got != "failed" || !h.Chat.WasTold(steptest.Ana, "Nada foi feito") {
			t.Errorf("the request is %s, Ana was told %q, %q and %q", got,
				h.Chat.Texts("respond", steptest.Ana), h.Chat.Texts("ephemeral", steptest.Ana), h.Chat.Texts("dm", steptest.Ana))
		}
		h.WantIdle()
	})
}

// TestWhyNotPosted checks that the advice fits what Slack said: inviting the bot helps only if
// it isn't a member.
func TestWhyNotPosted(t *testing.T) {
	t.Parallel()
	for code, told := range map[string]string{
		"channel_not_found":                   "Invite the bot",
		"not_in_channel":                      "Invite the bot",
		"is_archived":                         "Slack doesn't let apps post in this conversation",
		"restricted_action_read_only_channel": "Slack doesn't let apps post in this conversation",
		"restricted_action":                   "Slack doesn't let apps post in this conversation",
		"invalid_blocks":                      "Tell the people who run this bot",
		"missing_scope":                       "Tell the people who run this bot",
	} {
		refusal, noDM := steptest.SlackError(t, code), steptest.SlackError(t, "user_not_found")
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			h.Chat.Fail("reply", refusal, nil)
			h.Chat.Fail("respond", bot.ErrGone, nil)
			h.Chat.Fail("dm", noDM, nil)
			if code == "invalid_blocks" { // no other way would help
				h.Chat.Fail("respond", nil)
			}
			id := h.Types(steptest.Ana, steptest.Number)
			if got := steptest.Outcome(h.Stored(id)); got != "failed" || !h.Chat.WasTold(steptest.Ana, told) {
				t.Errorf("%s: the request is %s, Ana was told %q, want %q", code, got, h.Chat.Texts("respond", steptest.Ana), told)
			}
			h.WantIdle()
		})
	}
}

// TestClickedBeforeRecorded posts a card without an answer from Slack, and the bot may not
// search for it. A click on the card must reveal where it is.
func TestClickedBeforeRecorded(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Chat.Fail("reply", bot.ErrUnavailable, nil)
		in := steptest.Typed()
		h.Arrive(step.CommandStep, in)
		h.StoreOnly(&step.Envelope{
			Person: steptest.Bob, Channel: steptest.Channel, Action: "keep_meeting", Request: in.Request,
			Message: bot.MessageRef{Channel: steptest.Channel, TS: "1"}, Response: "https://hooks.example.com/click/" + steptest.Bob,
		})
		h.Pass(20 * time.Second)
		r := h.Stored(in.Request)
		if r.Card.TS != "1" || !r.Effects[cancellation.CardEffect].Ended() {
			t.Errorf("the card is %+v, %+v, want the clicked one, recorded", r.Card, r.Effects[cancellation.CardEffect])
		}
		if !r.Response.OfClick { // the bot may not be in the channel
			t.Errorf("the card is edited through %q, want the click's response_url", r.Response.URL)
		}
		if cards := h.Chat.Texts("reply", steptest.Channel); len(cards) != 0 {
			t.Errorf("a second card was posted: %q", cards)
		}
	})
}

// TestShortcutMessageIsNoCard checks that the message the shortcut was used on isn't taken
// for the card, even if the card could not be posted at first.
func TestShortcutMessageIsNoCard(t *testing.T) {
	t.Parallel()
	for _, scopes := range []bool{false, true} {
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			h.Chat.Scopes = scopes
			h.Chat.Fail("reply", bot.ErrUnavailable, nil)
			in := steptest.Typed()
			in.FromMessage, in.Message = true, bot.MessageRef{Channel: steptest.Channel, TS: "0.5"}
			h.Arrive(step.CommandStep, in)
			h.Pass(20 * time.Second)
			if r := h.Stored(in.Request); r.Card.TS == in.Message.TS || r.Card.TS == "" || r.State != cancellation.Asked {
				t.Errorf("scopes %t: the request is %s and its card %+v, want a message of its own", scopes, r.State, r.Card)
			}
			h.WantIdle()
		})
	}
}

// TestTakenOverDuringSearch posts a card without an answer from Slack, and lets another
// request take it over and mark it before this one finds it. The card must not be posted a
// second time.
func TestTakenOverDuringSearch(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		h.Chat.Scopes = true
		h.Chat.Fail("reply", bot.ErrUnavailable, nil)
		in := steptest.Typed()
		h.Chat.Search = func() {
			h.Chat.Search = nil
			err := h.Store.Do(h.Context(), func(tx *store.Tx) error {
				r, err := tx.Requests.Get(h.Context(), in.Request)
				if err != nil {
					return err
				}
				r.State, r.Card = cancellation.Superseded, cancellation.Card{Channel: steptest.Channel, TS: "1"}
				return tx.Requests.Save(h.Context(), &r)
			})
			if err != nil {
				t.Error(err)
			}
		}
		h.Arrive(step.CommandStep, in)
		h.Pass(20 * time.Second)
		if r := h.Stored(in.Request); r.State != cancellation.Superseded || !r.Effects[cancellation.CardEffect].Ended() {
			t.Errorf("the request is %s and its card %+v, want superseded and recorded", r.State, r.Effects[cancellation.CardEffect])
		}
		if cards := h.Chat.Texts("reply", steptest.Channel); len(cards) != 0 {
			t.Errorf("a second card was posted: %q", cards)
		}
		h.WantIdle()
	})
}

// TestCardDeleted checks that a second command gets a new card if the first one's message
// was deleted, and a link to the first if it can't be found for another reason.
func TestCardDeleted(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{"message_not_found": "superseded", "channel_not_found": "asked"} {
		failed := steptest.SlackError(t, code)
		steptest.Run(t, nil, func(h *steptest.Fixture) {
			first := h.Types(steptest.Ana, steptest.Number)
			h.Chat.Fail("permalink", failed)
			second := h.Types(steptest.Bob, steptest.Number)
			if got := steptest.Outcome(h.Stored(first)); got != want {
				t.Errorf("%s: the first request is %s, want %s", code, got, want)
			}
			if asked := steptest.Outcome(h.Stored(second)) == "asked"; asked == (want == "asked") {
				t.Errorf("%s: the second request has a card: %t", code, asked)
			}
			h.Chat.Recover()
			h.Pass(20 * time.Minute)
			h.WantIdle()
		})
	}
}
