package view_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"meetingbot/bot"
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/hometab"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/modal"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// hostileMany returns a request about several meetings in any state, with hostile text in
// every external field.
func hostileMany(t *rapid.T) cancellation.Request {
	text := hostile()
	spoil := func(fields ...*string) {
		for _, field := range fields {
			if rapid.Bool().Draw(t, "spoil") {
				*field = text.Draw(t, "text")
			}
		}
	}
	r := sample.Many(rapid.IntRange(1, 20).Draw(t, "meetings"))
	state := rapid.SampledFrom(cancellation.States()).Draw(t, "state")
	switch {
	case state == cancellation.Asked && rapid.Bool().Draw(t, "review"):
		r = sample.Change(r, sample.Reviewing)
	case state == cancellation.Confirmed || state == cancellation.Calling || state.Final():
		r = sample.Change(r, sample.WithParts(rapid.SliceOfN(rapid.Custom(hostileItem), 1, 5).Draw(t, "items")...))
	}
	r.State, r.End = state, rapid.Bool().Draw(t, "end")
	if state == cancellation.Done {
		r.Outcome = r.Batch.Tally().Outcome()
	}
	if rapid.Bool().Draw(t, "windows") {
		r.UndoUntil = sample.Noon.Add(time.Minute)
	}
	r.ClosedElsewhere = rapid.Bool().Draw(t, "elsewhere")
	r.AskAgain = rapid.SampledFrom([]cancellation.AskAgain{"", cancellation.AskAgainChanged, cancellation.AskAgainStale}).Draw(t, "askAgain")
	return sample.Change(r, sample.OnBatch(func(b *cancellation.Batch) {
		for i := range b.Meetings {
			m := &b.Meetings[i]
			spoil(&m.Subject, &m.OwnerName, &m.Number, &m.ID)
			m.StateKnown = rapid.Bool().Draw(t, "state known")
			m.Invited, m.InvitedKnown = rapid.IntRange(0, 2000).Draw(t, "invited"), rapid.Bool().Draw(t, "invited known")
		}
		for i := range b.Owners {
			spoil(&b.Owners[i].Name, &b.Owners[i].User)
			b.Owners[i].Result = rapid.SampledFrom([]cancellation.NoticeResult{"", cancellation.NoticeSent, cancellation.NoticeNotFound, cancellation.NoticeRefused}).Draw(t, "told")
		}
		for range rapid.IntRange(0, 12).Draw(t, "left out") {
			b.LeftOut = append(b.LeftOut, cancellation.LeftOut{Number: text.Draw(t, "number"), Subject: text.Draw(t, "subject"), Why: text.Draw(t, "why"), Start: sample.Noon})
		}
		b.More, b.Partial = rapid.IntRange(0, 200).Draw(t, "more"), rapid.Bool().Draw(t, "partial")
		spoil(&b.Days, &b.Whose, &b.Line, &b.MoreLine, &r.Reason, &r.Asker, &r.ConfirmedBy, &r.ClosedBy, &r.Reference)
	}))
}

func hostileItem(t *rapid.T) cancellation.Item {
	it := cancellation.Item{State: rapid.SampledFrom([]cancellation.State{cancellation.Confirmed, cancellation.Calling, cancellation.Declined, cancellation.Done}).Draw(t, "part"), Started: rapid.Bool().Draw(t, "fed")}
	if it.State == cancellation.Done {
		it.Outcome = rapid.SampledFrom(cancellation.Outcomes()).Draw(t, "outcome")
	}
	it.Why = rapid.OneOf(rapid.SampledFrom(sample.Classes()), hostile()).Draw(t, "why")
	if rapid.Bool().Draw(t, "wait") {
		it.Wait = sample.Noon.Add(time.Minute)
	}
	return it
}

// TestHostileMany: whatever is on a card with several meetings, Slack accepts it and all
// messages that follow from it, and shows text as text.
func TestHostileMany(t *testing.T) {
	t.Parallel()
	views := map[string]*view.Renderer{}
	for _, locale := range words.Languages() {
		views[locale] = newRenderer(t, locale)
	}
	rapid.Check(t, func(t *rapid.T) {
		locale := rapid.SampledFrom(words.Languages()).Draw(t, "locale")
		v := *views[locale]
		v.Minimal = rapid.Bool().Draw(t, "minimal")
		v.Tell = rapid.SampledFrom([]cancellation.TellInvited{"", cancellation.TellAsk, cancellation.TellAlways}).Draw(t, "tell")
		v.Second = rapid.SampledFrom([]cancellation.SecondPerson{"", cancellation.SecondMany, cancellation.SecondSeries, cancellation.SecondAlways}).Draw(t, "second")
		r, text := hostileMany(t), hostile()
		check := func(name string, m bot.Message) {
			checkView(t, name, r.ID, m)
			if n := lengthOf(decoded(t, m)["blocks"]); n > 12000 {
				t.Errorf("%s has %d characters in its blocks, but Slack allows 12,000", name, n)
			}
		}
		check(fmt.Sprintf("Card in %s", r.State), v.Card(r, sample.Noon))
		check("History", list.History(v.Person(locale), []cancellation.Request{r}))
		if r.State == cancellation.Done {
			check("ThreadReply", v.ThreadReply(r))
			check("ManyAskerNotice", batch.Asker(v.Person(locale), r, text.Draw(t, "link")))
			check("ManyInvitedNotice", batch.InvitedNotice(v.Person(locale), r, []cancellation.ID{"part-0", "part-1"}))
		}
		if len(r.Batch.Owners) > 0 && r.State.Final() {
			check("ManyOwnerNotice", batch.OwnerNotice(v.Person(locale), r, r.Batch.Owners, text.Draw(t, "link")))
		}
		lines := rapid.SliceOfN(text, 1, 25).Draw(t, "lines")
		check("Portions", batch.Portions(v.Person(locale), 40, rapid.IntRange(1, 20).Draw(t, "most"), lines))
		check("OneByOne", batch.OneByOne(v.Person(locale), *r.Batch, lines, rapid.IntRange(0, 5).Draw(t, "besides")))
		check("NothingOffered", batch.NothingOffered(v.Person(locale), *r.Batch))
		checkView(t, "Home", "", hometab.Draw(v.Person(locale), hometab.Facts{
			Now: sample.Noon, Waiting: []cancellation.Request{r}, Cancelled: []cancellation.Request{r}, Failed: text.Draw(t, "class"), Channels: []string{text.Draw(t, "channel")},
		}))
	})
}

// TestHostileLetters does the same for the messages around the card of one meeting.
func TestHostileLetters(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "zh-CN")
	rapid.Check(t, func(t *rapid.T) {
		r, text := hostileRequest(t), hostile()
		r.For, r.OfferDelegationTo, r.MutedUntil = text.Draw(t, "for"), text.Draw(t, "let"), sample.Noon
		checkView(t, "Card", r.ID, v.Card(r, sample.Noon))
		checkView(t, "QuestionNotice", r.ID, notice.Question(v.Person("pt-BR"), r))
		checkView(t, "InvitedNotice", r.ID, notice.Invited(v.Person("es"), r))
		checkView(t, "AskOwnerModal", r.ID, modal.AskOwner(v.Person("en"), r))
		checkView(t, "DelegateModal", r.ID, modal.Delegate(v.Person("en"), r, time.Hour, "2026-12-31"))
		d := cancellation.Delegation{Giver: text.Draw(t, "giver"), Receiver: text.Draw(t, "receiver"), Until: sample.Noon}
		checkView(t, "DelegationGiven", "", notice.Given(v.Person("es"), d))
		checkView(t, "DelegationNotice", "", notice.Delegation(v.Person("pt-BR"), d))
		rows := []cancellation.Choice{{Subject: text.Draw(t, "subject"), Number: text.Draw(t, "number"), Owner: text.Draw(t, "owner")}}
		checkView(t, "DaysUnknown", "", list.DaysUnknown(v.Person("en"), command.Command{Days: command.Days{From: command.Day(text.Draw(t, "days"))}, Reason: text.Draw(t, "why")}, rows, 2, true))
		checkView(t, "Home", r.ID, hometab.Draw(v.Person("es"), hometab.Facts{
			Refusal: &answer.Answer{Kind: rapid.SampledFrom(answer.Kinds()).Draw(t, "kind"), Request: r, Line: text.Draw(t, "line")},
		}))
		if n := lengthOf(decoded(t, list.History(v.Person("es"), slices.Repeat([]cancellation.Request{r}, 15)))["blocks"]); n > 12000 {
			t.Errorf("a history has %d characters in its blocks, but Slack allows 12,000", n)
		}
	})
}
