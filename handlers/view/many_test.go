package view_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/batch"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// TestManyFits: Slack accepts a card with the most meetings, the longest names and a long
// reason, in every language, and the card says that names were cut.
func TestManyFits(t *testing.T) {
	t.Parallel()
	const slackLimit = 12000
	long := sample.OnBatch(func(b *cancellation.Batch) {
		for i := range b.Meetings {
			b.Meetings[i].Subject, b.Meetings[i].OwnerName = strings.Repeat("Review & plan <", 30), strings.Repeat("Maria & ", 30)
			b.Meetings[i].Number = "90012345678"
		}
		for range 20 {
			b.LeftOut = append(b.LeftOut, cancellation.LeftOut{Number: "9140000001", Subject: strings.Repeat("<&>", 90), Start: sample.Noon, Why: string(answer.LeadTime)})
		}
		b.More, b.Paused = 77, sample.Noon.Add(time.Minute)
		line := "/cancel-meeting " + strings.Repeat("90012345678 ", 20) + `--reason "` + strings.Repeat("<&> ", 125) + `"`
		b.MoreLine = strings.Repeat(line+"\n", 11) + line
	})
	wordy := func(r *cancellation.Request) { r.Reason = strings.Repeat("<&> ", 125) }
	for _, locale := range words.Languages() {
		v := newRenderer(t, locale)
		for name, r := range sample.ManyRequests() {
			big := sample.Many(action.MaxMeetings)
			r.Batch = sample.Change(cancellation.Request{Batch: fill(r.Batch, big.Batch)}, long).Batch
			r = sample.Change(r, wordy)
			card := v.Card(r, sample.Noon)
			checkView(t, name+" in "+locale, r.ID, card)
			if n := lengthOf(decoded(t, card)["blocks"]); n > slackLimit {
				t.Errorf("%s in %s has %d characters in its blocks, want at most %d", name, locale, n, slackLimit)
			}
			if r.State == cancellation.Asked {
				if text, _ := json.Marshal(card.Blocks); !strings.Contains(string(text), "…") {
					t.Errorf("%s in %s does not say that names were cut", name, locale)
				}
			}
			if r.State == cancellation.Done {
				for view, m := range map[string]bot.Message{"reply": v.ThreadReply(r), "owner's notice": batch.OwnerNotice(v.Person(locale), r, r.Batch.Owners, sample.Link)} {
					if n := lengthOf(decoded(t, m)["blocks"]); n > slackLimit {
						t.Errorf("%s of %s in %s has %d characters in its blocks, want at most %d", view, name, locale, n, slackLimit)
					}
				}
				checkView(t, "reply of "+name+" in "+locale, r.ID, v.ThreadReply(r))
				checkView(t, "owner's notice of "+name+" in "+locale, r.ID, batch.OwnerNotice(v.Person(locale), r, r.Batch.Owners[:1], sample.Link))
			}
		}
	}
}

// fill returns b with as many items as the big batch, in the states of its own items.
func fill(b, big *cancellation.Batch) *cancellation.Batch {
	c := *b
	c.Meetings, c.Items = big.Meetings, nil
	for i, it := range big.Items {
		if len(b.Items) > 0 {
			like := b.Items[i%len(b.Items)]
			like.Meeting, like.Date = it.Meeting, it.Date
			it = like
		}
		c.Items = append(c.Items, it)
	}
	return &c
}

func lengthOf(v any) (n int) {
	for _, node := range nodes(v) {
		if s, ok := node["text"].(string); ok {
			n += utf8.RuneCountInString(s)
		}
	}
	return n
}

// TestManyPausedAndRemaining: while the rate limit pauses the rest, the card says until when
// and offers to stop. Once all are done, it says what remains on these days.
func TestManyPausedAndRemaining(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		v := newRenderer(t, locale)
		paused := sample.Change(sample.ManyRequests()["many_working"], sample.OnBatch(func(b *cancellation.Batch) { b.Paused = sample.Noon.Add(40 * time.Second) }))
		for after, want := range map[time.Duration]bool{0: true, time.Minute: false} {
			text, err := json.Marshal(v.Card(paused, sample.Noon.Add(after)).Blocks)
			if err != nil || strings.Contains(string(text), action.Stop) != want || strings.Contains(string(text), "!date^"+strconv.FormatInt(paused.Batch.Paused.Unix(), 10)) != want {
				t.Errorf("in %s, %v into the pause: want its end and a Stop button: %t: %s %v", locale, after, want, text, err)
			}
		}
		done := sample.Change(sample.ManyRequests()["many_done"], sample.OnBatch(func(b *cancellation.Batch) {
			b.More, b.MoreLine = 17, "/cancel-meeting 2026-12-04..2026-12-05 --of <@U0OLGA003>"
		}))
		text, err := json.Marshal(v.Card(done, sample.Noon).Blocks)
		if err != nil || !strings.Contains(string(text), "17") || !strings.Contains(string(text), "2026-12-04..2026-12-05") {
			t.Errorf("in %s the final card does not say what remains: %s %v", locale, text, err)
		}
	}
}

// TestManyReadsBack: package action reads back from a click what the card put there.
func TestManyReadsBack(t *testing.T) {
	t.Parallel()
	r := sample.Change(sample.Many(action.MaxMeetings), sample.OnBatch(func(b *cancellation.Batch) { b.Revision = 12 }))
	offered, want := map[string][]string{}, []int{}
	for _, node := range nodes(decoded(t, newRenderer(t, "en").Card(r, sample.Noon))) {
		if node["type"] == "checkboxes" {
			for _, o := range node["options"].([]any) {
				input := node["action_id"].(string)
				offered[input] = append(offered[input], o.(map[string]any)["value"].(string))
			}
		}
		if id, ok := node["block_id"].(string); ok && action.RevisionOf(id) != 12 {
			t.Errorf("RevisionOf(%q) = %d, want 12", id, action.RevisionOf(id))
		}
	}
	for i := range action.MaxMeetings {
		want = append(want, i)
	}
	if got := action.PickedMany(offered); !slices.Equal(got, want) {
		t.Errorf("PickedMany(all that the card offers) = %v, want %v", got, want)
	}
	if got := action.Picked(offered); len(got) != 0 {
		t.Errorf("Picked(boxes of meetings) = %v, want none", got)
	}
	for _, id := range []string{"", "page", "page:", "page:x:y", "12", "choice:12:x"} {
		if got := action.RevisionOf(id); got != -1 {
			t.Errorf("RevisionOf(%q) = %d, want -1", id, got)
		}
	}
}

// TestManyMayEnd: both pages say what happens to a meeting that may have started, because the
// second page is the one that is confirmed.
func TestManyMayEnd(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		end  bool
		want string
	}{{true, "it ends at once for everyone"}, {false, "it won't be ended and stays as it is"}} {
		for _, review := range []bool{false, true} {
			r := sample.Change(sample.Many(3), sample.OnBatch(func(b *cancellation.Batch) { b.Meetings[1].StateKnown = false }))
			r.End, r.Batch = row.end, r.Batch.WithTicks([]int{0, 1}).OnPage(review)
			text, err := json.Marshal(newRenderer(t, "en").Card(r, sample.Noon).Blocks)
			if err != nil || !strings.Contains(string(text), row.want) {
				t.Errorf("with --end %t, on the second page %t, the card does not say %q: %s %v", row.end, review, row.want, text, err)
			}
		}
	}
}

// TestManyOwnerNotice: an owner is told about their cancelled meetings and not the rest of the
// card, unless a delegate confirmed, for whichever of their accounts.
func TestManyOwnerNotice(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	part := sample.ManyRequests()["many_part"]
	gone, stayed := part.Batch.Meetings[0], part.Batch.Meetings[4]
	plain := batch.OwnerNotice(v.Person("en"), part, part.Batch.Owners[:1], sample.Link)
	if !strings.Contains(plain.Text, gone.Number) || strings.Contains(plain.Text, stayed.Number) {
		t.Errorf("the notification is %q, want only the cancelled meeting", plain.Text)
	}
	none := sample.Change(sample.ManyRequests()["many_none"], sample.ByDelegate)
	delegated := none.Batch.Owners[0]
	accounts := []cancellation.Owner{{UUID: "another account"}, delegated}
	for _, order := range [][]cancellation.Owner{accounts, {delegated, accounts[0]}} {
		text, err := json.Marshal(batch.OwnerNotice(v.Person("en"), none, order, sample.Link).Blocks)
		if err != nil || !strings.Contains(string(text), "not cancelled") {
			t.Errorf("the notice to the accounts %+v is %s %v, want it to say what happened to the meeting", order, text, err)
		}
	}
}
