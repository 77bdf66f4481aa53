package view_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"meetingbot/bot"
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// everyEnd returns requests with every outcome and every class of error, for a meeting, a
// series and dates of one.
func everyEnd() map[string]cancellation.Request {
	all := map[string]cancellation.Request{}
	bases := map[string]cancellation.Request{
		"meeting": sample.Planned(), "running": sample.Change(sample.Running(), sample.EndAsked),
		"series": sample.Change(sample.RecurringRunning(), sample.EndAsked, sample.Scoped(cancellation.Series)),
		"date":   sample.Change(sample.Recurring(), sample.Scoped(cancellation.Occurrence, 1)),
		"dates":  sample.Change(sample.RecurringRunning(), sample.Scoped(cancellation.Occurrence, 0, 3)),
	}
	for name, r := range bases {
		for _, o := range cancellation.Outcomes() {
			classes := []string{""}
			if o == cancellation.Refused || o == cancellation.Failed {
				classes = sample.Classes()
			}
			for _, why := range classes {
				all[fmt.Sprintf("%s %s %s", name, o, why)] = sample.Change(r, sample.Reasoned, sample.DoneWith(o, why), sample.OwnerNotice(cancellation.NoticeDelayed), sample.Invited("yes"))
			}
		}
	}
	for name, r := range sample.Finals() {
		all["final "+name] = r
	}
	for name, r := range sample.ManyRequests() {
		all[name] = r
	}
	return all
}

// messagesAbout returns all messages that r leads to.
func messagesAbout(v *view.Renderer, locale string, r cancellation.Request) map[string]bot.Message {
	all := map[string]bot.Message{"card": v.Card(r, sample.Noon)}
	all["answer"] = answer.Draw(v.Person(locale), answer.Answer{Kind: answer.AlreadyAnswered, Request: r, Who: sample.Ana})
	if r.State == cancellation.Done {
		all["thread"] = v.ThreadReply(r)
	}
	if r.Batch != nil {
		if r.State == cancellation.Done {
			all["owner"] = batch.OwnerNotice(v.Person(locale), r, r.Batch.Owners, sample.Link)
			all["delegate's owner"] = batch.OwnerNotice(v.Person(locale), sample.Change(r, sample.ByDelegate), sample.Change(r, sample.ByDelegate).Batch.Owners[:1], sample.Link)
			all["invited"] = batch.InvitedNotice(v.Person(locale), r, []cancellation.ID{"part-0", "part-1"})
		}
		return all
	}
	question := sample.Change(r, sample.AsksOlga)
	all["owner's card"], all["asker of the question"] = v.Card(question, sample.Noon), notice.Question(v.Person(locale), question)
	all["owner"], all["delegate's owner"] = notice.Owner(v.Person(locale), r, sample.Link), notice.Owner(v.Person(locale), sample.Change(r, sample.ByDelegate), sample.Link)
	all["asker"], all["history"] = notice.Asker(v.Person(locale), r, sample.Link), list.History(v.Person(locale), []cancellation.Request{r})
	if r.State == cancellation.Done && r.Outcome.Removed() {
		all["invited"] = notice.Invited(v.Person(locale), r)
	}
	return all
}

// TestEveryEnd checks every message about every end against the product's voice: no sentence
// twice, no code without a sentence, and the reference last and only where something is wrong.
func TestEveryEnd(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		t.Run(locale, func(t *testing.T) {
			t.Parallel()
			v := newRenderer(t, locale)
			for name, r := range everyEnd() {
				for reader, m := range messagesAbout(v, locale, r) {
					checkVoice(t, name+", "+reader, m)
					texts := viewtest.Texts(m.Blocks)
					at := slices.IndexFunc(texts, func(s string) bool { return strings.Contains(s, r.Reference) })
					wrong := r.State == cancellation.Done && !r.Outcome.Removed() && r.Outcome != cancellation.Gone
					if r.Reference != "" && at >= 0 && (at != len(texts)-1 || !wrong) {
						t.Errorf("%s, %s: the reference is in text %d of %d: %q", name, reader, at+1, len(texts), texts)
					}
				}
			}
		})
	}
}

// checkVoice checks one message against the voice that the product's contract asks for.
func checkVoice(t *testing.T, name string, m bot.Message) {
	t.Helper()
	texts := viewtest.Texts(m.Blocks)
	for _, s := range viewtest.Repeated(texts) {
		t.Errorf("%s says twice: %q", name, s)
	}
	for _, s := range viewtest.Repeated([]string{m.Text}) {
		t.Errorf("%s says twice in its notification: %q", name, s)
	}
	for _, text := range append(texts, m.Text) {
		if code := viewtest.FindCode(text); code != "" {
			t.Errorf("%s shows the code %q: %q", name, code, text)
		}
		if strings.TrimSpace(text) == "" || strings.Contains(text, "  ") || strings.Contains(text, "\n\n") {
			t.Errorf("%s has a gap: %q", name, text)
		}
	}
}
