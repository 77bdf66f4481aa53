package invited

import (
	"fmt"
	"maps"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
)

// TestOneASecond: people get their messages a second apart, however many meetings they
// are about and however many replicas there are; and nobody is left out.
func TestOneASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTellingWorld(t)
		defer w.close()
		for range 4 {
			w.invite(t, removed(), 10)
		}
		var replicas []*jobs.Queue
		for range 3 {
			replicas = append(replicas, w.run(t))
		}
		time.Sleep(3 * time.Minute)
		for _, q := range replicas {
			if err := q.Stop(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if w.slack.hurried {
			t.Error("two messages were sent within a second")
		}
		for i := 1; i < 10; i++ {
			if n := w.slack.sent[bot.UserID(fmt.Sprintf("u%d", i))]; n != 4 {
				t.Errorf("u%d has %d messages, want one about each of 4 meetings", i, n)
			}
		}
		if n := w.kept(t); n != 0 {
			t.Errorf("%d addresses are left, want none", n)
		}
	})
}

// TestTwoAddresses: somebody who is invited under two addresses is one person. They have
// one message, or, where it was about another meeting, one about that; and the thread
// counts them once.
func TestTwoAddresses(t *testing.T) {
	t.Parallel()
	const cancelled, late = cancellation.Cancelled, 48 * time.Hour
	for _, tt := range []struct {
		name  string
		parts []partOf
		lost  []error // answers to eve's messages
		sent  map[bot.UserID]int
		says  string
	}{
		{
			name:  "of one meeting",
			parts: []partOf{{"Alpha", late, "eve@x eve@y bob@x", cancelled, cancelled}},
			sent:  map[bot.UserID]int{"eve": 1, "bob": 1}, says: "2 of 2 invited people",
		},
		{
			name:  "of one each",
			parts: []partOf{{"Alpha", late, "eve@x", cancelled, cancelled}, {"Beta", late, "eve@y bob@x", cancelled, cancelled}},
			sent:  map[bot.UserID]int{"eve": 2, "bob": 1}, says: "2 of 2 invited people",
		},
		{
			name:  "of one each, and an answer is lost",
			parts: []partOf{{"Alpha", late, "eve@x", cancelled, cancelled}, {"Beta", late, "eve@y bob@x", cancelled, cancelled}},
			lost:  []error{&bot.Error{Method: "chat.postMessage"}},
			sent:  map[bot.UserID]int{"eve": 3, "bob": 1}, says: "2 of 2 invited people",
		},
		{
			name:  "of both",
			parts: []partOf{{"Alpha", late, "eve@x eve@y", cancelled, cancelled}, {"Beta", late, "eve@y eve@x bob@x", cancelled, cancelled}},
			sent:  map[bot.UserID]int{"eve": 1, "bob": 1}, says: "2 of 2 invited people",
		},
		{
			name:  "who did it",
			parts: []partOf{{"Alpha", late, "u0@x u0@y bob@x", cancelled, cancelled}},
			sent:  map[bot.UserID]int{"bob": 1}, says: "1 of 2 invited people were told here. 1 already knew.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newTellingWorld(t)
				defer w.close()
				w.slack.lost["eve"] = tt.lost
				id := w.several(t, tt.parts)
				w.settles(t, id, tt.parts)
				w.runFor(t, 2*time.Minute)
				if !maps.Equal(w.slack.sent, tt.sent) {
					t.Errorf("messages are %v, want %v", w.slack.sent, tt.sent)
				}
				if n := strings.Count(w.slack.read["eve"], "“Beta”"); tt.name == "of one each" && n != 1 {
					t.Errorf("eve reads %d times of Beta: %q", n, w.slack.read["eve"])
				}
				if len(w.slack.edits) != 1 || !strings.Contains(w.slack.edits[0], tt.says) {
					t.Errorf("the reply was edited to %q, want once, to say %q", w.slack.edits, tt.says)
				}
			})
		})
	}
}

// TestCapOfSeveral: fifty people at most have a message, of all meetings on a card.
func TestCapOfSeveral(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTellingWorld(t)
		defer w.close()
		crowd := func(name string) string {
			var all []string
			for i := range 40 {
				all = append(all, fmt.Sprintf("%s%d@x", name, i))
			}
			return strings.Join(all, " ")
		}
		const cancelled, late = cancellation.Cancelled, 48 * time.Hour
		parts := []partOf{{"Alpha", late, crowd("a"), cancelled, cancelled}, {"Beta", late, crowd("b"), cancelled, cancelled}}
		w.settles(t, w.several(t, parts), parts)
		w.runFor(t, 3*time.Minute)
		if n := len(w.slack.sent); n != tellAtMost {
			t.Errorf("%d people have a message, want %d", n, tellAtMost)
		}
		if want := "50 of 80 invited people"; len(w.slack.edits) != 1 || !strings.Contains(w.slack.edits[0], want) {
			t.Errorf("the reply was edited to %q, want once, to say %q", w.slack.edits, want)
		}
	})
}

// TestLookups: Slack takes fifty look-ups a minute, of which a crowd that is not here
// leaves some to people who wait, also if there are two such crowds.
func TestLookups(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newTellingWorld(t)
		defer w.close()
		w.slack.nobody = true
		w.invite(t, removed(), 400)
		w.invite(t, removed(), 400)
		q := w.run(t)
		time.Sleep(2 * time.Minute) // the burst
		before := w.slack.looked()
		time.Sleep(5 * time.Minute)
		if n := w.slack.looked() - before; n < 5*30 || n > 5*42 {
			t.Errorf("%d look-ups in five minutes, want at most some forty a minute", n)
		}
		if err := q.Stop(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}

// looked is how often somebody was looked up by address.
func (p *postOffice) looked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lookups
}
