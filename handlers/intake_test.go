package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/command"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// receiving returns handlers that can take things over and do nothing with
// them: their steps are replaced by one that waits.
func receiving(tb testing.TB) *Handlers {
	tb.Helper()
	return receivingAt(tb, nil)
}

// receivingAt is receiving by a clock of the store's own; nil is time.Now.
func receivingAt(tb testing.TB, clock func() time.Time) *Handlers {
	tb.Helper()
	s, err := store.Open(tb.Context(), "sqlite:"+filepath.Join(tb.TempDir(), "m.db"), clock, jobs.Migrate)
	if err != nil {
		tb.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	q, err := jobs.New(s, log, nil)
	if err != nil {
		tb.Fatal(err)
	}
	for _, step := range []jobs.Step{stepCommand, stepClick} {
		q.Handle(step, "subject", func(ctx context.Context, _ jobs.Lease, _ string) error { <-ctx.Done(); return ctx.Err() })
	}
	tb.Cleanup(func() {
		ended, cancel := context.WithCancel(tb.Context())
		cancel()
		_ = q.Stop(ended) // the waiting steps are broken off, as meant
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	h := &Handlers{
		bot: bot.New(bot.Config{}), meetings: &meetingapi.Client{}, store: s, queue: q,
		rules: Rules{ConfirmTTL: time.Hour}, log: log, observe: Observer{}.withDefaults(),
	}
	h.life, h.end = context.WithCancel(tb.Context())
	h.Close() // nothing is read ahead: there is nobody to read from
	return h
}

func typed(envelope, text string) bot.Command {
	return bot.Command{
		Origin: bot.Origin{
			EnvelopeID: envelope, User: "U0ANA", Team: "T0", Channel: "C0", Received: time.Now(),
			ResponseURL: "https://hooks.example.com/commands/T0/1/secret",
		},
		Name: command.Name, Text: text,
	}
}

func TestTheSameEnvelopeIsStoredOnce(t *testing.T) {
	t.Parallel()
	h := receiving(t)
	for range 2 {
		if err := h.receiveCommand(t.Context(), typed("e1", "914087436")); err != nil {
			t.Fatalf("receiveCommand() = %v, want nil for the first and for the second", err)
		}
	}
	var requests, queued int
	row := h.store.DB().QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM request), (SELECT count(*) FROM river_job)`)
	if err := row.Scan(&requests, &queued); err != nil || requests != 1 || queued != 1 {
		t.Errorf("requests, jobs = %d, %d, %v, want 1, 1", requests, queued, err)
	}
}

// TestAPastedInvitationIsNotStored: what is kept of a line is what was
// understood. An invitation's password and link are in nobody's database.
func TestAPastedInvitationIsNotStored(t *testing.T) {
	t.Parallel()
	h := receiving(t)
	invitation := "Meeting ID: 914 087 436\nHost password: 482915\nhttps://meeting.example.com/#/j/914087436/TOKENTOKEN"
	if err := h.receiveCommand(t.Context(), typed("e1", invitation)); err != nil {
		t.Fatalf("receiveCommand() = %v", err)
	}
	var envelope, request string
	row := h.store.DB().QueryRowContext(t.Context(), `SELECT (SELECT body FROM envelope), (SELECT body FROM request)`)
	if err := row.Scan(&envelope, &request); err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"482915", "TOKENTOKEN", "password"} {
		if strings.Contains(envelope+request, secret) {
			t.Errorf("%q is stored: %s %s", secret, envelope, request)
		}
	}
	var in intake
	if err := json.Unmarshal([]byte(envelope), &in); err != nil || in.Command.Number != "914087436" {
		t.Errorf("stored command = %+v, %v, want number 914087436", in.Command, err)
	}
}

// TestNothingIsTakenWithoutTheStore: without a hand-over there is an error, and
// so no ack.
func TestNothingIsTakenWithoutTheStore(t *testing.T) {
	t.Parallel()
	h := receiving(t)
	if err := h.store.Close(); err != nil {
		t.Fatal(err)
	}
	if err := h.receiveCommand(t.Context(), typed("e1", "914087436")); err == nil || errors.Is(err, store.ErrDuplicate) {
		t.Errorf("receiveCommand() with a closed database = %v, want an error", err)
	}
}

// maxAllocations bounds what a durable ack costs; half of it is River's.
const maxAllocations = 500

func TestAllocationsOfAnAck(t *testing.T) {
	h := receiving(t)
	n := 0
	got := testing.AllocsPerRun(50, func() {
		n++
		if err := h.receiveCommand(t.Context(), typed("e"+strconv.Itoa(n), "914087436")); err != nil {
			t.Fatal(err)
		}
	})
	if got > maxAllocations {
		t.Errorf("a hand-over takes %.0f allocations, want at most %d", got, maxAllocations)
	}
	t.Logf("%.0f allocations", got)
}

func BenchmarkHandOver(b *testing.B) {
	h := receiving(b)
	for i := 0; b.Loop(); i++ {
		if err := h.receiveCommand(b.Context(), typed("e"+strconv.Itoa(i), "914087436")); err != nil {
			b.Fatal(err)
		}
	}
}
