package hometab_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/hometab"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

const (
	add    = action.DelegateAdd + ": Add…"
	remove = action.DelegateRemove + ": Remove"
	show   = action.HomeCard + ": Show the card"
	ask    = action.HomeMeeting + ": Cancel…"
)

func meetings(n int) []hometab.Meeting {
	var all []hometab.Meeting
	for i := range n {
		all = append(all, hometab.Meeting{ID: cancellation.ID(fmt.Sprint("row-", i)), Choice: cancellation.Choice{
			Number: fmt.Sprint(914087400 + i), Subject: fmt.Sprintf("Planning %d", i), Start: sample.Noon, Owner: "Olga Nowak", Running: i == 0,
		}})
	}
	return all
}

// TestDraw draws every part of Home with nothing, something and too much in it.
func TestDraw(t *testing.T) {
	t.Parallel()
	lets := []cancellation.Delegation{sample.Delegation()}
	for name, test := range map[string]struct {
		f            hometab.Facts
		says, silent []string
		buttons      []string
	}{
		"empty": {
			hometab.Facts{Now: sample.Noon},
			[]string{"Waiting for you\n", "Your meetings", "Lately cancelled\nNone of your meetings was cancelled with this bot in the last 30 days.", "As of Tue 2026-12-01 12:00 UTC."},
			[]string{"Who may cancel your meetings", "not shown."},
			nil,
		},
		"may delegate": {
			hometab.Facts{MayDelegate: true}, []string{"Who may cancel your meetings\nOnly you and the people who may cancel any meeting."}, nil, []string{add},
		},
		"has delegated": {
			hometab.Facts{MayDelegate: true, Delegations: lets}, []string{"@BOB, until Fri 2027-01-01 12:00 UTC"}, []string{"Only you and"}, []string{remove, add},
		},
		"may not delegate any more": {hometab.Facts{Delegations: lets}, []string{"@BOB, until"}, nil, []string{remove}},
		"a question": {
			hometab.Facts{Waiting: []cancellation.Request{sample.Running()}}, []string{"*Budget &amp; plans &lt;Q1&gt;*\nTue 2026-12-01 11:50 UTC · 914 087 436 · running now · owner Olga Nowak\nrequested by @ANA, until Tue 2026-12-01 12:15 UTC"}, nil, []string{show},
		},
		"a question about several": {
			hometab.Facts{Waiting: []cancellation.Request{sample.Many(7)}, WaitingPartial: true}, []string{"*6 meetings*\n", "2 more\nrequested by @ANA, until Tue 2026-12-01 12:15 UTC"}, nil, []string{show},
		},
		"a question about several, none ticked": {
			hometab.Facts{Waiting: []cancellation.Request{sample.Change(sample.Many(2), sample.OnBatch(func(b *cancellation.Batch) { b.Items[1].Ticked = false }))}}, []string{"*2 meetings*\nPlanning &lt;0&gt;, Planning &lt;1&gt;\n"}, nil, []string{show},
		},
		"too many questions": {
			hometab.Facts{Waiting: slices.Repeat([]cancellation.Request{sample.Planned()}, 12)}, []string{"\n2 more"}, nil, slices.Repeat([]string{show}, 10),
		},
		"meetings": {hometab.Facts{Meetings: meetings(2)}, []string{"*Planning 0*\nTue 2026-12-01 12:00 UTC · 914 087 400 · running now", "To cancel a meeting that is not shown here, type `/cancel-meeting 914087436`"}, []string{"owner Olga"}, []string{ask, ask}},
		"too many meetings": {
			hometab.Facts{Meetings: meetings(43), Partial: true}, []string{"3 more meetings are not shown. · Some meetings could not be read"}, []string{"Planning 40"}, slices.Repeat([]string{ask}, 40),
		},
		"limited channels": {
			hometab.Facts{Meetings: meetings(2), Channels: []string{"C0OPS0001"}}, []string{"It works in <#C0OPS0001>."}, nil, nil,
		},
		"all channels": {hometab.Facts{Meetings: meetings(1), Channels: []string{"*"}}, nil, []string{"It works in"}, []string{ask}},
		"none could be read": {
			hometab.Facts{Failed: "unavailable", Meetings: meetings(2)}, []string{"Your meetings could not be read. The meeting service can't be reached right now. Try again in a few minutes."}, []string{"Planning"}, nil,
		},
		"none could be read, with a wait": {
			hometab.Facts{Failed: "throttled", FailedUntil: sample.Noon}, []string{"Your meetings could not be read. The meeting service asked the bot to wait until Tue 2026-12-01 12:00 UTC."}, nil, nil,
		},
		"lately cancelled": {
			hometab.Facts{Cancelled: slices.Repeat([]cancellation.Request{sample.Finals()["cancelled"]}, 7)}, []string{"was cancelled by @BOB.\nTue 2026-12-01 12:00 UTC · Reason: the ∗room∗"}, []string{"None of your"}, nil,
		},
		"KEEP is short": {
			hometab.Facts{Kept: 48 * time.Hour}, []string{"in the last 2 days. Older ones are not kept."}, []string{"30 days"}, nil,
		},
		"refused": {
			hometab.Facts{Refusal: &answer.Answer{Kind: answer.Guest}, Meetings: meetings(2), MayDelegate: true, Waiting: []cancellation.Request{sample.Planned()}},
			[]string{"Guests can't cancel meetings."},
			[]string{"Planning", "Waiting", "Budget"},
			nil,
		},
	} {
		blocks := hometab.Draw(viewtest.Page("en"), test.f).Blocks.BlockSet
		said := viewtest.Text(blocks)
		for _, want := range test.says {
			if !strings.Contains(said, want) {
				t.Errorf("%s: Home does not say %q:\n%s", name, want, said)
			}
		}
		for _, not := range test.silent {
			if strings.Contains(said, not) {
				t.Errorf("%s: Home says %q:\n%s", name, not, said)
			}
		}
		if got := viewtest.Buttons(blocks); !slices.Equal(got, test.buttons) || len(blocks) > 100 || len(viewtest.Dangerous(blocks)) > 0 {
			t.Errorf("%s: buttons %q in %d blocks, want %q, none red", name, got, len(blocks), test.buttons)
		}
		if n := strings.Count(said, "was cancelled by @BOB."); n != min(5, len(test.f.Cancelled)) {
			t.Errorf("%s: %d recent cancellations, want at most five", name, n)
		}
	}
}

// TestFullHome: with as much as it can show, Home fits in Slack's limits in every language,
// and only rows repeat.
func TestFullHome(t *testing.T) {
	t.Parallel()
	f := hometab.Facts{
		Now: sample.Noon, Waiting: append(slices.Repeat([]cancellation.Request{sample.Planned()}, 9), sample.Many(20), sample.Planned()), WaitingPartial: true,
		Meetings: meetings(50), Partial: true, Delegations: slices.Repeat([]cancellation.Delegation{sample.Delegation()}, hometab.MaxDelegations), MayDelegate: true,
		Cancelled: []cancellation.Request{sample.Finals()["cancelled"], sample.ManyRequests()["many_done"]},
	}
	for _, locale := range words.Languages() {
		blocks := hometab.Draw(viewtest.Page(locale), f).Blocks.BlockSet
		if code := viewtest.FindCode(viewtest.Text(blocks)); len(blocks) > 100 || code != "" {
			t.Errorf("in %s: %d blocks, code %q", locale, len(blocks), code)
		}
		for _, why := range []hometab.Fault{hometab.NotRead, hometab.UnknownPerson, hometab.Slack} {
			failed := hometab.Failed(viewtest.Page(locale), why).Blocks.BlockSet
			if said := viewtest.Text(failed); viewtest.FindCode(said) != "" || len(viewtest.Buttons(failed)) > 0 || len(viewtest.Repeated([]string{said})) > 0 {
				t.Errorf("Failed(%s) in %s: %q", why, locale, said)
			}
		}
	}
	for why, want := range map[hometab.Fault]string{hometab.NotRead: "database can't be read", hometab.UnknownPerson: "doesn't tell the bot who you are", hometab.Slack: "Slack doesn't answer"} {
		if said := viewtest.Text(hometab.Failed(viewtest.Page("en"), why).Blocks.BlockSet); !strings.Contains(said, want) || strings.Contains(said, "as usual") {
			t.Errorf("Failed(%s) = %q, want %q", why, said, want)
		}
	}
}
