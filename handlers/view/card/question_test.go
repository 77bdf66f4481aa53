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
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

const (
	cancel      = action.Cancel + ": Cancel meeting"
	end         = ": End for everyone"
	keep        = action.Keep + ": Keep meeting"
	keepRunning = action.Keep + ": Keep it running"
	addReason   = action.AddReason + ": Add a reason…"
	dates       = action.CancelOccurrences + ": Cancel chosen dates"
	series      = action.CancelSeries + ": Cancel whole series"
	seriesEnd   = ": End and cancel series"
)

// lastDate leaves the series one date, which is chosen.
func lastDate(r *cancellation.Request) {
	sample.Weeks(1)(r)
	r.Meeting.DatesKnown, r.Scope, r.Chosen = true, cancellation.Occurrence, []string{r.Meeting.Occurrences[0].ID}
}

func unlisted(r *cancellation.Request) { r.Meeting.Occurrences = nil }

// untimed has the service list the dates without their times.
func untimed(r *cancellation.Request) {
	for i := range r.Meeting.Occurrences {
		r.Meeting.Occurrences[i].Start, r.Meeting.Occurrences[i].End = time.Time{}, time.Time{}
	}
}

// overrun moves the first remaining date to tomorrow, so that the running date is an earlier
// one.
func overrun(r *cancellation.Request) {
	r.Meeting.Occurrences[0].Start = sample.Noon.Add(24 * time.Hour)
}

// questions are what a card can ask, what it says confirming leads to, and its buttons. The
// last two buttons never remove anything.
var questions = map[string]struct {
	r       cancellation.Request
	title   string
	says    []string
	buttons []string
}{
	"planned": {
		sample.Planned(), "Cancel this meeting?",
		[]string{"If you cancel it, it's gone for everyone who was invited. It can't be restored."},
		[]string{cancel, keep, addReason},
	},
	"planned, --end": {
		sample.Change(sample.Planned(), sample.EndAsked), "Cancel this meeting?",
		[]string{"It hasn't started, so there is nothing to end: it will just be cancelled."},
		[]string{cancel, keep, addReason},
	},
	"state unknown": {
		sample.Change(sample.Planned(), sample.StateUnknown), "Cancel this meeting?",
		[]string{"If it has already started, it won't be ended and stays as it is."},
		[]string{cancel, keep, addReason},
	},
	"state unknown, --end": {
		sample.Change(sample.Planned(), sample.StateUnknown, sample.EndAsked), "Cancel this meeting?",
		[]string{"If it has already started, it ends at once for everyone in it."},
		[]string{cancel, keep, addReason},
	},
	"running": {
		sample.Running(), "This meeting has started",
		[]string{"It keeps running unless someone presses “End for everyone”: that ends it at once for everyone in it and cancels it."},
		[]string{action.End + end, keepRunning, addReason},
	},
	"running, --end": {
		sample.Change(sample.Running(), sample.EndAsked, sample.Reasoned), "End this meeting for everyone?",
		[]string{"It ends at once for everyone in it and is cancelled."},
		[]string{action.End + end, keepRunning, action.AddReason + ": Change the reason…"},
	},
	"series or dates": {
		sample.Recurring(), "Cancel dates or the whole series?",
		[]string{"Tick dates to cancel only those, or cancel the whole series with all its remaining dates."},
		[]string{dates, series, keep, addReason},
	},
	"series or dates, --end": {
		sample.Change(sample.Recurring(), sample.EndAsked), "Cancel dates or the whole series?",
		[]string{"It hasn't started, so there is nothing to end"},
		[]string{dates, series, keep, addReason},
	},
	"series or dates, one running": {
		sample.RecurringRunning(), "Cancel dates or the whole series?",
		[]string{"One date is running now. Cancelling it, alone or with the whole series, ends it at once for everyone in it."},
		[]string{action.CancelOccurrences + ": End or cancel chosen dates", action.CancelSeries + seriesEnd, keep, addReason},
	},
	"series or dates, an earlier one running": {
		sample.Change(sample.RecurringRunning(), overrun), "Cancel dates or the whole series?",
		[]string{"An earlier date is still running. Cancelling ticked dates leaves it alone; “End and cancel series” ends it at once for everyone in it."},
		[]string{dates, action.CancelSeries + seriesEnd, keep, addReason},
	},
	"dates not listed": {
		sample.Change(sample.Recurring(), unlisted), "Cancel the whole series?",
		[]string{"lists no upcoming dates of this series, so only the whole series can be cancelled here"},
		[]string{series, keep, addReason},
	},
	"dates without times": {
		sample.Change(sample.Recurring(), untimed), "Cancel the whole series?",
		[]string{"lists no upcoming dates of this series, so only the whole series can be cancelled here"},
		[]string{series, keep, addReason},
	},
	"dates without times, one running": {
		sample.Change(sample.RecurringRunning(), untimed), "Cancel the whole series?",
		[]string{"only the whole series can be cancelled here", "One date is running now: “End and cancel series” ends it at once for everyone in it."},
		[]string{action.CancelSeries + seriesEnd, keep, addReason},
	},
	"dates ticked before": {
		sample.Change(sample.Recurring(), func(r *cancellation.Request) { r.Chosen = []string{"occurrence-1"} }), "Cancel dates or the whole series?",
		[]string{"1 date is ticked already, as it was before."},
		[]string{dates, series, keep, addReason},
	},
	"--series": {
		sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series)), "Cancel the whole series?",
		[]string{"This cancels the whole series: 9 remaining dates."},
		[]string{series, keep, addReason},
	},
	"--series, dates not listed": {
		sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series), unlisted), "Cancel the whole series?",
		[]string{"This cancels the whole series with all its remaining dates."},
		[]string{series, keep, addReason},
	},
	"--series, running": {
		sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Series)), "Cancel the whole series?",
		[]string{"One date is running now: “End and cancel series” ends it at once for everyone in it."},
		[]string{action.End + seriesEnd, keep, addReason},
	},
	"--series, state unknown": {
		sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series), sample.StateUnknown, sample.EndAsked), "Cancel the whole series?",
		[]string{"If it has already started, it ends at once for everyone in it."},
		[]string{series, keep, addReason},
	},
	"--occurrence": {
		sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1)), "Cancel the chosen date?",
		[]string{"This cancels only this date; the rest of the series stays.", "Chosen date*\n• Tue 2026-12-08 14:00 UTC"},
		[]string{action.CancelOccurrences + ": Cancel chosen date", keep, addReason},
	},
	"--occurrence, dates of an earlier card": {
		sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1, 2)), "Cancel the chosen dates?",
		[]string{"This cancels only these 2 dates; the rest of the series stays.", "Chosen dates*\n• Tue 2026-12-08 14:00 UTC"},
		[]string{dates, keep, addReason},
	},
	"--occurrence, running": {
		sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Occurrence, 0)), "Cancel the chosen date?",
		[]string{"One date is running now: “End for everyone” ends it at once"},
		[]string{action.End + end, keep, addReason},
	},
	"--occurrence --end, running": {
		sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Occurrence, 0), sample.EndAsked), "Cancel the chosen date?",
		[]string{"One date is running now: “End for everyone” ends it at once"},
		[]string{action.CancelOccurrences + end, keep, addReason},
	},
	"--occurrence, the last date": {
		sample.Change(sample.Recurring(), lastDate), "Cancel the chosen date?",
		[]string{"This is the last remaining date, so the whole series is cancelled."},
		[]string{action.CancelOccurrences + ": Cancel whole series", keep, addReason},
	},
	"the owner is asked": {
		sample.Change(sample.Planned(), sample.AsksOlga), "Cancel this meeting?",
		[]string{"@ANA is asking you to cancel this meeting of yours.", "Asked in <#C0OPS0001>.", "the ∗room∗ is flooded &amp; cold"},
		[]string{cancel, keep, action.Mute + ": Don't ask me again"},
	},
	"the owner is asked, running": {
		sample.Change(sample.Running(), sample.AsksOlga), "This meeting has started",
		[]string{"@ANA is asking you to cancel this meeting of yours."},
		[]string{action.End + end, keepRunning, action.Mute + ": Don't ask me again"},
	},
}

func TestQuestions(t *testing.T) {
	t.Parallel()
	p := viewtest.Page("en")
	for name, test := range questions {
		m := card.Draw(p, test.r, sample.Noon)
		said := viewtest.Text(m.Blocks)
		if !strings.HasPrefix(said, test.title+"\n") || !strings.HasPrefix(m.Text, test.title+"\n") {
			t.Errorf("%s: the card begins %.80q and its notification %.80q, want %q", name, said, m.Text, test.title)
		}
		for _, want := range test.says {
			if !strings.Contains(said, want) {
				t.Errorf("%s: the card does not say %q:\n%s", name, want, said)
			}
		}
		if got := viewtest.Buttons(m.Blocks); !slices.Equal(got, test.buttons) {
			t.Errorf("%s: buttons = %q, want %q", name, got, test.buttons)
		}
	}
}

// TestHasNoTimes: a card neither names nor offers dates without times, even if the whole series
// was chosen in the command.
func TestHasNoTimes(t *testing.T) {
	t.Parallel()
	for _, scope := range []cancellation.Scope{cancellation.Undecided, cancellation.Series} {
		m := card.Draw(viewtest.Page("en"), sample.Change(sample.Recurring(), sample.Scoped(scope), untimed), sample.Noon)
		if said := viewtest.Text(m.Blocks); len(viewtest.Boxes(m.Blocks)) > 0 || strings.Contains(said, "time unknown") || !strings.Contains(said, "Next date") {
			t.Errorf("%v: the card offers %q and says\n%s", scope, viewtest.Boxes(m.Blocks), said)
		}
	}
}

// TestButtons: in every language the buttons of a card have distinct labels, and the red ones
// are those that remove something. They come first.
func TestButtons(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		p := viewtest.Page(locale)
		for name, test := range questions {
			blocks := card.Draw(p, test.r, sample.Noon).Blocks
			var labels, red []string
			for _, b := range viewtest.Buttons(blocks) {
				verb, label, _ := strings.Cut(b, ": ")
				if labels = append(labels, label); !slices.Contains([]string{action.Keep, action.AddReason, action.Mute}, verb) {
					red = append(red, verb)
				}
			}
			if slices.Sort(labels); len(slices.Compact(labels)) != len(test.buttons) {
				t.Errorf("%s in %s: buttons %q, want them distinct", name, locale, labels)
			}
			if got := viewtest.Dangerous(blocks); !slices.Equal(got, red) || len(red) != len(test.buttons)-2 {
				t.Errorf("%s in %s: red are %q, want %q", name, locale, got, red)
			}
		}
	}
}

// TestWhyAskAgain: a card that asks again gives the reason first, in different words for each
// cause, and has new buttons.
func TestWhyAskAgain(t *testing.T) {
	t.Parallel()
	for why, want := range map[cancellation.AskAgain]string{
		cancellation.AskAgainChanged:  "The meeting has changed since this card was shown, so nothing was done.",
		cancellation.AskAgainStale:    "This was confirmed, but too much time passed before the bot could act, so nothing was done.",
		cancellation.AskAgainUnlisted: "The meeting service no longer lists the dates of this series",
		cancellation.AskAgainStarted:  "It started while this card was open.",
		cancellation.AskAgainMoved:    "It was moved while this card was open.",
		cancellation.AskAgainEdited:   "It was changed while this card was open.",
	} {
		r := sample.Planned()
		r.AskAgain, r.Supersedes = why, "earlier"
		m := card.Draw(viewtest.Page("en"), r, sample.Noon)
		if said := viewtest.Text(m.Blocks); !strings.Contains(said, "\n"+want) || !strings.Contains(m.Text, want) || len(viewtest.Dangerous(m.Blocks)) != 1 {
			t.Errorf("%q: the card does not say %q, or has no buttons:\n%s", why, want, said)
		}
	}
	if got := card.WhyAskAgain(viewtest.Page("en"), cancellation.Request{Supersedes: "earlier"}); !strings.HasPrefix(got, "The meeting has changed") {
		t.Errorf("WhyAskAgain(of a card that took over, without a cause) = %q", got)
	}
	if got := card.WhyAskAgain(viewtest.Page("en"), sample.Planned()); got != "" {
		t.Errorf("WhyAskAgain(of a first card) = %q, want nothing", got)
	}
}
