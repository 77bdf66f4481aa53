package invited

import (
	"context"
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/report"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
)

// A testPart is one of several meetings: its subject, how soon it starts, who is invited,
// and its outcome, at first and in the end.
type testPart struct {
	subject     string
	in          time.Duration
	invited     string
	first, last cancellation.Outcome
}

// insertCard stores a card with these meetings, whose calls are over, and enqueues its Merge
// step.
func (w *fixture) insertCard(t *testing.T, parts []testPart) cancellation.ID {
	t.Helper()
	now := time.Now()
	card := store.Request{Request: removed()}
	card.Telling.People = 0
	card.Batch = &cancellation.Batch{ThreadRef: "C1/2"}
	q := w.startReplica(t)
	err := w.db.Do(t.Context(), func(tx *store.Tx) error {
		for i, p := range parts {
			m := cancellation.Meeting{ID: p.subject, Number: p.subject, Subject: p.subject, Start: now.Add(p.in), End: now.Add(p.in + time.Hour)}
			part := removed()
			part.Parent, part.Outcome, part.Meeting = card.ID, p.first, m
			emails := strings.Fields(p.invited)
			part.Telling.People = len(emails)
			card.Batch.Meetings = append(card.Batch.Meetings, m)
			card.Batch.Items = append(card.Batch.Items, cancellation.Item{Meeting: i, Ticked: true, Part: part.ID, State: part.State, Outcome: p.first})
			if _, err := tx.Requests.Insert(t.Context(), part); err != nil {
				return err
			}
			if err := tx.Invited.AddEmails(t.Context(), part.ID, emails); err != nil {
				return err
			}
		}
		card.Outcome = card.Batch.Tally().Outcome()
		_, err := tx.Requests.Insert(t.Context(), card.Request)
		return errors.Join(err, q.Enqueue(t.Context(), tx, jobs.Job{Step: step.MergeInvitedStep, Subject: string(card.ID), Due: now.Add(time.Second)}))
	})
	if err = errors.Join(err, q.Stop(t.Context())); err != nil {
		t.Fatal(err)
	}
	return card.ID
}

// settle gives the meetings their last outcomes, and posts the reply in the thread.
func (w *fixture) settle(t *testing.T, id cancellation.ID, parts []testPart) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	err := w.db.Do(ctx, func(tx *store.Tx) error {
		r, err := tx.Requests.Get(ctx, id)
		if err != nil {
			return err
		}
		b := *r.Batch
		b.Items = append([]cancellation.Item(nil), b.Items...)
		for i, p := range parts {
			b.Items[i].Outcome = p.last
		}
		r.Batch, r.Outcome = &b, b.Tally().Outcome()
		r.EndEffect(cancellation.ThreadEffect, time.Now(), "C1/2", report.Sent)
		return tx.Requests.Save(ctx, &r)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestWaves: people invited to a meeting whose removal becomes known later are told then,
// only about what they weren't told before. The thread says once how many people that was.
func TestWaves(t *testing.T) {
	t.Parallel()
	const (
		cancelled, unknown, gone = cancellation.Cancelled, cancellation.Unknown, cancellation.Gone
		soon, late               = 30 * time.Minute, 48 * time.Hour
	)
	for _, tt := range []struct {
		name  string
		parts []testPart
		first map[bot.UserID]int // messages while the outcome is unknown
		last  map[bot.UserID]int
		says  string
	}{
		{
			name:  "they start soon",
			parts: []testPart{{"Alpha", soon, "eve@x", cancelled, cancelled}, {"Beta", soon, "eve@x bob@x", unknown, cancelled}},
			first: map[bot.UserID]int{"eve": 1}, last: map[bot.UserID]int{"eve": 2, "bob": 1}, says: "2 of 2 invited people",
		},
		{
			name:  "it was not removed",
			parts: []testPart{{"Alpha", soon, "eve@x", cancelled, cancelled}, {"Beta", soon, "eve@x bob@x", unknown, gone}},
			first: map[bot.UserID]int{"eve": 1}, last: map[bot.UserID]int{"eve": 1}, says: "1 invited person was told here.",
		},
		{
			name:  "there is time",
			parts: []testPart{{"Alpha", late, "eve@x", cancelled, cancelled}, {"Beta", late, "eve@x bob@x", unknown, cancelled}},
			first: map[bot.UserID]int{}, last: map[bot.UserID]int{"eve": 1, "bob": 1}, says: "2 of 2 invited people",
		},
		{
			name:  "the person who confirmed is invited to both",
			parts: []testPart{{"Alpha", soon, "u0@x eve@x", cancelled, cancelled}, {"Beta", soon, "u0@x bob@x", unknown, cancelled}},
			first: map[bot.UserID]int{"eve": 1}, last: map[bot.UserID]int{"eve": 1, "bob": 1}, says: "2 of 3 invited people were told here. 1 already knew.",
		},
		{
			name:  "both are unknown at first",
			parts: []testPart{{"Alpha", soon, "eve@x", unknown, cancelled}, {"Beta", soon, "eve@x bob@x", unknown, cancelled}},
			first: map[bot.UserID]int{}, last: map[bot.UserID]int{"eve": 1, "bob": 1}, says: "2 of 2 invited people",
		},
		{
			name:  "nobody was invited to the first",
			parts: []testPart{{"Alpha", soon, "", cancelled, cancelled}, {"Beta", soon, "bob@x", unknown, cancelled}},
			first: map[bot.UserID]int{}, last: map[bot.UserID]int{"bob": 1}, says: "1 invited person was told here.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newFixture(t)
				defer w.close()
				id := w.insertCard(t, tt.parts)
				w.runFor(t, 2*time.Minute)
				if !maps.Equal(w.slack.sent, tt.first) || len(w.slack.edits) > 0 {
					t.Errorf("while the outcome is unknown: messages %v, edits %q; want %v and no edit", w.slack.sent, w.slack.edits, tt.first)
				}
				before := w.slack.read["eve"]
				w.settle(t, id, tt.parts)
				w.runFor(t, 2*time.Minute)
				if !maps.Equal(w.slack.sent, tt.last) {
					t.Errorf("in the end: messages %v, want %v", w.slack.sent, tt.last)
				}
				if after := strings.TrimPrefix(w.slack.read["eve"], before); before != "" && strings.Contains(after, "Alpha") {
					t.Errorf("eve is told about Alpha again: %q", after)
				}
				if len(w.slack.edits) != 1 || !strings.Contains(w.slack.edits[0], tt.says) {
					t.Errorf("the reply was edited to %q, want once, to say %q", w.slack.edits, tt.says)
				}
				if n := w.addressesLeft(t); n != 0 {
					t.Errorf("%d addresses are left, want none", n)
				}
			})
		})
	}
}
