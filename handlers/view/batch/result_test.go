package batch_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/internal/cancellation"
)

const failed, cancelled, ended, gone, refused, unknown = cancellation.Failed, cancellation.Cancelled, cancellation.Ended, cancellation.Gone, cancellation.Refused, cancellation.Unknown

// parts returns a request that Bob confirmed, with one meeting for each of these items.
func parts(items ...cancellation.Item) cancellation.Request {
	return sample.Change(sample.Many(len(items)), sample.WithParts(items...), sample.InState(cancellation.Calling))
}

// over returns a request whose parts are all done, with these results of telling the owners.
func over(results []cancellation.NoticeResult, items ...cancellation.Item) cancellation.Request {
	r := parts(items...)
	return sample.Change(r, sample.Finished(r.Batch.Tally().Outcome(), results...))
}

// TestProgress: while the batch is in progress, the card has a line for each item, and a
// count.
func TestProgress(t *testing.T) {
	t.Parallel()
	soon := sample.Noon.Add(time.Minute)
	for name, test := range map[string]struct {
		it   cancellation.Item
		want string
		done bool
	}{
		"not begun": {cancellation.Item{State: cancellation.Confirmed}, "waiting", false}, "begun": {cancellation.Item{State: cancellation.Calling, Started: true}, "being cancelled…", false},
		"must wait": {cancellation.Item{State: cancellation.Calling, Started: true, Wait: soon}, "waiting for the meeting service", false},
		"cancelled": {sample.Over(cancelled, ""), "cancelled", true}, "ended": {sample.Over(ended, ""), "ended for everyone and cancelled", true}, "gone": {sample.Over(gone, ""), "was already gone", true},
		"refused": {sample.Over(refused, "denied"), "not cancelled", true}, "failed": {sample.Over(failed, "server"), "not cancelled", true}, "unknown": {sample.Over(unknown, ""), "not known yet", true},
		"stopped": {cancellation.Item{State: cancellation.Declined}, "kept: stopped in time", true}, "in doubt": {cancellation.Item{State: cancellation.Declined, Why: cancellation.WhyInDoubt}, "may have been cancelled from another card", true}, "superseded": {cancellation.Item{State: cancellation.Superseded}, "not cancelled", true},
	} {
		said := viewtest.Text(batch.Draw(viewtest.Page("en"), parts(test.it, cancellation.Item{State: cancellation.Confirmed}), sample.Noon).Blocks)
		count := "*0 of 2 done*"
		if test.done {
			count = "*1 of 2 done*"
		}
		if !strings.Contains(said, "\n• *Planning &lt;0&gt;* · Tue 2026-12-01 14:00 UTC: "+test.want+"\n") || !strings.Contains(said, count) {
			t.Errorf("%s: want %q and %s in:\n%s", name, test.want, count, said)
		}
	}
	bare := viewtest.Text(batch.Draw(viewtest.Page("en").Discreet(), parts(sample.Over(cancelled, "")), sample.Noon).Blocks)
	if !strings.Contains(bare, "• 985 000 000 · Tue 2026-12-01 14:00 UTC: cancelled") || strings.Contains(bare, "Planning") {
		t.Errorf("where channels see no subject: %s", bare)
	}
}

// TestStops checks what can be stopped, until when, and why it waits.
func TestStops(t *testing.T) {
	t.Parallel()
	begun := cancellation.Item{State: cancellation.Calling, Started: true}
	wait, locked, doubt := begun, begun, begun
	wait.Wait = sample.Noon.Add(time.Minute)
	locked.Wait, locked.Why = wait.Wait, "locked"
	doubt.Wait, doubt.Why = wait.Wait, cancellation.WhyInDoubt
	paused := sample.OnBatch(func(b *cancellation.Batch) { b.Paused = sample.Noon.Add(2 * time.Minute) })
	confirmed := sample.Change(sample.Many(3), ticks(1, 2), sample.InState(cancellation.Confirmed), sample.UndoWindow)
	stop := []string{action.Stop + ": Stop"}
	for name, test := range map[string]struct {
		r       cancellation.Request
		says    string
		buttons []string
	}{
		"undo": {
			confirmed, "Confirmed, but you can still undo it\n@BOB confirmed. In 25 seconds (Tue 2026-12-01 12:00 UTC), 2 meetings will be cancelled unless someone presses “Undo”.", []string{action.Undo + ": Undo"},
		},
		"undo over": {
			sample.Change(confirmed, func(r *cancellation.Request) { r.UndoUntil = sample.Noon }), "Working…\n*0 of 2 done*\n@BOB confirmed. Each meeting is read again and then cancelled; one that has changed is left alone.", nil,
		},
		"working":  {parts(begun), "*0 of 1 done*\n@BOB confirmed.", nil},
		"waiting":  {parts(wait, begun), "The meeting service is busy and asked the bot to wait until Tue 2026-12-01 12:01 UTC. “Stop” keeps what hasn't been cancelled yet.", stop},
		"locked":   {parts(locked), "The bot's login to the meeting service is locked, so the bot is waiting until Tue 2026-12-01 12:01 UTC.", stop},
		"in doubt": {parts(doubt), "Some of these may just have been cancelled from another card. The bot is waiting until Tue 2026-12-01 12:01 UTC to find out.", stop},
		"paused":   {sample.Change(parts(begun), paused), "The bot is waiting until Tue 2026-12-01 12:02 UTC: the meeting service limits how often it can be called", stop},
		"the last": {sample.Change(parts(wait), paused), "The bot is waiting until Tue 2026-12-01 12:02 UTC", stop},
	} {
		m := batch.Draw(viewtest.Page("en"), test.r, sample.Noon)
		if said := viewtest.Text(m.Blocks); !strings.Contains(said, test.says) || !slices.Equal(viewtest.Buttons(m.Blocks), test.buttons) {
			t.Errorf("%s: buttons %q, want %q, and %q in:\n%s", name, viewtest.Buttons(m.Blocks), test.buttons, test.says, said)
		}
		if late := viewtest.Buttons(batch.Draw(viewtest.Page("en"), test.r, sample.Noon.Add(time.Hour)).Blocks); len(late) > 0 {
			t.Errorf("%s: an hour later there are still %q", name, late)
		}
	}
}

// TestFinalCard: the card says what was cancelled, what was not and why, and what is not known
// yet.
func TestFinalCard(t *testing.T) {
	t.Parallel()
	check := []string{action.CheckAgain + ": Check again"}
	for name, test := range map[string]struct {
		r       cancellation.Request
		says    []string
		buttons []string
	}{
		"all": {over(nil, sample.Over(cancelled, ""), sample.Over(cancelled, "")), []string{
			"2 meetings cancelled\n2 meetings were cancelled by @BOB.\n*Cancelled*\n• *Planning &lt;0&gt;* · Tue 2026-12-01 14:00 UTC · 985 000 000 · Olga Nowak\n• *Planning &lt;1&gt;*",
		}, nil},
		"some": {over(nil, sample.Over(ended, ""), sample.Over(gone, "")), []string{": ended for everyone and cancelled\n", ": was already gone\n"}, nil},
		"each reason once": {over(nil, sample.Over(failed, "server"), sample.Over(failed, "server"), sample.Over(refused, "denied")), []string{
			"*Not cancelled*\nThe meeting service had an error. Try again in a few minutes.\n• *Planning &lt;0&gt;* · Tue 2026-12-01 14:00 UTC · 985 000 000\n• *Planning &lt;1&gt;*", "\nThe bot's account at the meeting service isn't allowed to do this.",
		}, nil},
		"what to type": {over(nil, sample.Over(refused, "started"), sample.Over(refused, "started"), sample.Over(refused, "started")), []string{
			"It is running now. To end it for everyone, type `/cancel-meeting 985000000 985000001 --end`\n`/cancel-meeting 914087436 --end`",
		}, nil},
		"changed":       {over(nil, sample.Over(cancelled, ""), sample.Over(refused, "changed")), []string{"1 was left alone.", "It changed after the card was shown. To see the new details, type `/cancel-meeting 985000001`"}, nil},
		"stopped":       {over(nil, sample.Over(cancelled, ""), cancellation.Item{State: cancellation.Declined}), []string{"*Not cancelled*\nIt was stopped while the bot was waiting for the meeting service.\n• *Planning &lt;1&gt;*"}, nil},
		"one not known": {over(nil, sample.Over(cancelled, ""), sample.Over(unknown, "")), []string{"*Not known yet*\n• *Planning &lt;1&gt;* · Tue 2026-12-01 15:00 UTC · 985 000 001"}, check},
		"in doubt":      {over(nil, sample.Over(cancelled, ""), cancellation.Item{State: cancellation.Declined, Why: cancellation.WhyInDoubt}), []string{"*May have been cancelled from another card*\n• *Planning &lt;1&gt;*"}, nil},
		"unknown class": {over(nil, sample.Over(failed, "teapot")), []string{"Something went wrong. Try again; if it keeps happening"}, nil},
		"more remain": {
			sample.Change(over(nil, sample.Over(cancelled, "")), sample.OnBatch(func(b *cancellation.Batch) { b.More, b.MoreLine = 2, "/cancel-meeting 2026-12-05" })),
			[]string{"2 more meetings on these days are unchanged. To ask about them, type `/cancel-meeting 2026-12-05`"},
			nil,
		},
	} {
		m := batch.Draw(viewtest.Page("en"), test.r, sample.Noon)
		said := viewtest.Text(m.Blocks)
		for _, want := range test.says {
			if !strings.Contains(said, want) {
				t.Errorf("%s: the card does not say %q:\n%s", name, want, said)
			}
		}
		if got := viewtest.Buttons(m.Blocks); !slices.Equal(got, test.buttons) {
			t.Errorf("%s: buttons = %q, want %q", name, got, test.buttons)
		}
		reply := viewtest.Text(batch.Reply(viewtest.Page("en"), test.r).Blocks)
		if strings.Contains(reply, "*Cancelled*") || strings.Contains(reply, "more meetings on these days") {
			t.Errorf("%s: the reply repeats the card:\n%s", name, reply)
		}
	}
}

// TestOwnersTold: the reply says how many owners were told, each person once, and why the
// others were not.
func TestOwnersTold(t *testing.T) {
	t.Parallel()
	const sent, lost, not, late, own = cancellation.NoticeSent, cancellation.NoticeNotFound, cancellation.NoticeRefused, cancellation.NoticeDelayed, cancellation.NoticeOwnAction
	two := func(a, b cancellation.NoticeResult) cancellation.Request {
		return over([]cancellation.NoticeResult{a, b}, sample.Over(cancelled, ""), sample.Over(cancelled, ""))
	}
	same := sample.OnBatch(func(b *cancellation.Batch) { b.Owners[1].User = b.Owners[0].User })
	before := sample.OnBatch(func(b *cancellation.Batch) { b.Round = 2 })
	unnamed := sample.OnBatch(func(b *cancellation.Batch) { b.Owners[1].UUID, b.Meetings[1].OwnerUUID = "", "" })
	for name, test := range map[string]struct {
		r          cancellation.Request
		want, bare string
	}{
		"both":                   {two(sent, sent), "2 owners were told in a direct message.", "2 owners were told in a direct message."},
		"one is not here":        {two(sent, lost), "1 owner was told in a direct message. 1 owner was not told: they could not be found in Slack (Lee Chan).", "1 owner was told in a direct message. 1 owner was not told: they could not be found in Slack."},
		"one is not named":       {sample.Change(two(sent, lost), unnamed), "1 owner was told in a direct message. The meeting service doesn't say who owns some of them, so those owners were not told.", "1 owner was told in a direct message. The meeting service doesn't say who owns some of them, so those owners were not told."},
		"both not here":          {two(lost, lost), "2 owners were not told: they could not be found in Slack (Olga Nowak, Lee Chan).", "2 owners were not told: they could not be found in Slack."},
		"one is refused":         {two(not, own), "1 owner was not told: Slack doesn't let this bot write to them.", "1 owner was not told: Slack doesn't let this bot write to them."},
		"one later":              {two(sent, late), "1 owner was told in a direct message. 1 owner has not been told yet: the message isn't getting through. The bot keeps trying for a day.", ""},
		"their own":              {two(own, own), "The owner did this, so there was no need to tell them.", ""},
		"two accounts":           {sample.Change(two(sent, sent), same), "1 owner was told in a direct message.", ""},
		"told before this round": {sample.Change(two(sent, not), before), "1 owner was told in a direct message. 1 owner has not been told yet: the message isn't getting through. The bot keeps trying for a day.", ""},
		"nobody yet":             {two("", ""), "", ""},
		"nothing happened":       {over([]cancellation.NoticeResult{sent, lost}, sample.Over(failed, "server"), sample.Over(failed, "server")), "", ""},
	} {
		for discreet, want := range map[bool]string{false: test.want, true: test.bare} {
			p := viewtest.Page("en")
			if discreet {
				if p = p.Discreet(); want == "" {
					want = test.want
				}
			}
			m, got := batch.Reply(p, test.r), ""
			for _, text := range viewtest.Texts(m.Blocks) {
				if strings.Contains(text, "owner") {
					got = text
				}
			}
			if got != want || !strings.Contains(m.Text, want) {
				t.Errorf("%s (discreet: %t): the reply says %q, want %q", name, discreet, got, want)
			}
		}
	}
}
