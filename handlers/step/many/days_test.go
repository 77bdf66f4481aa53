package many_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// midnight is when the bubble's first day begins in Lisbon, where everyone lives.
var midnight = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// atNoon runs f at noon, with only these meetings of Carol's: subjects and start times since
// midnight.
func atNoon(t *testing.T, meetings map[string]time.Duration, change func(*steptest.Fixture), f func(*steptest.Fixture)) {
	t.Helper()
	steptest.Run(t, func(h *steptest.Fixture) {
		time.Sleep(12 * time.Hour)
		m := h.Service.Meetings[steptest.Number]
		clear(h.Service.Meetings)
		i := 0
		for subject, start := range meetings {
			i++
			m.ID = meetingapi.ID(fmt.Sprint(900000000 + i))
			m.Number, m.Subject, m.Start, m.End = string(m.ID), subject, midnight.Add(start), midnight.Add(start+time.Hour)
			h.Service.Meetings[m.ID] = m
		}
		if change != nil {
			change(h)
		}
	}, f)
}

// subjects returns what a card lists, in order; * marks what is ticked.
func subjects(b *cancellation.Batch) string {
	if b == nil {
		return ""
	}
	var all []string
	for _, it := range b.Items {
		one := b.Meetings[it.Meeting].Subject
		if it.Ticked {
			one += "*"
		}
		all = append(all, one)
	}
	return strings.Join(all, " ")
}

// meeting changes the meeting with this subject.
func meeting(subject string, f func(*meetingapi.Meeting)) func(*steptest.Fixture) {
	return func(h *steptest.Fixture) {
		for id, m := range h.Service.Meetings {
			if m.Subject == subject {
				f(&m)
				h.Service.Meetings[id] = m
			}
		}
	}
}

// failReads has every reading fail with this class of error.
func failReads(c meetingapi.Class) func(*steptest.Fixture) {
	return func(h *steptest.Fixture) { h.Service.ReadErrors = []error{steptest.Failure(c)} }
}

// TestDays: the typed days, by whom, and where they are → which meetings are on the card,
// the earliest first, or what is said instead.
func TestDays(t *testing.T) {
	t.Parallel()
	usual := map[string]time.Duration{
		"yesterday": -time.Minute, "soon": 13 * time.Hour, "night": 24*time.Hour - time.Minute,
		"midnight": 24 * time.Hour, "next": 47 * time.Hour, "after": 48 * time.Hour, "week": 5 * 24 * time.Hour,
	}
	zone := func(name string) func(*steptest.Fixture) {
		return func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Carol, func(p *bot.Person) { p.TimeZone = name })
		}
	}
	for _, row := range []struct {
		name  string
		who   string
		text  string
		given func(*steptest.Fixture)
		want  string // on the card, in order
		left  string // why meetings are left out
		told  string // if there is no card
	}{
		{name: "today", who: steptest.Carol, text: "today", want: "soon* night*"},
		{name: "tomorrow", who: steptest.Carol, text: "tomorrow", want: "midnight* next*"},
		{name: "a date", who: steptest.Carol, text: "2000-01-03", want: "after*"},
		{name: "a range", who: steptest.Carol, text: "2000-01-02..2000-01-03", want: "midnight* next* after*"},
		{name: "a day without any", who: steptest.Carol, text: "2000-01-05", told: "None of your meetings starts on"},
		{name: "today, east of here", who: steptest.Carol, text: "today", given: zone("Asia/Shanghai"), want: "yesterday* soon*"},
		{name: "tomorrow, east of here", who: steptest.Carol, text: "tomorrow", given: zone("Asia/Shanghai"), want: "night* midnight*"},
		{name: "today, west of here", who: steptest.Carol, text: "today", given: zone("America/Los_Angeles"), want: "soon* night* midnight*"},
		{name: "unknown time zone", who: steptest.Carol, text: "today", given: zone(""), told: "which time zone you are in"},
		{name: "unknown time zone, with options", who: steptest.Carol, text: "today --end --reason ill", given: zone(""), told: ` --end --reason "ill"` + "`"},
		{name: "a zone unknown to this machine", who: steptest.Carol, text: "tomorrow", given: func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Carol, func(p *bot.Person) { p.TimeZone, p.TimeOffset = "Mars/Olympus", 8*time.Hour })
		}, want: "night* midnight*"},
		{name: "a person without meetings", who: steptest.Dave, text: "today", told: "None of your meetings starts on"},
		{name: "one runs", who: steptest.Carol, text: "today", given: meeting("soon", func(m *meetingapi.Meeting) { m.State = meetingapi.Running }), want: "soon night*"},
		{name: "one has ended", who: steptest.Carol, text: "today", given: meeting("soon", func(m *meetingapi.Meeting) { m.State = meetingapi.Ended }), want: "night*"},
		{name: "one is a webinar", who: steptest.Carol, text: "today", given: meeting("soon", func(m *meetingapi.Meeting) { m.Webinar = true }), want: "night*"},
		{name: "too soon for the owner", who: steptest.Carol, text: "today..tomorrow", given: func(h *steptest.Fixture) { h.Access.LeadTime = 6 * time.Hour }, want: "night* midnight* next*", left: string(answer.LeadTime)},

		{name: "of Carol, by someone who may cancel any", who: steptest.Ana, text: "today --of carol@example.com", want: "soon* night*"},
		{name: "of Carol, mentioned", who: steptest.Ana, text: "today --of <@U0CAROL>", want: "soon* night*"},
		{name: "of oneself, by address", who: steptest.Carol, text: "today --of carol@example.com", want: "soon* night*"},
		{name: "of Carol, by someone without the right", who: steptest.Dave, text: "today --of carol@example.com", told: "You can list someone else's meetings only if"},
		{name: "of an unknown address", who: steptest.Ana, text: "today --of nobody@example.com", told: "no account with the meeting service"},
		{name: "of a person without an account", who: steptest.Ana, text: "today --of <@" + steptest.Bob + ">", given: func(h *steptest.Fixture) {
			h.Chat.Change(steptest.Bob, func(p *bot.Person) { p.Name = "Bob Low" })
		}, told: "Bob Low” has no account with the meeting service"},
		{name: "of an unknown address, by someone without the right", who: steptest.Dave, text: "today --of nobody@example.com", told: "You can list someone else's meetings only if"},
		{name: "of someone who left Slack", who: steptest.Ana, text: "today --of carol@example.com", given: func(h *steptest.Fixture) { h.Chat.Leave(steptest.Carol) }, want: "soon* night*"},
		{name: "of an unknown person", who: steptest.Ana, text: "today --of <@U0NOBODY>", told: "in this workspace"},
		{name: "of Carol, who has none that day", who: steptest.Ana, text: "2000-01-05 --of carol@example.com", told: "No meeting of"},
		{name: "of Carol, by her delegate", who: steptest.Dave, text: "today --of carol@example.com", given: delegates, want: "soon* night*"},

		{name: "the service is down", who: steptest.Carol, text: "today", given: steptest.Unreadable, told: "could not be looked up"},
		{name: "the service is busy", who: steptest.Carol, text: "today", given: failReads(meetingapi.ClassThrottled), told: "handling too many requests"},
		{name: "the service refuses the bot", who: steptest.Carol, text: "today", given: failReads(meetingapi.ClassDenied), told: "isn't allowed to do this"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			atNoon(t, usual, row.given, func(h *steptest.Fixture) {
				id := h.Types(row.who, row.text)
				h.Pass(30 * time.Second)
				r := h.Stored(id)
				if r.State == cancellation.Asked != (row.want != "") {
					t.Errorf("the request is %s", steptest.Outcome(r))
				}
				if got := subjects(r.Batch); r.State == cancellation.Asked && got != row.want {
					t.Errorf("the card lists %q, want %q", got, row.want)
				}
				var left []string
				if r.State == cancellation.Asked {
					for _, l := range r.Batch.LeftOut {
						left = append(left, l.Why)
					}
				}
				if got := strings.Join(left, " "); got != row.left {
					t.Errorf("left out because of %q, want %q", got, row.left)
				}
				h.WantSaid(row.who, row.told, "")
				h.WantCalls()
				h.WantIdle()
			})
		})
	}
}

// TestServiceSilent: a meeting service that doesn't answer → the person is told so after the
// first attempt, for days and numbers alike.
func TestServiceSilent(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"today", both} {
		atNoon(t, nil, steptest.Unreadable, func(h *steptest.Fixture) {
			h.Types(steptest.Carol, text)
			h.Pass(time.Second / 2) // a second attempt would come after a second
			h.WantSaid(steptest.Carol, "could not be looked up. Nothing was changed. The meeting service can't be reached", "")
			h.WantIdle()
		})
	}
}

// delegates has Carol delegate to Dave.
func delegates(h *steptest.Fixture) {
	h.AllowDelegation(24 * time.Hour)
	_ = h.Store.Do(h.Context(), func(tx *store.Tx) error {
		_, err := tx.Delegations.Give(h.Context(), cancellation.Delegation{
			ID: cancellation.NewID(), Giver: steptest.Carol, Receiver: steptest.Dave, GivenAt: tx.Now(), Until: tx.Now().Add(time.Hour),
		})
		return err
	})
}

// TestSeriesOnDays: of a series only the dates in the period are listed, never the series
// itself.
func TestSeriesOnDays(t *testing.T) {
	t.Parallel()
	series := func(h *steptest.Fixture) {
		var dates []meetingapi.Occurrence
		for i := range 5 {
			at := midnight.Add(time.Duration(14+24*i) * time.Hour)
			dates = append(dates, meetingapi.Occurrence{ID: meetingapi.OccurrenceID(fmt.Sprint("d", i)), Start: at, End: at.Add(time.Hour)})
		}
		h.Service.Meetings[steptest.Weekly] = meetingapi.Meeting{
			ID: steptest.Weekly, Number: steptest.Weekly, Subject: "Daily", Start: dates[0].Start, End: dates[0].End, State: meetingapi.Scheduled,
			Owner: meetingapi.Owner{Name: "Carol Ng", UUID: "uuid-carol"}, Kind: meetingapi.KindSeries,
			Series: &meetingapi.Series{Occurrences: meetingapi.Known(dates)},
		}
	}
	for text, want := range map[string][]string{"today": {"d0"}, "tomorrow..2000-01-04": {"d1", "d2", "d3"}, "2000-01-09": nil} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			atNoon(t, nil, series, func(h *steptest.Fixture) {
				id := h.Types(steptest.Carol, text)
				var got []string
				if r := h.Stored(id); r.State == cancellation.Asked {
					for _, it := range r.Batch.Items {
						got = append(got, it.Date.ID)
					}
				}
				if !slices.Equal(got, want) {
					t.Errorf("the card lists the dates %q, want %q", got, want)
				}
				if want == nil {
					return
				}
				confirm(h, id, steptest.Carol, "0")
				h.WantCalls("dates [" + want[0] + "]")
			})
		})
	}
}

// TestDaysAfterListedDates: the service lists only fifty dates of a series. If none of them
// is in the period, the series may still have one then; if some are, there may be more.
func TestDaysAfterListedDates(t *testing.T) {
	t.Parallel()
	daily := func(h *steptest.Fixture) {
		dates := make([]meetingapi.Occurrence, 50)
		for i := range dates {
			at := midnight.Add(time.Duration(14+24*i) * time.Hour)
			dates[i] = meetingapi.Occurrence{ID: meetingapi.OccurrenceID(fmt.Sprint("d", i)), Start: at, End: at.Add(time.Hour)}
		}
		h.Service.Meetings[steptest.Weekly] = meetingapi.Meeting{
			ID: steptest.Weekly, Number: steptest.Weekly, Subject: "Daily", Start: dates[0].Start, End: dates[0].End, State: meetingapi.Scheduled,
			Owner: meetingapi.Owner{Name: "Carol Ng", UUID: "uuid-carol"}, Kind: meetingapi.KindSeries,
			Series: &meetingapi.Series{Occurrences: meetingapi.Known(dates)},
		}
	}
	for text, want := range map[string]string{
		"2000-01-04":             "Daily*",
		"2000-02-19..2000-02-21": "Daily* unlisted",
		"2000-03-01":             "",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			atNoon(t, nil, daily, func(h *steptest.Fixture) {
				r := h.Stored(h.Types(steptest.Carol, text))
				got := subjects(r.Batch)
				if r.State == cancellation.Asked {
					for _, l := range r.Batch.LeftOut {
						got += " " + l.Why
					}
				} else if !h.Chat.Shows(steptest.Carol, "doesn't list all of its dates") {
					t.Errorf("Carol was told %q, want why there is nothing", h.Chat.Shown("respond", steptest.Carol))
				}
				if got != want {
					t.Errorf("the card lists %q, want %q", got, want)
				}
			})
		})
	}
}

// TestPortions: more meetings than fit on one card → what is asked about, and how to ask for
// the rest.
func TestPortions(t *testing.T) {
	t.Parallel()
	many := func(n int) map[string]time.Duration {
		all := map[string]time.Duration{}
		for i := range n {
			all[fmt.Sprintf("m%03d", i)] = 13*time.Hour + time.Duration(i)*time.Hour
		}
		return all
	}
	for _, row := range []struct {
		meetings, most int
		items, more    int
		told           string
	}{
		{20, 20, 20, 0, ""},
		{21, 20, 20, 1, ""},
		{30, 5, 5, 25, ""},
		{3, 2, 2, 1, ""},
		{2, 1, 0, 0, "one at a time"},
	} {
		t.Run(fmt.Sprint(row.meetings, " of at most ", row.most), func(t *testing.T) {
			t.Parallel()
			atNoon(t, many(row.meetings), func(h *steptest.Fixture) { h.Rules.ManyMax = row.most }, func(h *steptest.Fixture) {
				id := h.Types(steptest.Ana, "2000-01-01..2000-01-09 --of carol@example.com --reason \"they left\"")
				h.Pass(30 * time.Second)
				r := h.Stored(id)
				if row.told != "" {
					h.WantSaid(steptest.Ana, row.told, "")
					return
				}
				if b := r.Batch; len(b.Items) != row.items || b.More != row.more || !strings.HasPrefix(subjects(b), "m000* m001*") {
					t.Errorf("the card lists %q and leaves %d for later, want the first %d and %d", subjects(b), b.More, row.items, row.more)
				}
				if line := r.Batch.MoreLine; (line != "") != (row.more > 0) || line != "" && (!strings.Contains(line, "--reason") || strings.Count(line, "/") < 1) {
					t.Errorf("the rest is asked for by %q", line)
				}
				for _, said := range h.Chat.Texts("reply", steptest.Channel) {
					if n := len([]rune(said)); n > 4000 {
						t.Errorf("a text has %d characters, more than the 4000 that Slack wants", n)
					}
				}
			})
		})
	}
}
