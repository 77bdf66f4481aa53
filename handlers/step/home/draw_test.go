package home_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/hometab"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// TestDrawFails checks what Home shows after something failed while it was drawn, and that it
// is complete again when opened after everything has recovered.
func TestDrawFails(t *testing.T) {
	t.Parallel()
	revoked, unknown := steptest.SlackError(t, "token_revoked"), steptest.SlackError(t, "view_too_large")
	away, unknownUser := steptest.SlackError(t, "internal_error"), steptest.SlackError(t, "user_not_found")
	busy, redrawn := steptest.SlackWait(t, 2*time.Second), steptest.SlackError(t, "hash_conflict")
	service := func(c meetingapi.Class) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			h.Service.Set(func(s *steptest.Service) { s.ReadErrors = []error{steptest.Failure(c)} })
		}
	}
	slack := func(method string, all ...error) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) { h.Chat.Fail(method, all...) }
	}
	for _, row := range []struct {
		name  string
		given func(*steptest.Fixture)
		want  []string // in Home; empty: no Home is published
		not   []string
	}{
		{name: "all well", given: func(*steptest.Fixture) {}, want: []string{"Budget review", "Waiting for you"}, not: []string{"can't be shown", "could not be read"}},
		{name: "Slack is busy for a moment", given: slack("home", busy, nil), want: []string{"Budget review"}},
		{name: "Slack is away for a moment", given: slack("home", away, away, nil), want: []string{"Budget review"}},
		{name: "Slack is away for long", given: slack("home", away)},
		{name: "Slack does not take it", given: slack("home", unknown)},
		{name: "the token is revoked", given: slack("home", revoked)},
		{name: "drawn twice by other runs", given: slack("home", redrawn, redrawn, nil), want: []string{"Budget review"}},
		{name: "Slack sees another drawing every time", given: slack("home", redrawn)},
		{name: "Slack recovers for the error message", given: slack("home", away, away, away, away, nil, away, away, nil), want: []string{"Budget review"}, not: []string{"can't be shown"}},
		{name: "Slack is away for a minute", given: slack("home", append(slices.Repeat([]error{away}, 7), nil)...), want: []string{"Budget review"}},
		{name: "the person can't be looked up for a moment", given: slack("person", away, nil), want: []string{"Budget review"}},
		{name: "the person can't be looked up for long", given: slack("person", away), want: []string{"can't be shown right now", "Slack doesn't answer"}, not: []string{"Budget review"}},
		{name: "Slack doesn't know the person", given: slack("person", unknownUser), want: []string{"can't be shown right now", "who you are"}, not: []string{"Budget review"}},
		{name: "the service is away", given: service(meetingapi.ClassUnavailable), want: []string{"Your meetings could not be read", "can't be reached", "Waiting for you", "Lately cancelled"}, not: []string{"no meetings in the next"}},
		{name: "the service is busy", given: service(meetingapi.ClassThrottled), want: []string{"Your meetings could not be read", "too many requests"}},
		{name: "the login is refused", given: service(meetingapi.ClassAuth), want: []string{"Your meetings could not be read", "no longer accepts the bot's login"}},
		{name: "the login is locked", given: service(meetingapi.ClassLocked), want: []string{"Your meetings could not be read", "locked"}},
		{name: "the service fails", given: service(meetingapi.ClassServer), want: []string{"Your meetings could not be read", "had an error"}},
		{name: "no meetings", given: func(h *steptest.Fixture) { clear(h.Service.Meetings) }, want: []string{"You have no meetings in the next seven days"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				var ended steptest.Tally
				h.Observe.Home = ended.Add
				row.given(h)
				opens(t, h, steptest.Carol, "h1")
				h.Pass(10 * time.Minute)
				home := lastHome(t, h)
				if row.want == nil && home != "" {
					t.Errorf("Home is %s, want none", home)
				}
				checkHome(t, home, row.want, row.not)
				if all := strings.Join(ended.All(), " "); all != "drawn" && all != "failed" {
					t.Errorf("the drawing ended as %q, want once", all)
				}
				h.WantIdle()
				h.Chat.Recover()
				h.Service.Set(func(s *steptest.Service) { s.ReadErrors = nil })
				opens(t, h, steptest.Carol, "h2")
				checkHome(t, lastHome(t, h), []string{"Waiting for you"}, []string{"can't be shown", "could not be read"})
			})
		})
	}
}

// checkHome checks that a Home contains all of want and none of not.
func checkHome(t *testing.T, home string, want, not []string) {
	t.Helper()
	for _, words := range want {
		if !strings.Contains(home, words) {
			t.Errorf("Home is %s, want %q in it", home, words)
		}
	}
	for _, words := range not {
		if strings.Contains(home, words) {
			t.Errorf("Home is %s, want %q not in it", home, words)
		}
	}
}

// TestWaiting checks whose Home lists a question, by its state.
func TestWaiting(t *testing.T) {
	t.Parallel()
	in := func(s cancellation.State) func(*cancellation.Request) {
		return func(r *cancellation.Request) { r.State, r.Outcome = s, "" }
	}
	toCarol := func(r *cancellation.Request) { r.For, r.Asker = steptest.Carol, steptest.Dave }
	for _, row := range []struct {
		name  string
		about func(*cancellation.Request)
		given func(*steptest.Fixture)
		whose string // initials of the people it waits for
	}{
		{name: "asked", whose: "ABC"}, // Ana is the asker, and may confirm
		{name: "asked, second person required", given: func(h *steptest.Fixture) { h.Access.Second = cancellation.SecondAlways }, whose: "BC"},
		{name: "asked, close to the start", given: func(h *steptest.Fixture) { h.Access.LeadTime = 72 * time.Hour }, whose: "AB"},
		{name: "put to the owner", about: toCarol, whose: "C"},
		{name: "put to the owner, second person required", about: toCarol, given: func(h *steptest.Fixture) { h.Access.Second = cancellation.SecondAlways }, whose: "C"},
		{name: "not shown yet", about: func(r *cancellation.Request) {
			r.State, r.Card, r.Effects = cancellation.Received, cancellation.Card{}, nil
		}},
		{name: "confirmed", about: in(cancellation.Confirmed)},
		{name: "under way", about: in(cancellation.Calling)},
		{name: "kept", about: in(cancellation.Declined)},
		{name: "expired", about: in(cancellation.Expired)},
		{name: "past its expiry, not closed yet", about: func(r *cancellation.Request) { r.ExpiresAt = time.Now().Add(-time.Second) }},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				if row.given != nil {
					row.given(h)
				}
				id := h.Insert(steptest.Number, row.about)
				whose := ""
				for _, who := range []string{steptest.Ana, steptest.Bob, steptest.Carol, steptest.Dave} {
					opens(t, h, who, "")
					if home := lastHome(t, h); strings.Contains(home, string(id)) {
						whose += who[2:3]
					} else if !strings.Contains(home, "Nothing is waiting for you") {
						t.Errorf("%s's Home is %s, want nothing waiting", who, home)
					}
				}
				if whose != row.whose {
					t.Errorf("it waits for %q, want %q", whose, row.whose)
				}
			})
		})
	}
}

// TestOwnMeetings checks that Home lists the person's meetings of the next seven days, running
// ones first and then the soonest, and that each keeps its button.
func TestOwnMeetings(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		clear(h.Service.Meetings)
		add := func(subject string, in time.Duration, change func(*meetingapi.Meeting)) {
			n := meetingapi.ID(fmt.Sprint(900000000 + len(h.Service.Meetings)))
			m := meetingapi.Meeting{
				ID: n, Number: string(n), Subject: subject, Start: time.Now().Add(in), End: time.Now().Add(in + time.Hour),
				State: meetingapi.Scheduled, Kind: meetingapi.KindSingle, Owner: meetingapi.Owner{Name: "Carol Ng", UUID: "uuid-carol"},
			}
			if change != nil {
				change(&m)
			}
			h.Service.Meetings[n] = m
		}
		add("Third", 50*time.Hour, nil)
		add("Second", time.Hour, nil)
		add("First", -time.Minute, func(m *meetingapi.Meeting) { m.State = meetingapi.Running })
		add("Fourth", 7*24*time.Hour-time.Minute, nil)
		add("Too late", 7*24*time.Hour+time.Minute, nil)
		add("Dave's", 2*time.Hour, func(m *meetingapi.Meeting) { m.Owner.UUID = "uuid-dave" })
		add("<!channel> & co", 60*time.Hour, nil)
		opens(t, h, steptest.Carol, "")
		home := lastHome(t, h)
		at := -1
		for _, subject := range []string{"First", "Second", "Third", "Fourth"} {
			i := strings.Index(home, subject)
			if i < 0 || i < at {
				t.Errorf("Home is %s, want %q after those before it", home, subject)
			}
			at = i
		}
		checkHome(t, home, nil, []string{"Too late", "Dave's", "<!channel>"})
		before, err := h.Store.Homes.Get(h.Context(), steptest.Carol)
		if err != nil || len(before.Listed) != 5 {
			t.Fatalf("%d meetings are listed (%v), want 5", len(before.Listed), err)
		}
		add("Zeroth", time.Minute, nil)
		opens(t, h, steptest.Carol, "")
		after, err := h.Store.Homes.Get(h.Context(), steptest.Carol)
		if err != nil || len(after.Listed) != 6 {
			t.Fatalf("%d meetings are listed (%v), want 6", len(after.Listed), err)
		}
		for _, was := range before.Listed {
			for _, is := range after.Listed {
				if was.Meeting == is.Meeting && was.ID != is.ID {
					t.Errorf("the button of %s has changed", was.Meeting)
				}
			}
		}
	})
}

// TestLimits checks that Home counts the meetings it has no room for.
func TestLimits(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		m := h.Service.Meetings[steptest.Number]
		clear(h.Service.Meetings)
		for i := range hometab.MaxMeetings + 3 {
			m.ID = meetingapi.ID(fmt.Sprint(900000000 + i))
			m.Number, m.Subject = string(m.ID), strings.Repeat("&", 200)
			h.Service.Meetings[m.ID] = m
		}
		opens(t, h, steptest.Carol, "")
		home := lastHome(t, h)
		if n := strings.Count(home, `"action_id":"`+action.HomeMeeting); n != hometab.MaxMeetings {
			t.Errorf("Home has %d buttons for meetings, want %d", n, hometab.MaxMeetings)
		}
		if n := len(h.Chat.Homes()[0].Blocks.BlockSet); n > 100 {
			t.Errorf("Home has %d blocks, and Slack's limit is 100", n)
		}
		checkHome(t, home, []string{"3 more"}, nil)
	})
}

// TestLanguages checks that Home is in the language of the person who opens it.
func TestLanguages(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{
		"en-US": "Waiting for you", "pt-BR": "Esperando por você", "es-ES": "Pendiente de ti", "zh-CN": "等你处理", "": "Waiting for you", "fi-FI": "Waiting for you",
	} {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Chat.Change(steptest.Carol, func(p *bot.Person) { p.Locale = locale })
				opens(t, h, steptest.Carol, "")
				checkHome(t, lastHome(t, h), []string{want}, nil)
			})
		})
	}
}

// TestRedrawn checks that Home is redrawn after a change that concerns its person, but only if
// they have opened it before.
func TestRedrawn(t *testing.T) {
	t.Parallel()
	steptest.Run(t, nil, func(h *steptest.Fixture) {
		id := h.Insert(steptest.Number, nil)
		opens(t, h, steptest.Carol, "")
		drawn := len(h.Chat.Homes())
		h.Presses(steptest.Ana, action.Cancel, id, nil)
		h.Pass(5 * time.Second)
		if n := len(h.Chat.Homes()) - drawn; n != 1 {
			t.Errorf("after Ana cancelled Carol's meeting %d Homes were drawn, want Carol's", n)
		}
		checkHome(t, lastHome(t, h), []string{"Budget review", "Nothing is waiting for you"}, []string{"None of your meetings was cancelled"})
		if _, err := h.Store.Homes.Get(h.Context(), steptest.Ana); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Ana has a Home (%v) but never opened one", err)
		}
	})
}
