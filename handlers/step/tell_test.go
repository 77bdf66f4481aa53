package step_test

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/jobs"
)

// TestTellNow checks by which way a person is told when some ways are closed or failing.
func TestTellNow(t *testing.T) {
	t.Parallel()
	away, used, closed := error(bot.ErrUnavailable), steptest.SlackError(t, "used_url"), steptest.SlackError(t, "channel_not_found")
	gone := steptest.SlackError(t, "user_not_found")
	thread := func(in *step.Envelope) { in.Thread = "5.5" }
	old := func(in *step.Envelope) { in.At = in.At.Add(-31 * time.Minute) }
	noURL := func(in *step.Envelope) { in.Response = "" }
	modal := func(in *step.Envelope) { in.Response, in.Channel = "", "" }
	for _, row := range []struct {
		name      string
		in        func(*step.Envelope)
		fails     map[string][]error
		impatient bool
		want      string // the way; empty: not told
		again     bool   // another run may help
	}{
		{name: "all open", want: "respond"},
		{name: "used up", fails: map[string][]error{"respond": {used}}, want: "ephemeral"},
		{name: "too old", in: old, want: "ephemeral"},
		{name: "no response_url", in: noURL, want: "ephemeral"},
		{name: "response_url fails", fails: map[string][]error{"respond": {away}}, want: "ephemeral"},
		{name: "response_url fails, not a member", fails: map[string][]error{"respond": {away}, "ephemeral": {closed}}, again: true},
		{name: "response_url keeps failing, not a member", impatient: true, fails: map[string][]error{"respond": {away}, "ephemeral": {closed}}, want: "dm"},
		{name: "used up, ephemeral fails", fails: map[string][]error{"respond": {used}, "ephemeral": {away}}, again: true},
		{name: "used up, ephemeral keeps failing", impatient: true, fails: map[string][]error{"respond": {used}, "ephemeral": {away}}, want: "dm"},
		{name: "used up, not a member", fails: map[string][]error{"respond": {used}, "ephemeral": {closed}}, want: "dm"},
		{name: "open, but tried often enough", impatient: true, want: "ephemeral"},
		{name: "in a thread", in: thread, want: "ephemeral"},
		{name: "in a thread, not a member", in: thread, fails: map[string][]error{"ephemeral": {closed}}, want: "respond"},
		{name: "in a thread, ephemeral fails", in: thread, fails: map[string][]error{"ephemeral": {away}}, want: "respond"},
		{name: "a modal", in: modal, want: "dm"},
		{name: "a modal, and Slack fails", in: modal, fails: map[string][]error{"dm": {away}}, again: true},
		{name: "every way fails for now", fails: map[string][]error{"respond": {away}, "ephemeral": {away}, "dm": {away}}, again: true},
		{name: "every way is closed", fails: map[string][]error{"respond": {used}, "ephemeral": {closed}, "dm": {gone}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				for method, errs := range row.fails {
					h.Chat.Fail(method, errs...)
				}
				in := clicked("r1")
				in.At = h.Store.Now()
				if row.in != nil {
					row.in(in)
				}
				run := &jobs.Run{}
				if row.impatient {
					run.Attempt = card.URLRuns
				}
				err := h.TellNow(h.Context(), run, in, bot.Message{Text: "hello"})
				got := ""
				for _, way := range []string{"respond", "ephemeral", "dm"} {
					if slices.Contains(h.Chat.Texts(way, steptest.Ana), "hello") {
						got += way
					}
				}
				if got != row.want || (err != nil) != (row.want == "") || (err != nil && !bot.Permanent(err)) != row.again {
					t.Errorf("told by %q (%v), want %q, retry: %t", got, err, row.want, row.again)
				}
			})
		})
	}
}

// TestTell checks that an acked action is answered once, however long Slack is away. The bot
// gives up only after a day, or if every way is closed.
func TestTell(t *testing.T) {
	t.Parallel()
	closed := map[string][]error{
		"respond": {steptest.SlackError(t, "used_url")}, "ephemeral": {steptest.SlackError(t, "channel_not_found")}, "dm": {steptest.SlackError(t, "user_not_found")},
	}
	away := map[string][]error{"respond": {bot.ErrUnavailable}, "ephemeral": {bot.ErrUnavailable}, "dm": {bot.ErrUnavailable}}
	for _, row := range []struct {
		name  string
		fails map[string][]error
		ago   time.Duration // since the click
		heals time.Duration // zero: never
		tried time.Duration // how long the test waits after that
		want  int
	}{
		{"all well", nil, 0, 0, time.Second, 1},
		{"away for a minute", away, 0, time.Minute, 2 * time.Minute, 1},
		{"away for most of a day", away, 22 * time.Hour, time.Hour, time.Minute, 1},
		{"away for more than a day", away, 23 * time.Hour, 2 * time.Hour, time.Minute, 0},
		{"the bot was offline for more than a day", nil, 30 * time.Hour, 0, time.Minute, 1},
		{"closed for good", closed, 0, 0, time.Minute, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, probe(func(ctx context.Context, v *step.Visit) error {
				return v.Say(ctx, answer.Answer{Kind: answer.UnknownButton})
			}), func(h *steptest.Fixture) {
				for method, errs := range row.fails {
					h.Chat.Fail(method, errs...)
				}
				in := clicked("nothing")
				in.At = h.Store.Now().Add(-row.ago)
				h.Arrive(probeStep, in)
				h.Pass(row.heals)
				if row.heals > 0 {
					h.Chat.Recover()
				}
				h.Pass(row.tried)
				said := slices.Concat(h.Chat.Texts("respond", steptest.Ana), h.Chat.Texts("ephemeral", steptest.Ana), h.Chat.Texts("dm", steptest.Ana))
				if len(said) != row.want || row.want > 0 && !strings.Contains(said[0], "no longer works") {
					t.Errorf("Ana was told %q, want %d answers", said, row.want)
				}
				h.WantIdle()
			})
		})
	}
}

// TestTellSlowly checks that a message which Slack shows but takes seconds to confirm isn't
// sent again another way.
func TestTellSlowly(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]func(*step.Envelope){
		"where it was typed": func(*step.Envelope) {},
		"in a thread":        func(in *step.Envelope) { in.Thread = "5.5" },
		"in a modal":         func(in *step.Envelope) { in.Response, in.Channel = "", "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			slow := &slowChat{takes: 5 * time.Second}
			says := probe(func(ctx context.Context, v *step.Visit) error {
				return v.Say(ctx, answer.Answer{Kind: answer.UnknownButton})
			})
			steptest.Run(t, func(h *steptest.Fixture) {
				slow.Chat, h.Slack = h.Chat, slow
				h.Board = card.New(card.Options{Slack: slow, Views: h.Views, Now: h.Store.Now, Log: h.Log, Latest: step.ShownNow(h.Store.Requests)})
				says(h)
			}, func(h *steptest.Fixture) {
				e := clicked("nothing")
				in(e)
				h.Arrive(probeStep, e)
				h.Pass(time.Minute)
				if n := slow.shown.Load(); n != 1 {
					t.Errorf("Ana saw it %d times, want once", n)
				}
				h.WantIdle()
			})
		})
	}
}

// A slowChat shows every message at once and takes a while to confirm it.
type slowChat struct {
	*steptest.Chat
	takes time.Duration
	shown atomic.Int64
}

func (s *slowChat) show(ctx context.Context) error {
	s.shown.Add(1)
	select {
	case <-time.After(s.takes):
		return nil
	case <-ctx.Done():
		return bot.ErrUnavailable
	}
}

func (s *slowChat) Respond(ctx context.Context, _ bot.Secret, _ bot.Response) error {
	return s.show(ctx)
}

func (s *slowChat) Ephemeral(ctx context.Context, _ bot.ChannelID, _ bot.UserID, _ string, _ bot.Message) error {
	return s.show(ctx)
}

func (s *slowChat) DM(ctx context.Context, _ bot.UserID, _ bot.Message) (bot.MessageRef, error) {
	return bot.MessageRef{}, s.show(ctx)
}
