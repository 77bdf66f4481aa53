package batch_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"meetingbot/bot"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/internal/cancellation"
)

// TestOneMeeting checks that no message about a card with a single meeting speaks of several.
func TestOneMeeting(t *testing.T) {
	t.Parallel()
	several := regexp.MustCompile(`(?i)\b(meetings|of them|each|these|those|some|none of)\b`)
	// Headings and buttons that stay the same, and a fact about more than this card.
	general := strings.NewReplacer("*Meetings*", "", "you let them cancel your meetings", "", "whom you let cancel your meetings", "", "1 of your meetings was", "")
	unknown := sample.OnBatch(func(b *cancellation.Batch) {
		b.Meetings[0].Running, b.Meetings[0].StateKnown, b.Items[0].Running = false, false, false
	})
	over := func(o cancellation.Outcome, why string, n cancellation.NoticeResult) cancellation.Request {
		return sample.Change(sample.Many(1), sample.WithParts(sample.Over(o, why)), sample.Finished(o, n))
	}
	unnamed := over(cancellation.Cancelled, "", cancellation.NoticeNotFound)
	unnamed = sample.Change(unnamed, sample.OnBatch(func(b *cancellation.Batch) {
		b.Owners = slices.Clone(b.Owners[:1])
		b.Owners[0].UUID, b.Owners[0].Name, b.Owners[0].User = "", "", ""
		b.Meetings[0].OwnerUUID = ""
	}))
	delegated := sample.Change(over(cancellation.Failed, "server", cancellation.NoticeSent), sample.OnBatch(func(b *cancellation.Batch) { b.Owners[0].By = "delegation" }))
	for name, r := range map[string]cancellation.Request{
		"asked":              sample.Many(1),
		"asked, unknown":     sample.Change(sample.Many(1), unknown),
		"asked --end":        sample.Change(sample.Many(1), unknown, sample.EndAsked),
		"review":             sample.Change(sample.Many(1), unknown, sample.Reviewing),
		"review --end":       sample.Change(sample.Many(1), unknown, sample.Reviewing, sample.EndAsked),
		"undo":               sample.Change(sample.Many(1), sample.Reviewing, sample.InState(cancellation.Confirmed), sample.UndoWindow),
		"working":            sample.Change(sample.Many(1), sample.Reviewing, sample.InState(cancellation.Calling)),
		"cancelled":          over(cancellation.Cancelled, "", cancellation.NoticeSent),
		"an owner not named": unnamed,
		"ended":              over(cancellation.Ended, "", cancellation.NoticeNotFound),
		"gone":               over(cancellation.Gone, "", cancellation.NoticeSent),
		"refused":            over(cancellation.Refused, "changed", cancellation.NoticeSent),
		"by a delegate":      delegated,
		"unknown":            over(cancellation.Unknown, "unavailable", cancellation.NoticeSent),
		"kept":               sample.Change(sample.Many(1), sample.InState(cancellation.Declined)),
		"expired":            sample.Change(sample.Many(1), sample.InState(cancellation.Expired)),
	} {
		p := viewtest.Page("en")
		messages := map[string]bot.Message{"card": batch.Draw(p, r, sample.Noon), "thread": batch.Reply(p, r)}
		if r.State == cancellation.Done {
			messages["owner"] = batch.OwnerNotice(p, sample.Change(r, func(r *cancellation.Request) { r.Delegation = "delegation" }), r.Batch.Owners, "")
		}
		for where, m := range messages {
			text := general.Replace(viewtest.Text(m.Blocks) + "\n" + m.Text)
			if said := several.FindString(text); said != "" {
				t.Errorf("%s, %s: says %q in\n%s", name, where, said, text)
			}
		}
	}
}
