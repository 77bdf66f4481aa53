package batch_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// checkMessage checks what a message says and doesn't say, and that it has no buttons.
func checkMessage(t *testing.T, name string, m bot.Message, want, silent []string) {
	t.Helper()
	said := viewtest.Text(m.Blocks)
	for _, w := range want {
		if !strings.Contains(said, w) {
			t.Errorf("%s does not say %q:\n%s", name, w, said)
		}
	}
	for _, not := range silent {
		if strings.Contains(said+"\n"+m.Text, not) {
			t.Errorf("%s says %q:\n%s\n%s", name, not, said, m.Text)
		}
	}
	if b := viewtest.Buttons(m.Blocks); len(b) > 0 || strings.Contains(m.Text, "!date") {
		t.Errorf("%s has buttons %q, or dates in its notification: %q", name, b, m.Text)
	}
}

// TestOwnerNotice: each owner gets one message about all of their own meetings, with what they
// need to book them again. Meetings that were not cancelled are in it only if a delegate
// confirmed.
func TestOwnerNotice(t *testing.T) {
	t.Parallel()
	invited := sample.OnBatch(func(b *cancellation.Batch) { b.Meetings[0].Invited, b.Meetings[0].InvitedKnown = 12, true })
	all := over(nil, sample.Over(cancelled, ""), sample.Over(cancelled, ""), sample.Over(cancelled, ""))
	mixed := over(nil, sample.Over(ended, ""), sample.Over(cancelled, ""), sample.Over(cancelled, ""), sample.Over(failed, "server"))
	notKnown := over(nil, sample.Over(unknown, ""), sample.Over(cancelled, ""))
	none := over(nil, sample.Over(failed, "server"), sample.Over(cancelled, ""))
	doubt := sample.Change(over(nil, sample.Over(failed, "server"), sample.Over(failed, cancellation.WhyInDoubt), sample.Over(cancelled, "")), sample.OnBatch(func(b *cancellation.Batch) { b.Owners[1].By = "d1" }))
	inDoubt := sample.Change(over(nil, sample.Over(failed, cancellation.WhyInDoubt)), sample.ByDelegate)
	undone := sample.Change(sample.Many(2), sample.Reviewing, sample.UndoWindow, sample.InState(cancellation.Declined), func(r *cancellation.Request) { r.ConfirmedBy = sample.Bob })
	superseded := sample.Change(sample.Many(2), sample.Reviewing, sample.InState(cancellation.Superseded), func(r *cancellation.Request) { r.ConfirmedBy = sample.Bob })
	const used = "@BOB confirmed this: you let them cancel your meetings."
	for name, test := range map[string]struct {
		r            cancellation.Request
		owner        int
		want, silent []string
	}{
		"one of theirs": {sample.Change(all, invited), 0, []string{
			"1 of your meetings was cancelled\n1 meeting of yours was cancelled by @BOB:\n• *Planning &lt;0&gt;* · Tue 2026-12-01 14:00 UTC · 45 minutes · 985 000 000 · People invited: 12\n", "|Open the conversation in Slack>\nRequested by @ANA",
		}, []string{"Planning &lt;1&gt;", "Weekly", "Olga Nowak", "let"}},
		"two of theirs": {all, 1, []string{"2 of your meetings were cancelled\n2 meetings of yours were cancelled by @BOB:\n• *Planning &lt;1&gt;*", "• *Weekly review* · Tue 2026-12-01 14:20 UTC"}, []string{"Planning &lt;0&gt;"}},
		"ended":         {mixed, 0, []string{" · ended for everyone and cancelled"}, []string{"Not cancelled", "let"}},
		"by a delegate": {sample.Change(mixed, sample.ByDelegate), 0, []string{"cancelled by @BOB, whom you let cancel your meetings:"}, []string{used}},
		"not known yet": {notKnown, 0, []string{"Outcome unknown\n", "Not known yet for this one; this message will be updated once it is:\n• *Planning &lt;0&gt;*"}, []string{"Planning &lt;1&gt;", "1 of 2"}},
		"none of theirs by a delegate": {
			sample.Change(none, sample.ByDelegate), 0, []string{"Your meeting was not cancelled\n" + used + "\n• *Planning &lt;0&gt;* · Tue 2026-12-01 14:00 UTC · 985 000 000: not cancelled"}, []string{"Planning &lt;1&gt;", "1 of 2", "*Not cancelled*"},
		},
		"by a delegate, one in doubt": {doubt, 1, []string{"1 of your meetings was cancelled\n", "• *Weekly review*", "\n*May have been cancelled from another card*\n• *Planning &lt;1&gt;*"}, []string{"*Not cancelled*", ": may have been"}},
		"in doubt":                    {inDoubt, 0, []string{"Outcome unknown\n" + used + "\n*May have been cancelled from another card*\n• *Planning &lt;0&gt;*"}, []string{"ot cancelled"}},
		"a delegate undid":            {sample.Change(undone, sample.ByDelegate), 0, []string{"All meetings kept\n@BOB undid the cancellation in time: all of them stay as they were. " + used}, []string{": waiting"}},
		"a delegate, asks again":      {sample.Change(superseded, sample.ByDelegate), 0, []string{"Nothing cancelled\nNothing was done: something had changed"}, []string{"from this card"}},
	} {
		m := batch.OwnerNotice(viewtest.Page("en").ForOwner(), test.r, test.r.Batch.Owners[test.owner:test.owner+1], sample.Link)
		checkMessage(t, name, m, test.want, test.silent)
	}
	checkMessage(t, "both accounts", batch.OwnerNotice(viewtest.Page("en").ForOwner(), all, all.Batch.Owners, "nowhere"), []string{"3 of your meetings were cancelled"}, []string{"Open the conversation"})
}

// TestInvitedNotice: invited people read about their own meetings, who cancelled them, and
// why.
func TestInvitedNotice(t *testing.T) {
	t.Parallel()
	r := sample.Change(over(nil, sample.Over(ended, ""), sample.Over(cancelled, ""), sample.Over(cancelled, "")), sample.Reasoned)
	checkMessage(t, "two", batch.InvitedNotice(viewtest.Page("en"), r, []cancellation.ID{"part-0", "part-2"}), []string{
		"2 meetings you were invited to were cancelled\n@BOB cancelled:\n• *Planning &lt;0&gt;*", ": ended for everyone and cancelled", "• *Weekly review* · Tue 2026-12-01 14:20 UTC", "*Reason*\nthe ∗room∗", "\nYou're getting this because you were invited.",
	}, []string{"Planning &lt;1&gt;", "Requested by"})
	checkMessage(t, "one", batch.InvitedNotice(viewtest.Page("en"), r, []cancellation.ID{"part-1", "part-9"}), []string{"1 meeting you were invited to was cancelled\n", "Planning &lt;1&gt;"}, []string{"Weekly"})
}

// TestPortions: if more meetings were typed than fit, the answer has whole commands to copy,
// and says how many are not shown.
func TestPortions(t *testing.T) {
	t.Parallel()
	line := "/cancel-meeting 914000001 914000002 --reason \"`x` <!here>\""
	lines := func(n int) []string { return strings.Split(strings.Repeat(line+"\n", n-1)+line, "\n") }
	const copied = "```/cancel-meeting 914000001 914000002 --reason \"'x' &lt;!here&gt;\"```"
	checkMessage(t, "two lines", batch.Portions(viewtest.Page("en"), 25, 20, lines(2)), []string{"That is 25 meetings, and one card takes 20. Nothing was done. Copy these lines one by one:\n" + copied + "\n" + copied}, []string{"not shown"})
	checkMessage(t, "twenty-two lines", batch.Portions(viewtest.Page("en"), 440, 20, lines(22)), []string{copied + "\n2 more lines are not shown."}, nil)
	checkMessage(t, "one at a time", batch.Portions(viewtest.Page("en"), 2, 1, lines(2)), []string{"Meetings are cancelled one at a time here. Nothing was done."}, []string{"one card takes"})
	b := cancellation.Batch{LeftOut: []cancellation.LeftOut{{Number: "914000003", Why: answer.LeftEnded}}, Partial: true}
	checkMessage(t, "one by one", batch.OneByOne(viewtest.Page("en"), b, lines(22), 3), []string{
		"Meetings are cancelled one at a time here.", copied + "\nand 5 more\n*Can't be cancelled here: 1 meeting*\n• 914 000 003 · it has already ended\nSome meetings could not be read",
	}, []string{"not shown."})
	checkMessage(t, "one by one, all shown", batch.OneByOne(viewtest.Page("en"), cancellation.Batch{}, lines(2), 0), []string{copied}, []string{"more", "Can't", "could not"})
}

// TestNothingOffered: the sentence fits what was asked.
func TestNothingOffered(t *testing.T) {
	t.Parallel()
	const days = "2026-12-01..2026-12-05"
	left := []cancellation.LeftOut{{Number: "914000003", Why: answer.LeftEnded}}
	for name, test := range map[string]struct {
		b    cancellation.Batch
		want string
	}{
		"numbers":        {cancellation.Batch{LeftOut: left}, "There is nothing here that you can cancel. Nothing was done.\n*Can't be cancelled here: 1 meeting*"},
		"own days":       {cancellation.Batch{Days: days}, "None of your meetings starts between 2026-12-01 and 2026-12-05, in your time zone. Nothing was done."},
		"another's days": {cancellation.Batch{Days: days, Whose: sample.Olga}, "No meeting of @OLGA starts between 2026-12-01 and 2026-12-05, in your time zone. Nothing was done."},
		"by address":     {cancellation.Batch{Days: days, Whose: "leaver@example.com"}, "No meeting of leaver@\u2060example.com starts between"},
		"not theirs":     {cancellation.Batch{Days: days, Whose: sample.Olga, LeftOut: left}, "There is nothing here that you can cancel."},
		"not all read":   {cancellation.Batch{Days: days, Partial: true}, "None of your meetings starts between 2026-12-01 and 2026-12-05, in your time zone. Nothing was done.\nSome meetings could not be read and may be missing here."},
		"hostile":        {cancellation.Batch{Days: "<!here>`", Whose: "*x*"}, "No meeting of ∗x∗ starts on &lt;!here&gt;ˋ,"},
	} {
		m := batch.NothingOffered(viewtest.Page("en"), test.b)
		checkMessage(t, name, m, []string{test.want}, nil)
	}
}

// TestAnswersInEveryLanguage: the answers show no code and repeat no sentence.
func TestAnswersInEveryLanguage(t *testing.T) {
	t.Parallel()
	b := cancellation.Batch{Days: "today", Partial: true, More: 3, MoreLine: "/cancel-meeting today", LeftOut: []cancellation.LeftOut{{Number: "914000003", Why: answer.LeftEnded}}}
	for _, locale := range words.Languages() {
		p := viewtest.Page(locale)
		for name, m := range map[string]bot.Message{
			"portions": batch.Portions(p, 25, 20, []string{"/cancel-meeting 1"}), "one by one": batch.OneByOne(p, b, []string{"/cancel-meeting 1"}, 2), "nothing": batch.NothingOffered(p, b),
		} {
			if code, twice := viewtest.FindCode(viewtest.Text(m.Blocks)), viewtest.Repeated(viewtest.Texts(m.Blocks)); code != "" || len(twice) > 0 {
				t.Errorf("%s in %s shows %q, repeats %q", name, locale, code, twice)
			}
		}
	}
}

// TestBriefly: a notification says of each meeting what the message says of it: how it ended, or
// that it will be ended.
func TestBriefly(t *testing.T) {
	t.Parallel()
	owners := []cancellation.Owner{{UUID: "uuid-0"}}
	end := over(nil, sample.Over(ended, ""), sample.Over(cancelled, ""))
	doubt := sample.Change(over(nil, sample.Over(failed, "server"), sample.Over(failed, cancellation.WhyInDoubt), sample.Over(cancelled, "")), sample.OnBatch(func(b *cancellation.Batch) { b.Owners[1].By = "d1" }))
	failing := sample.Change(over(nil, sample.Over(failed, "server"), sample.Over(cancelled, "")), sample.ByDelegate)
	waits := sample.Change(sample.Many(2), sample.Reviewing, sample.WithParts(cancellation.Item{State: cancellation.Calling, Wait: sample.Noon.Add(90 * time.Second)}), sample.InState(cancellation.Calling))
	en := viewtest.Page("en")
	for name, test := range map[string]struct {
		m    bot.Message
		want string
	}{
		"an owner's meeting was ended":   {batch.OwnerNotice(en, end, owners, ""), "Planning &lt;0&gt; · Tue 2026-12-01 14:00 UTC · 985000000 · ended for everyone and cancelled"},
		"a delegate failed":              {batch.OwnerNotice(en, failing, failing.Batch.Owners[:1], ""), "Planning &lt;0&gt; · Tue 2026-12-01 14:00 UTC · 985000000 · not cancelled"},
		"a delegate's, one in doubt":     {batch.OwnerNotice(en, doubt, doubt.Batch.Owners[1:2], ""), "\nMay have been cancelled from another card:\nPlanning &lt;1&gt; · Tue 2026-12-01 15:00 UTC · 985000001\n"},
		"who was invited to both":        {batch.InvitedNotice(en, end, []cancellation.ID{end.Batch.Items[0].Part, end.Batch.Items[1].Part}), "985000000 · ended for everyone and cancelled\nPlanning &lt;1&gt; · Tue 2026-12-01 15:00 UTC · 985000001\n"},
		"the running one is to be ended": {batch.Draw(en, sample.Change(sample.Many(2), sample.Reviewing), sample.Noon), "985000000 · is running: it ends for everyone\nPlanning &lt;1&gt; · Tue 2026-12-01 15:00 UTC · 985000001\n"},
		"one can still undo it":          {batch.Draw(en, sample.Change(sample.Many(2), sample.Reviewing, sample.UndoWindow, sample.InState(cancellation.Confirmed)), sample.Noon), "985000000 · is running: it ends for everyone\nPlanning &lt;1&gt; · Tue 2026-12-01 15:00 UTC · 985000001"},
		"it has to wait":                 {batch.Draw(en, waits, sample.Noon), "The meeting service is busy and asked the bot to wait until Tue 2026-12-01 12:01 UTC."},
		"the running one is not ticked":  {batch.Draw(en, sample.Many(2), sample.Noon), "985000000\nPlanning &lt;1&gt;"},
	} {
		if !strings.Contains(test.m.Text+"\n", test.want) {
			t.Errorf("%s: the notification is %q, want %q in it", name, test.m.Text, test.want)
		}
	}
}
