package world

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

func (s *script) ctx() context.Context { return context.Background() }

// shows [!] @ana 'text'… [#channel]: she sees one message there, ephemeral ones included, that
// contains all the texts.
func (s viewer) shows(ts *testscript.TestScript, neg bool, args []string) {
	channel, args := where(args)
	viewer := who(ts, args[0])
	for i, text := range args {
		args[i] = s.withDates(ts, text)
	}
	s.expect(ts, neg, "message for "+args[0]+": "+strings.Join(args[1:], " … "), func() bool {
		return anyContains(s.Slack.Messages(channel, viewer), args[1:])
	})
}

// thread [!] 'text'… [#channel]: a reply in a thread there contains all the texts.
func (s viewer) thread(ts *testscript.TestScript, neg bool, args []string) {
	channel, args := where(args)
	s.expect(ts, neg, "reply: "+strings.Join(args, " … "), func() bool {
		for _, m := range s.Slack.Messages(channel, Carol) {
			if anyContains(s.Slack.Thread(m.Ref, Carol), args) {
				return true
			}
		}
		return false
	})
}

// dm [!] @carol 'text'…: she has a direct message that contains all the texts.
func (s viewer) dm(ts *testscript.TestScript, neg bool, args []string) {
	viewer := who(ts, args[0])
	s.expect(ts, neg, "direct message for "+args[0]+": "+strings.Join(args[1:], " … "), func() bool {
		return anyContains(s.Slack.DMs(viewer), args[1:])
	})
}

// button [!] @ana 'Text' [#channel]: she sees a button with this text.
func (s viewer) button(ts *testscript.TestScript, neg bool, args []string) {
	channel, args := where(args)
	viewer := who(ts, args[0])
	s.expect(ts, neg, "button "+args[1], func() bool {
		_, _, found := s.find(channel, viewer, args[1])
		return found
	})
}

func anyContains(all []slacksim.Message, texts []string) bool {
	return slices.ContainsFunc(all, func(m slacksim.Message) bool {
		seen := m.Plain() + "\n" + m.Text
		return !slices.ContainsFunc(texts, func(t string) bool { return !strings.Contains(seen, t) })
	})
}

// ticked [!] @ana 'text' [#channel]: the checkbox with this text or value is ticked for her.
func (s viewer) ticked(ts *testscript.TestScript, neg bool, args []string) {
	channel, args := where(args)
	viewer := who(ts, args[0])
	s.expect(ts, neg, "tick for "+args[0]+": "+args[1], func() bool {
		return slices.ContainsFunc(s.choices(channel, viewer), func(c slacksim.Choice) bool {
			return c.Type == "checkboxes" && c.Chosen && (c.Value == args[1] || strings.Contains(c.Text+"\n"+c.Description, args[1]))
		})
	})
}

// choices returns all options that a person sees.
func (s viewer) choices(channel, viewer string) (all []slacksim.Choice) {
	if m, open := s.Slack.Modal(viewer); open {
		all = append(all, m.Choices()...)
	}
	for _, m := range s.places(channel, viewer).messages {
		all = append(all, m.Choices()...)
	}
	if h, published := s.Slack.Home(viewer); published {
		all = append(all, h.Choices()...)
	}
	return all
}

// modal [!] @ana ['text'…]: she has a modal open that contains the texts.
func (s viewer) modal(ts *testscript.TestScript, neg bool, args []string) {
	viewer := who(ts, args[0])
	s.expect(ts, neg, "window for "+args[0]+": "+strings.Join(args[1:], " … "), func() bool {
		m, open := s.Slack.Modal(viewer)
		return open && !slices.ContainsFunc(args[1:], func(t string) bool { return !strings.Contains(m.Plain(), t) })
	})
}

// audit EVENT…: the audit trail of the whole script becomes exactly these events, request by
// request: what happens to two requests, or who is told of one, may come in any order.
func (s viewer) audit(ts *testscript.TestScript, _ bool, want []string) {
	var got []string
	err := s.Await(s.ctx(), "audit trail "+strings.Join(want, " "), func() bool {
		got = s.trail(ts)
		return slices.Equal(atOnce(got), atOnce(want))
	})
	if err != nil {
		ts.Fatalf("audit trail is\n\t%s\nwant\n\t%s\n%s", strings.Join(got, " "), strings.Join(want, " "), s.Bot.Log())
	}
}

// trail returns the events of each request together, requests in the order in which they began.
func (s viewer) trail(ts *testscript.TestScript) (events []string) {
	db, err := store.OpenReadOnly(s.ctx(), s.env["DATABASE_URL"])
	ts.Check(err)
	defer func() { ts.Check(db.Close()) }()
	var rows []store.AuditRow
	first := map[cancellation.ID]int{}
	ts.Check(db.Trail.Read(s.ctx(), store.AuditFilter{}, func(row store.AuditRow) error {
		if _, seen := first[row.Request]; !seen {
			first[row.Request] = len(rows)
		}
		rows = append(rows, row)
		return nil
	}))
	slices.SortStableFunc(rows, func(a, b store.AuditRow) int { return first[a.Request] - first[b.Request] })
	for _, row := range rows {
		events = append(events, string(row.Event))
	}
	return events
}

// atOnce returns a trail in which reports that follow each other are in one order: they are
// sent at once, and recorded as they end.
func atOnce(trail []string) []string {
	trail = slices.Clone(trail)
	reports := 0 // where the last reports in a row begin
	for i, event := range trail {
		if event != string(store.EventReported) && event != string(store.EventNotified) {
			reports = i + 1
			continue
		}
		slices.Sort(trail[reports : i+1])
	}
	return trail
}

// logs implements "log [!] TEXT…": the program has logged a line with all the texts.
func (s viewer) logs(ts *testscript.TestScript, neg bool, args []string) {
	s.expect(ts, neg, "log line "+strings.Join(args, " … "), func() bool {
		return slices.ContainsFunc(strings.Split(s.Bot.Log(), "\n"), func(line string) bool {
			return !slices.ContainsFunc(args, func(a string) bool { return !strings.Contains(line, a) })
		})
	})
}

// scene returns what people see, for failure messages.
func (s *script) scene() string {
	var b strings.Builder
	for _, channel := range []string{General, Other, Private} {
		for _, m := range s.Slack.Messages(channel, Ana) {
			fmt.Fprintf(&b, "--- %s %s\n%s\n", channel, m.TS, m.Plain())
			for _, r := range s.Slack.Thread(m.Ref, Ana) {
				fmt.Fprintf(&b, "    ↳ %s\n", r.Plain())
			}
		}
	}
	for _, person := range []string{Bob, Carol, Dave, Gina, Paulo} {
		for _, m := range s.Slack.Messages(General, person) {
			if m.Ephemeral {
				fmt.Fprintf(&b, "--- only %s sees\n%s\n", person, m.Plain())
			}
		}
	}
	for _, person := range []string{Ana, Bob, Carol, Dave, Paulo} {
		for _, m := range s.Slack.DMs(person) {
			fmt.Fprintf(&b, "--- direct message to %s\n%s\n", person, m.Plain())
		}
	}
	return b.String()
}
