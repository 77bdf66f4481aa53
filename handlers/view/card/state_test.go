package card_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/card"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/internal/cancellation"
)

// TestUnderway: between the click and the end, a card says who confirmed, what will happen,
// and until when and how to stop it.
func TestUnderway(t *testing.T) {
	t.Parallel()
	confirmed, calling := sample.InState(cancellation.Confirmed), sample.InState(cancellation.Calling)
	chosen := sample.Scoped(cancellation.Occurrence, 1)
	running, both := sample.Scoped(cancellation.Occurrence, 0), sample.Scoped(cancellation.Occurrence, 0, 2)
	unanswered := func(r *cancellation.Request) { r.Unanswered = 1 }
	undo, stop := []string{action.Undo + ": Undo"}, []string{action.Stop + ": Stop"}
	const the = "the meeting “Budget &amp; plans &lt;Q1&gt;” (914 087 436)"
	const weekly = "the series “Weekly review” (914 087 436)"
	for name, test := range map[string]struct {
		r           cancellation.Request
		title, says string
		buttons     []string
	}{
		"undo": {
			sample.Change(sample.Planned(), confirmed, sample.UndoWindow), "Confirmed, but you can still undo it",
			"@BOB confirmed. In 25 seconds (Tue 2026-12-01 12:00 UTC), " + the + " will be cancelled unless someone presses “Undo”.", undo,
		},
		"undo, dates": {
			sample.Change(sample.Recurring(), chosen, confirmed, sample.UndoWindow), "Confirmed, but you can still undo it",
			"@BOB confirmed. In 25 seconds (Tue 2026-12-01 12:00 UTC), the chosen date of " + weekly + " will be cancelled unless someone presses “Undo”.", undo,
		},
		"undo, ends it": {
			sample.Change(sample.Running(), sample.EndAsked, confirmed, sample.UndoWindow), "Confirmed, but you can still undo it",
			"In 25 seconds (Tue 2026-12-01 12:00 UTC), " + the + " will be ended for everyone and cancelled unless someone presses “Undo”.", undo,
		},
		"undo, ends a date": {
			sample.Change(sample.RecurringRunning(), sample.EndAsked, running, confirmed, sample.UndoWindow), "Confirmed, but you can still undo it",
			"In 25 seconds (Tue 2026-12-01 12:00 UTC), the chosen date of " + weekly + " will be ended for everyone and cancelled unless someone presses “Undo”.", undo,
		},
		"undo, ends one of the dates": {
			sample.Change(sample.RecurringRunning(), sample.EndAsked, both, confirmed, sample.UndoWindow), "Confirmed, but you can still undo it",
			"the chosen dates of " + weekly + " will be cancelled, and the running one ended for everyone, unless someone presses “Undo”.", undo,
		},
		"undo, ends the series": {
			sample.Change(sample.RecurringRunning(), sample.EndAsked, sample.Scoped(cancellation.Series), confirmed, sample.UndoWindow), "Confirmed, but you can still undo it",
			weekly + " will be ended for everyone and cancelled unless someone presses “Undo”.", undo,
		},
		"waiting, ends a date": {
			sample.Change(sample.RecurringRunning(), sample.EndAsked, running, calling, sample.Waiting), "Waiting for the meeting service",
			"Then the chosen date of " + weekly + " will be ended for everyone and cancelled unless someone presses “Stop”.", stop,
		},
		"waiting, locked, ends one of the dates": {
			sample.Change(sample.RecurringRunning(), sample.EndAsked, both, calling, sample.Waiting, sample.Locked), "Waiting for the meeting service",
			"is locked, so the bot is waiting until Tue 2026-12-01 12:01 UTC. Then the chosen dates of " + weekly + " will be cancelled, and the running one ended for everyone, unless", stop,
		},
		"working, ends a date": {
			sample.Change(sample.RecurringRunning(), sample.EndAsked, running, calling), "Working…", "the chosen date of " + weekly + " is being ended for everyone and cancelled.", nil,
		},
		"working, ends one of the dates": {
			sample.Change(sample.RecurringRunning(), sample.EndAsked, both, calling), "Working…",
			"the chosen dates of " + weekly + " are being cancelled; the running one is being ended for everyone.", nil,
		},
		"undo before a wait": {sample.Change(sample.Planned(), confirmed, sample.UndoWindow, sample.Waiting), "Confirmed, but you can still undo it", "In 25 seconds", undo},
		"waiting": {
			sample.Change(sample.Planned(), calling, sample.Waiting), "Waiting for the meeting service",
			"the service is busy and asked the bot to wait until Tue 2026-12-01 12:01 UTC. Then " + the + " will be cancelled unless someone presses “Stop”.", stop,
		},
		"waiting, dates": {
			sample.Change(sample.Recurring(), chosen, calling, sample.Waiting), "Waiting for the meeting service",
			"Then the chosen date of " + weekly + " will be cancelled unless someone presses “Stop”.", stop,
		},
		"waiting, ends it": {
			sample.Change(sample.Running(), sample.EndAsked, calling, sample.Waiting), "Waiting for the meeting service",
			"Then " + the + " will be ended for everyone and cancelled unless someone presses “Stop”.", stop,
		},
		"waiting, locked, ends it": {
			sample.Change(sample.Running(), sample.EndAsked, calling, sample.Waiting, sample.Locked), "Waiting for the meeting service",
			"is locked, so the bot is waiting until Tue 2026-12-01 12:01 UTC. Then " + the + " will be ended for everyone and cancelled", stop,
		},
		"waiting, locked": {
			sample.Change(sample.Planned(), calling, sample.Waiting, sample.Locked), "Waiting for the meeting service",
			"the bot's login to the meeting service is locked, so the bot is waiting until Tue 2026-12-01 12:01 UTC.", stop,
		},
		"waiting, locked, dates": {
			sample.Change(sample.Recurring(), chosen, calling, sample.Waiting, sample.Locked), "Waiting for the meeting service",
			"is locked, so the bot is waiting until Tue 2026-12-01 12:01 UTC. Then the chosen date of " + weekly, stop,
		},
		"waiting, a call unanswered": {
			sample.Change(sample.Planned(), calling, sample.Waiting, sample.Locked, unanswered), "Waiting for the meeting service",
			"no answer says yet whether " + the + " was cancelled, and the service asked the bot to wait until Tue 2026-12-01 12:01 UTC. Then the bot checks again unless", stop,
		},
		"working": {sample.Change(sample.Planned(), calling), "Working…", "@BOB confirmed, and " + the + " is being cancelled.", nil},
		"working, read again first": {
			sample.Change(sample.Planned(), confirmed), "Working…", "@BOB confirmed, and " + the + " is being cancelled.", nil,
		},
		"working, ends it": {
			sample.Change(sample.Running(), sample.EndAsked, calling), "Working…", the + " is being ended for everyone and cancelled.", nil,
		},
		"working, may end it": {
			sample.Change(sample.Planned(), sample.StateUnknown, sample.EndAsked, calling), "Working…", the + " is being ended for everyone and cancelled.", nil,
		},
		"working, dates": {
			sample.Change(sample.Recurring(), chosen, calling), "Working…", "@BOB confirmed, and the chosen date of " + weekly + " is being cancelled.", nil,
		},
		"working, --end on what has not started": {
			sample.Change(sample.Planned(), sample.EndAsked, calling), "Working…", the + " is being cancelled.", nil,
		},
	} {
		r := sample.Change(test.r, sample.Reasoned)
		m := card.Draw(viewtest.Page("en"), r, sample.Noon)
		said := viewtest.Text(m.Blocks)
		if !strings.HasPrefix(said, test.title+"\n") || !strings.Contains(said, test.says) {
			t.Errorf("%s: the card does not begin %q or say %q:\n%s", name, test.title, test.says, said)
		}
		if got := viewtest.Buttons(m.Blocks); !slices.Equal(got, test.buttons) || len(viewtest.Dangerous(m.Blocks)) > 0 {
			t.Errorf("%s: buttons = %q, want %q, none of them red", name, got, test.buttons)
		}
		for _, want := range []string{"*Reason*\nthe ∗room∗ is flooded &amp; cold", "\nRequested by @ANA"} {
			if !strings.Contains(said, want) {
				t.Errorf("%s: the card does not say %q:\n%s", name, want, said)
			}
		}
		if !strings.HasPrefix(m.Text, test.title+"\n@BOB") && !strings.HasPrefix(m.Text, test.title+"\n<@"+sample.Bob) || strings.Contains(m.Text, "!date") {
			t.Errorf("%s: the notification reads %q", name, m.Text)
		}
	}
}

// TestWindowsClose: the moment an undo window or a wait ends, there is nothing left to press.
func TestWindowsClose(t *testing.T) {
	t.Parallel()
	for name, r := range map[string]cancellation.Request{
		"undo": sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed), func(r *cancellation.Request) { r.UndoUntil = sample.Noon.Add(time.Minute) }),
		"wait": sample.Change(sample.Planned(), sample.InState(cancellation.Calling), func(r *cancellation.Request) { r.WaitUntil = sample.Noon.Add(time.Minute) }),
	} {
		for after, want := range map[time.Duration]int{0: 1, time.Minute - 1: 1, time.Minute: 0, time.Hour: 0} {
			if got := viewtest.Buttons(card.Draw(viewtest.Page("en"), r, sample.Noon.Add(after)).Blocks); len(got) != want {
				t.Errorf("%s: buttons %s later = %q, want %d", name, after, got, want)
			}
		}
	}
}

// TestFinal checks what a final card shows apart from the outcome.
func TestFinal(t *testing.T) {
	t.Parallel()
	kept := sample.Change(sample.Finals()["kept"], sample.AsksOlga)
	let := func(name string) string { return action.Delegate + ": Let @" + name + " cancel my meetings…" }
	for name, test := range map[string]struct {
		r       cancellation.Request
		says    string
		buttons []string
	}{
		"the owner has muted the asker": {sample.Change(kept, sample.Muted), "@ANA can't ask you again until Thu 2026-12-31 12:00 UTC.", nil},
		"the owner can delegate":        {sample.Change(kept, sample.OffersDelegation("ana")), "Meeting kept", []string{let("ana")}},
		"delegate to a long name": {
			sample.Change(kept, sample.OffersDelegation(strings.Repeat("x", 40))), "Meeting kept", []string{let(strings.Repeat("x", 29) + "…")},
		},
		"no delegation before the end": {sample.Change(sample.Planned(), sample.InState(cancellation.Calling), sample.OffersDelegation("ana")), "Working…", nil},
		"unknown":                      {sample.Finals()["unknown"], "“Check again” on the card looks again and changes nothing.", []string{action.CheckAgain + ": Check again"}},
		"failed":                       {sample.Finals()["failed"], "can't be reached right now. Try again in a few minutes.", nil},
	} {
		m := card.Draw(viewtest.Page("en"), test.r, sample.Noon)
		if got := viewtest.Buttons(m.Blocks); !strings.Contains(viewtest.Text(m.Blocks), test.says) || !slices.Equal(got, test.buttons) {
			t.Errorf("%s: buttons %q, want %q, and %q in:\n%s", name, got, test.buttons, test.says, viewtest.Text(m.Blocks))
		}
	}
}

// TestSecondPerson checks what the small print says about a second person, for each
// SECOND_PERSON and question. What counts is what would be left.
func TestSecondPerson(t *testing.T) {
	t.Parallel()
	const anything, ofSeries, ofRunning = "Someone other than @ANA has to confirm.", "Someone other than @ANA has to confirm cancelling the whole series.", "Someone other than @ANA has to confirm ending what is running."
	requests := map[string]cancellation.Request{
		"planned": sample.Planned(), "running": sample.Running(), "may be running": sample.Change(sample.Planned(), sample.StateUnknown, sample.EndAsked),
		"undecided": sample.Recurring(), "undecided, running": sample.RecurringRunning(), "series": sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series)),
		"dates": sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1)), "last date": sample.Change(sample.Recurring(), lastDate),
		"running date": sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Occurrence, 0)), "question": sample.Change(sample.Running(), sample.AsksOlga),
	}
	for second, wants := range map[cancellation.SecondPerson]map[string]string{
		cancellation.SecondNever: {},
		cancellation.SecondMany:  {},
		cancellation.SecondEnd:   {"running": anything, "may be running": anything, "undecided, running": ofRunning, "running date": anything},
		cancellation.SecondSeries: {
			"undecided": ofSeries, "undecided, running": ofSeries, "series": anything, "last date": anything,
		},
		cancellation.SecondAlways: {
			"planned": anything, "running": anything, "may be running": anything, "undecided": anything, "undecided, running": anything,
			"series": anything, "dates": anything, "last date": anything, "running date": anything,
		},
	} {
		p := viewtest.Page("en")
		p.Second = second
		for name, r := range requests {
			got := ""
			texts := viewtest.Texts(card.Draw(p, r, sample.Noon).Blocks)
			for part := range strings.SplitSeq(viewtest.Render(texts[len(texts)-1]), " · ") {
				if strings.HasPrefix(part, "Someone other") {
					got = part
				}
			}
			if got != wants[name] {
				t.Errorf("SECOND_PERSON=%s, %s: the small print says %q, want %q", second, name, got, wants[name])
			}
		}
	}
}
