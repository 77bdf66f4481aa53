package notice_test

import (
	"slices"
	"strings"
	"testing"

	"meetingbot/bot"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// check checks what a message says and doesn't say, and that it has no buttons.
func check(t *testing.T, name string, m bot.Message, says, silent []string) {
	t.Helper()
	said := viewtest.Text(m.Blocks)
	for _, want := range says {
		if !strings.Contains(said, want) {
			t.Errorf("%s does not say %q:\n%s", name, want, said)
		}
	}
	for _, not := range silent {
		if strings.Contains(said+m.Text, not) {
			t.Errorf("%s says %q:\n%s\n\n%s", name, not, said, m.Text)
		}
	}
	if got := viewtest.Buttons(m.Blocks); len(got) > 0 {
		t.Errorf("%s has buttons: %q", name, got)
	}
}

// TestOwnerTold checks what the thread says about telling the owner, with their name and where
// channels see no names.
func TestOwnerTold(t *testing.T) {
	t.Parallel()
	done := sample.Change(sample.Planned(), sample.DoneWith(cancellation.Cancelled, ""))
	unnamed := func(r *cancellation.Request) { r.Meeting.OwnerUUID, r.Meeting.OwnerName, r.Owner.Name = "", "", "" }
	nameless := func(r *cancellation.Request) { r.Owner.Name = "" }
	const keeps = " has not been told yet: the message isn't getting through. The bot keeps trying for a day."
	for name, test := range map[string]struct {
		r          cancellation.Request
		full, bare string
	}{
		"sent":     {sample.Change(done, sample.OwnerNotice(cancellation.NoticeSent)), "The owner, Olga Nowak, was told in a direct message.", "The owner was told in a direct message."},
		"refused":  {sample.Change(done, sample.OwnerNotice(cancellation.NoticeRefused)), "The owner, Olga Nowak, was not told: Slack doesn't let this bot write to them.", "The owner was not told: Slack doesn't let this bot write to them."},
		"delayed":  {sample.Change(done, sample.OwnerNotice(cancellation.NoticeDelayed)), "The owner, Olga Nowak," + keeps, "The owner" + keeps},
		"own":      {sample.Change(done, sample.OwnerNotice(cancellation.NoticeOwnAction)), "The owner did this, so there was no need to tell them.", "The owner did this, so there was no need to tell them."},
		"not here": {sample.Change(done, sample.OwnerNotice(cancellation.NoticeNotFound)), "The owner, Olga Nowak, was not told: they could not be found in Slack.", "The owner was not told: they could not be found in Slack."},
		"by the meeting's name": {
			sample.Change(done, sample.OwnerNotice(cancellation.NoticeSent), nameless), "The owner, Olga Nowak, was told in a direct message.", "The owner was told in a direct message.",
		},
		"owner not given": {sample.Change(done, sample.OwnerNotice(cancellation.NoticeNotFound), unnamed), "The owner was not told: the meeting service doesn't say who it is.", "The owner was not told: the meeting service doesn't say who it is."},
		"owner blanked": {
			sample.Change(done, sample.OwnerNotice(cancellation.NoticeNotFound), (*cancellation.Request).Blank),
			"The owner was not told: this was so long ago that the bot no longer knows who it is.", "The owner was not told: this was so long ago that the bot no longer knows who it is.",
		},
		"not tried":               {done, "", ""},
		"the owner who was asked": {sample.Change(done, sample.AsksOlga, sample.OwnerNotice(cancellation.NoticeOwnAction)), "", ""},
	} {
		for p, want := range map[page.Page]string{viewtest.Page("en"): test.full, viewtest.Page("en").Discreet(): test.bare} {
			var got string
			for _, text := range viewtest.Texts(notice.Thread(p, test.r).Blocks) {
				if strings.HasPrefix(text, "The owner") {
					got = text
				}
			}
			if got != want {
				t.Errorf("%s: the thread says %q, want %q", name, got, want)
			}
		}
	}
}

// TestThread: the reply says what happened, to which meeting, by whom, why, and whether the
// owner and the invited people were reached.
func TestThread(t *testing.T) {
	t.Parallel()
	p := viewtest.Page("en")
	for name, r := range sample.Finals() {
		if r.State != cancellation.Done {
			continue
		}
		r = sample.Change(r, sample.Reasoned, sample.OwnerNotice(cancellation.NoticeSent), sample.Told(cancellation.Telling{Result: cancellation.TellDone, People: 12, Told: 9}))
		m := notice.Thread(p, r)
		says, silent := []string{"914 087 436", "*Reason*\nthe ∗room∗ is flooded &amp; cold", "The owner, Olga Nowak, was told", "Requested by @ANA"}, []string{"9 of 12"}
		if r.Outcome.Removed() {
			says, silent = append(says, "@BOB", "9 of 12 invited people were told here."), nil
		}
		check(t, name, m, says, silent)
		if !strings.Contains(m.Text, "914087436") || strings.Contains(m.Text, "!date^") || !strings.Contains(m.Text, "Reason: the ∗room∗") {
			t.Errorf("%s: the notification reads %q", name, m.Text)
		}
	}
}

// TestOwner: the owner reads what happened to which meeting, when it would have been, who did
// it and why, how to book it again, and gets a link to the thread.
func TestOwner(t *testing.T) {
	t.Parallel()
	finals, invited := sample.Finals(), sample.Invited("no")
	const link = "<" + sample.Link + "|Open the conversation in Slack>"
	const used = "@BOB confirmed this: you let them cancel your meetings."
	const whom = "cancelled by @BOB, whom you let cancel your meetings"
	for name, test := range map[string]struct {
		r            cancellation.Request
		title        string
		says, silent []string
	}{
		"cancelled": {
			sample.Change(finals["cancelled"], invited), "Your meeting was cancelled",
			[]string{"by @BOB.", "*To book it again*\nWhen: Tue 2026-12-01 14:00 UTC\nLength: 45 minutes\nPeople invited: 12", "the ∗room∗", link},
			[]string{"you let"},
		},
		"ended":  {finals["ended"], "Your meeting was ended", []string{"ended for everyone", "Length: 1 hour 30 minutes"}, []string{"People invited", "Reason"}},
		"series": {finals["series"], "Your series was cancelled", []string{"Next date: Tue 2026-12-01", "Repeats: Every week on Tuesday, until 2027-01-26, in the meeting's time zone\n"}, []string{"dates left"}},
		"date":   {finals["date"], "A date of your series was cancelled", []string{"Tue 2026-12-08 14:00 UTC"}, []string{"Next date", "Repeats"}},
		"dates":  {finals["dates"], "Dates of your series were cancelled", []string{"Tue 2026-12-08 14:00 UTC", "*To book it again*\nLength: 45 minutes"}, []string{"Next date", "Repeats"}},
		"nothing known": {
			sample.Change(finals["cancelled"], func(r *cancellation.Request) { r.Meeting = cancellation.Meeting{ID: "914087436"} }), "Your meeting was cancelled", nil, []string{"book it again", "not known"},
		},
		"by a delegate":          {sample.Change(finals["cancelled"], sample.ByDelegate), "Your meeting was cancelled", []string{whom}, []string{used}},
		"a delegate failed":      {sample.Change(finals["failed"], sample.ByDelegate), "Cancelling failed", []string{used, "It is unchanged.", "Reference"}, []string{"book it again", "Confirmed by", "whom you let"}},
		"a delegate, gone":       {sample.Change(finals["gone"], sample.ByDelegate), "Meeting already gone", []string{used, "was already gone"}, []string{"Confirmed by"}},
		"a delegate, unknown":    {sample.Change(finals["unknown"], sample.ByDelegate), "Outcome unknown", []string{used, "It is not known whether"}, nil},
		"a delegate undid":       {sample.Change(finals["undone"], sample.ByDelegate), "Cancellation undone", []string{used, "stays as it was"}, nil},
		"a delegate, asks again": {sample.Change(finals["superseded"], sample.ByDelegate), "Nothing cancelled", []string{used, "A newer card asks about"}, []string{"Card replaced", "from this card"}},
	} {
		m := notice.Owner(viewtest.Page("en").ForOwner(), test.r, sample.Link)
		check(t, name, m, append(test.says, test.title+"\n"), test.silent)
		if n := strings.Count(viewtest.Text(m.Blocks), "2026-12-01 14:00"); n > 1 {
			t.Errorf("%s says %d times when it is:\n%s", name, n, viewtest.Text(m.Blocks))
		}
		if !strings.HasPrefix(m.Text, test.title+"\n") {
			t.Errorf("%s: the notification begins %.60q, want %q", name, m.Text, test.title)
		}
	}
	for _, link := range []string{"", "javascript:alert(1)", "https://x|<!channel>"} {
		check(t, "without a link", notice.Owner(viewtest.Page("en").ForOwner(), finals["cancelled"], link), nil, []string{"Open the conversation", "javascript", "!channel"})
	}
}

// TestAskerAndInvited checks the messages to the asker and to invited people.
func TestAskerAndInvited(t *testing.T) {
	t.Parallel()
	p, finals := viewtest.Page("en"), sample.Finals()
	for name, title := range map[string]string{
		"cancelled": "Meeting cancelled", "failed": "Cancelling failed", "unknown": "Outcome unknown", "kept": "Meeting kept", "expired": "Question expired",
	} {
		r := sample.Change(finals[name], sample.OwnerNotice(cancellation.NoticeNotFound))
		check(t, name, notice.Asker(p, r, ""), []string{title + "\n", "The owner, Olga Nowak, was not told", "You're getting this message because the bot can no longer change the card or reply in its thread."}, nil)
	}
	for name, want := range map[string][]string{
		"cancelled": {"A meeting you were invited to was cancelled\n", "by @BOB.\nIt was scheduled for Tue 2026-12-01 14:00 UTC.", "*Reason*\nthe ∗room∗"},
		"ended":     {"A meeting you were invited to was ended\n", "ended for everyone"},
		"series":    {"A series you were invited to was cancelled\n", "Its next date was Tue 2026-12-01"},
		"date":      {"A date of a series you were invited to was cancelled\n", "Tue 2026-12-08 14:00 UTC"},
		"dates":     {"Dates of a series you were invited to were cancelled\n", "Tue 2026-12-08 14:00 UTC, Tue 2026-12-22 14:00 UTC"},
	} {
		check(t, name, notice.Invited(p, sample.Change(finals[name], sample.Invited("yes"))), append(want, "You're getting this because you were invited."), []string{"Olga", "12 ", "Requested by"})
	}
}

// TestQuestion: the person who asked the owner is told of every end, and that the owner is
// asked again, with the number and no subject.
func TestQuestion(t *testing.T) {
	t.Parallel()
	finals := sample.Finals()
	askAgain := func(a cancellation.AskAgain) cancellation.Request {
		return sample.Change(sample.Planned(), sample.AsksOlga, func(r *cancellation.Request) { r.AskAgain = a })
	}
	const until = "until Tue 2026-12-01 13:30 UTC."
	for name, test := range map[string]struct {
		r           cancellation.Request
		title, says string
	}{
		"cancelled":     {finals["cancelled"], "Meeting cancelled", "The meeting 914 087 436 was cancelled by @BOB."},
		"ended":         {finals["ended"], "Meeting ended and cancelled", "was ended for everyone and cancelled by @BOB."},
		"kept":          {finals["kept"], "Meeting kept", "@BOB chose to keep the meeting 914 087 436. Nothing was changed."},
		"expired":       {finals["expired"], "Question expired", "@OLGA didn't answer in time, so the meeting 914 087 436 is unchanged."},
		"not asked":     {finals["expired"], "Question expired", "@OLGA couldn't be asked in time, because Slack didn't deliver the bot's message, so the meeting 914 087 436 is unchanged."},
		"refused":       {finals["refused_denied"], "Not cancelled", "It is unchanged. The bot's account"},
		"failed":        {finals["failed"], "Cancelling failed", "It is unchanged. The meeting service can't be reached right now."},
		"unknown":       {finals["unknown"], "Outcome unknown", "It is not known whether the meeting 914 087 436 was cancelled"},
		"elsewhere":     {finals["elsewhere"], "Nothing left to cancel", "was cancelled or ended by somebody else"},
		"asked again":   {askAgain(cancellation.AskAgainChanged), "The meeting has changed", "The meeting 914 087 436 has changed since you asked, so nothing was done. @OLGA is being asked again, " + until},
		"after a pause": {askAgain(cancellation.AskAgainStale), "Not cancelled yet", "@OLGA confirmed, but too much time passed before the bot could act, so nothing was done about the meeting 914 087 436. The question is open again " + until},
		"not listed":    {askAgain(cancellation.AskAgainUnlisted), "Not cancelled yet", "The meeting service no longer lists the dates of the meeting 914 087 436, so nothing was done. @OLGA is being asked again, " + until},
	} {
		r := test.r
		r.For, r.Card.TS = sample.Olga, "1"
		if name == "not asked" {
			r.Card.TS = ""
		}
		m := notice.Question(viewtest.Page("en").Discreet(), r)
		check(t, name, m, []string{test.title + "\n", test.says, "\nYour question to @OLGA"}, []string{"Budget", "Check again"})
		if !strings.HasPrefix(m.Text, test.title+"\n") || strings.Contains(m.Text, "!date") {
			t.Errorf("%s: the notification reads %q", name, m.Text)
		}
	}
}

// TestDelegations: giver and receiver are told in different words, in every language.
func TestDelegations(t *testing.T) {
	t.Parallel()
	d := sample.Delegation()
	ended := d
	ended.EndedAt = sample.Noon
	p := viewtest.Page("en")
	check(t, "given", notice.Given(p, d), []string{"@BOB can now cancel your meetings without asking, until Fri 2027-01-01 12:00 UTC. You'll be told each time they do."}, []string{"Olga"})
	check(t, "received", notice.Delegation(p, d), []string{"@OLGA lets you cancel their meetings without asking, until Fri 2027-01-01 12:00 UTC.", "type `/cancel-meeting 914087436`"}, nil)
	check(t, "ended", notice.Delegation(p, ended), []string{"@OLGA no longer lets you cancel their meetings."}, []string{"2027", "type"})
	for _, locale := range words.Languages() {
		p := viewtest.Page(locale)
		texts := []string{viewtest.Text(notice.Given(p, d).Blocks), viewtest.Text(notice.Delegation(p, d).Blocks), viewtest.Text(notice.Delegation(p, ended).Blocks)}
		if slices.Sort(texts); len(slices.Compact(texts)) != 3 {
			t.Errorf("in %s: %q", locale, texts)
		}
	}
}
