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

// TestOneASecond: messages are a second apart, however many meetings and replicas there are,
// and nobody is left out.
func TestOneASecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newFixture(t)
		defer w.close()
		for range 4 {
			w.invite(t, removed(), 10)
		}
		var replicas []*jobs.Queue
		for range 3 {
			replicas = append(replicas, w.startReplica(t))
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
		if n := w.addressesLeft(t); n != 0 {
			t.Errorf("%d addresses are left, want none", n)
		}
	})
}

// TestTwoAddresses: a person invited under two addresses gets one message, or one about each
// meeting if the addresses are for different ones. The thread counts them once.
func TestTwoAddresses(t *testing.T) {
	t.Parallel()
	const cancelled, late = cancellation.Cancelled, 48 * time.Hour
	for _, tt := range []struct {
		name  string
		parts []testPart
		lost  []error // answers to eve's messages
		sent  map[bot.UserID]int
		says  string
	}{
		{
			name:  "for one meeting",
			parts: []testPart{{"Alpha", late, "eve@x eve@y bob@x", cancelled, cancelled}},
			sent:  map[bot.UserID]int{"eve": 1, "bob": 1}, says: "2 of 2 invited people",
		},
		{
			name:  "for one meeting each",
			parts: []testPart{{"Alpha", late, "eve@x", cancelled, cancelled}, {"Beta", late, "eve@y bob@x", cancelled, cancelled}},
			sent:  map[bot.UserID]int{"eve": 2, "bob": 1}, says: "2 of 2 invited people",
		},
		{
			name:  "for one meeting each, and an answer is lost",
			parts: []testPart{{"Alpha", late, "eve@x", cancelled, cancelled}, {"Beta", late, "eve@y bob@x", cancelled, cancelled}},
			lost:  []error{&bot.Error{Method: "chat.postMessage"}},
			sent:  map[bot.UserID]int{"eve": 3, "bob": 1}, says: "2 of 2 invited people",
		},
		{
			name:  "for both meetings",
			parts: []testPart{{"Alpha", late, "eve@x eve@y", cancelled, cancelled}, {"Beta", late, "eve@y eve@x bob@x", cancelled, cancelled}},
			sent:  map[bot.UserID]int{"eve": 1, "bob": 1}, says: "2 of 2 invited people",
		},
		{
			name:  "of the person who confirmed",
			parts: []testPart{{"Alpha", late, "u0@x u0@y bob@x", cancelled, cancelled}},
			sent:  map[bot.UserID]int{"bob": 1}, says: "1 of 2 invited people was told here. 1 already knew.",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newFixture(t)
				defer w.close()
				w.slack.lost["eve"] = tt.lost
				id := w.insertCard(t, tt.parts)
				w.settle(t, id, tt.parts)
				w.runFor(t, 2*time.Minute)
				if !maps.Equal(w.slack.sent, tt.sent) {
					t.Errorf("messages are %v, want %v", w.slack.sent, tt.sent)
				}
				if n := strings.Count(w.slack.read["eve"], "“Beta”"); tt.name == "for one meeting each" && n != 1 {
					t.Errorf("eve is told %d times about Beta: %q", n, w.slack.read["eve"])
				}
				if len(w.slack.edits) != 1 || !strings.Contains(w.slack.edits[0], tt.says) {
					t.Errorf("the reply was edited to %q, want once, to say %q", w.slack.edits, tt.says)
				}
			})
		})
	}
}

// TestCapOfSeveral: at most fifty people get a message, for all meetings of a card together.
func TestCapOfSeveral(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newFixture(t)
		defer w.close()
		crowd := func(name string) string {
			var all []string
			for i := range 40 {
				all = append(all, fmt.Sprintf("%s%d@x", name, i))
			}
			return strings.Join(all, " ")
		}
		const cancelled, late = cancellation.Cancelled, 48 * time.Hour
		parts := []testPart{{"Alpha", late, crowd("a"), cancelled, cancelled}, {"Beta", late, crowd("b"), cancelled, cancelled}}
		w.settle(t, w.insertCard(t, parts), parts)
		w.runFor(t, 3*time.Minute)
		if n := len(w.slack.sent); n != maxTold {
			t.Errorf("%d people have a message, want %d", n, maxTold)
		}
		if want := "50 of 80 invited people"; len(w.slack.edits) != 1 || !strings.Contains(w.slack.edits[0], want) {
			t.Errorf("the reply was edited to %q, want once, to say %q", w.slack.edits, want)
		}
	})
}

// TestLookups: Slack allows fifty look-ups a minute. Many people who aren't in Slack leave
// some of them to people who are waiting, even for two requests at once.
func TestLookups(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newFixture(t)
		defer w.close()
		w.slack.nobody = true
		w.invite(t, removed(), 400)
		w.invite(t, removed(), 400)
		q := w.startReplica(t)
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

// looked returns how often an address was looked up.
func (p *stubSlack) looked() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lookups
}
