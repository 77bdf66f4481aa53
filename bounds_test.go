package main

import (
	"database/sql"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/world"
)

// TestPickerInALargeCompany: Carol has one meeting, the company has 3,000 by 1,000
// people, and every call of the service takes 0.7 s. Listing one person's meetings must
// take as few calls as in a small company.
func TestPickerInALargeCompany(t *testing.T) {
	t.Parallel()
	w := begin(t)
	for i := range 1000 {
		w.Meeting.AddUser(meetingsim.User{
			UUID: fmt.Sprintf("uuid-%d", i), Account: fmt.Sprintf("p%d@corp", i), Name: fmt.Sprintf("Person %d", i), Email: fmt.Sprintf("p%d@example.com", i),
		})
	}
	for i := range 3000 {
		w.Meeting.AddMeeting(meetingsim.Meeting{
			ID: fmt.Sprint(920000000 + i), Subject: "Something", OwnerUUID: fmt.Sprintf("uuid-%d", i%1000),
			Start: time.Now().Add(time.Duration(i+60) * time.Minute).UTC(), Length: time.Hour,
		})
	}
	w.Book("914087436", world.Carol, nil)
	w.Meeting.Fault(meetingsim.Fault{Kind: meetingsim.FaultSlow, Delay: 700 * time.Millisecond})
	before := len(w.Meeting.Journal())
	ask(t, w, world.Carol, "")
	await(t, w, "Carol's picker", func() bool {
		all := w.Slack.Messages(world.General, world.Carol)
		return len(all) > 0 && strings.Contains(all[len(all)-1].Plain(), "Budget review")
	})
	if n := len(w.Meeting.Journal()) - before; n > 4 {
		t.Errorf("the picker took %d calls of the service, want at most 4", n)
	}
	// People who may cancel any meeting see those that could be read in time, and that
	// there are more.
	ask(t, w, world.Ana, "")
	await(t, w, "Ana's picker", func() bool {
		all := w.Slack.Messages(world.General, world.Ana)
		return len(all) > 0 && strings.Contains(all[len(all)-1].Plain(), "Choose")
	})
}

// TestCallsInSequence: people wait for the calls that are made one after the other, even if they
// click as soon as they see the card.
func TestCallsInSequence(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.Book("914087436", world.Carol, nil)
	w.Slack.Delay(600 * time.Millisecond) // long enough to tell a call made meanwhile from the next one
	w.Meeting.Delay(400 * time.Millisecond)
	cancelOnce(t, w, "914087436")
	type call struct {
		name       string
		began, end time.Time
	}
	var calls []call
	for _, e := range w.Meeting.Journal() {
		if e.Operation == meetingsim.OpDetail || e.Operation == meetingsim.OpCancel {
			calls = append(calls, call{e.Operation, e.At, e.At.Add(e.Duration)})
		}
	}
	for _, c := range w.Slack.Journal() {
		if strings.HasPrefix(c.Method, "chat.") {
			calls = append(calls, call{c.Method, c.At, c.At.Add(c.Duration)})
		}
	}
	slices.SortFunc(calls, func(a, b call) int { return a.end.Compare(b.end) })
	var sequence []string // the longest
	var last time.Time
	for _, c := range calls {
		if c.began.After(last) {
			sequence, last = append(sequence, c.name), c.end
		}
	}
	if len(sequence) > 6 {
		t.Errorf("made one after the other: %v; want detail, card, detail, DELETE, the owner's message, the reply in the thread", sequence)
	}
}

// TestRefusedLeaveLittle: guests may never cancel, so the store keeps nothing of what
// they type, and the audit trail at most five requests a minute. Requests that never had
// a card are purged after a day; see internal/store.
func TestRefusedLeaveLittle(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("meetingbot")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	w := world.New(world.Options{Dir: dir, Program: []string{program}})
	t.Cleanup(func() {
		if err := w.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := w.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	const typed = 40
	for i := range typed {
		ask(t, w, world.Gina, fmt.Sprintf("%d --reason \"%0400d\"", 914000000+i, 0))
	}
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "meetingbot.db")+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	count := func(query string) (n int) {
		if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	await(t, w, "answers", func() bool {
		return count(`SELECT count(*) FROM job`) == 0 && count(`SELECT count(*) FROM envelope WHERE handled_at IS NULL`) == 0
	})
	if n := count(`SELECT coalesce(sum(length(body)), 0) FROM envelope`); n > 0 {
		t.Errorf("the envelopes hold %d bytes of the typed text, want none", n)
	}
	// The trail is kept forever, so it must not have the requests over the rate limit.
	if n := count(`SELECT count(*) FROM audit`); n >= typed {
		t.Errorf("%d commands of a guest left %d audit rows", typed, n)
	}
}
