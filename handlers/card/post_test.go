package card

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// refusal returns the client's error for a chat.update that Slack answers with an error code.
func refusal(t *testing.T, code string) error {
	t.Helper()
	return failure(t, code, func(ctx context.Context, c *bot.Client) error {
		return c.Update(ctx, bot.MessageRef{Channel: "C0", TS: "1.2"}, bot.Message{Text: "x"})
	})
}

func failure(t *testing.T, code string, call func(context.Context, *bot.Client) error) error {
	t.Helper()
	return answered(t, func(w http.ResponseWriter) { _, _ = w.Write([]byte(`{"ok":false,"error":"` + code + `"}`)) }, call)
}

// throttled returns the client's error for a post that Slack answers with 429 and this
// Retry-After.
func throttled(t *testing.T, seconds int) error {
	t.Helper()
	return answered(t, func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		w.WriteHeader(http.StatusTooManyRequests)
	}, func(ctx context.Context, c *bot.Client) error {
		_, err := c.Post(ctx, bot.MessageRef{Channel: "C0"}, bot.Message{Text: "x"})
		return err
	})
}

// answered returns the client's error for a call that Slack answers in a given way.
func answered(t *testing.T, how func(http.ResponseWriter), call func(context.Context, *bot.Client) error) error {
	t.Helper()
	slack := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { how(w) }))
	defer slack.Close()
	c := bot.NewClient(bot.Config{BotToken: "xoxb-1", AppToken: "xapp-1", APIURL: slack.URL + "/api/", HTTP: slack.Client()})
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	err := call(ctx, c)
	if err == nil {
		t.Fatal("the client took a failure for a success")
	}
	return err
}

// postError returns the client's error for a post that Slack answers with an error code.
func postError(t *testing.T, code string) error {
	t.Helper()
	return failure(t, code, func(ctx context.Context, c *bot.Client) error {
		_, err := c.Post(ctx, bot.MessageRef{Channel: "C0"}, bot.Message{Text: "x"})
		return err
	})
}

// TestPost: a card goes where the command was typed, else through the asker's response_url,
// else to them as a direct message.
func TestPost(t *testing.T) {
	t.Parallel()
	closed := postError(t, "not_in_channel")
	used := failure(t, "message_not_found", func(ctx context.Context, c *bot.Client) error {
		return c.Update(ctx, bot.MessageRef{Channel: "C0", TS: "1.2"}, bot.Message{Text: "x"})
	})
	for _, row := range []struct {
		name    string
		answers []reply
		runs    int
		fails   bool
		way     cancellation.Way
		ts      string
	}{
		{name: "a message", way: cancellation.ByMessage, ts: "posted"},
		{name: "not a member", answers: []reply{{err: closed}}, way: cancellation.ByResponse},
		{name: "not a member, url used up", answers: []reply{{err: closed}, {err: used}}, way: cancellation.ByDirect, ts: "direct"},
		{name: "not a member, url unavailable", answers: []reply{{err: closed}, {err: bot.ErrUnavailable}}, fails: true},
		{name: "not a member, url unavailable for long", answers: []reply{{err: closed}}, runs: URLRuns, way: cancellation.ByDirect, ts: "direct"},
		{name: "Slack is busy", answers: []reply{{err: bot.ErrThrottled}}, fails: true},
		{name: "Slack asks to wait for ten seconds", answers: []reply{{err: throttled(t, 10)}}, fails: true},
		{name: "Slack asks to wait for longer", answers: []reply{{err: throttled(t, 11)}}, way: cancellation.ByResponse},
		{name: "Slack asks to wait for longer, url used up", answers: []reply{{err: throttled(t, 900)}, {err: used}}, way: cancellation.ByDirect, ts: "direct"},
		{name: "Slack asks to wait for longer, url unavailable", answers: []reply{{err: throttled(t, 900)}, {err: bot.ErrUnavailable}}, fails: true},
		{name: "the thread was deleted", answers: []reply{{err: postError(t, "thread_not_found")}, {err: used}}, way: cancellation.ByDirect, ts: "direct"},
		{name: "refused with an unknown code", answers: []reply{{err: postError(t, "posting_to_channel_denied")}}, way: cancellation.ByResponse},
		{name: "a scope is missing", answers: []reply{{err: postError(t, "missing_scope")}}, way: cancellation.ByResponse},
		{name: "the token is revoked", answers: []reply{{err: postError(t, "token_revoked")}}, way: cancellation.ByResponse},
		{name: "the token is revoked, url used up", answers: []reply{{err: postError(t, "token_revoked")}, {err: used}, {err: postError(t, "token_revoked")}}, fails: true},
		{name: "the blocks are refused", answers: []reply{{err: postError(t, "invalid_blocks")}}, runs: 3, fails: true},
		{name: "no answer", answers: []reply{{err: bot.ErrUnavailable}}, runs: 1, fails: true},
		{name: "no answer for a while", answers: []reply{{err: bot.ErrUnavailable}}, runs: 2, way: cancellation.ByResponse},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				b.slack.answer = row.answers
				r := b.request(cancellation.Asked)
				r.Response = cancellation.ResponseURL{URL: "https://hooks.example.com/1", At: time.Now()}
				got, err := b.Post(t.Context(), r, row.runs)
				if (err != nil) != row.fails {
					t.Fatalf("Post() = %+v, %v", got, err)
				}
				if err == nil && (got.Way != row.way || got.TS != row.ts) {
					t.Errorf("Post() = %+v, want way %s and ts %q", got, row.way, row.ts)
				}
			})
		})
	}
}

// TestFind: Find doesn't look without the scopes or in a first run, and looks twice for a
// message that doesn't show yet. It looks for messages to a person in their channel with the bot.
func TestFind(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		scopes bool
		since  time.Duration // ago; negative: never
		place  bot.ChannelID
		posted bot.ChannelID
		looks  int
	}{
		{"a first run", true, -1, "C0", "C0", 0},
		{"without the scopes", false, time.Minute, "C0", "C0", 0},
		{"posted", true, time.Minute, "C0", "C0", 1},
		{"not posted", true, time.Minute, "C0", "", 2},
		{"posted to a person", true, time.Minute, "U0", "DU0", 1},
		{"not posted to a person", true, time.Minute, "U0", "", 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				b.slack.search = row.scopes
				if row.posted != "" {
					b.slack.posted = bot.MessageRef{Channel: row.posted, TS: "there"}
				}
				since := time.Time{}
				if row.since >= 0 {
					since = time.Now().Add(-row.since)
				}
				ref, found, err := b.Find(t.Context(), bot.MessageRef{Channel: row.place}, "r1", cancellation.CardEffect, since)
				if err != nil || found != (row.posted != "" && row.looks > 0) || found && ref.TS != "there" || b.slack.calls != row.looks {
					t.Errorf("Find() = %v, %t, %v after %d looks; want %d", ref, found, err, b.slack.calls, row.looks)
				}
			})
		})
	}
	inRoom(t, func(t *testing.T, b *room) {
		b.slack.search, b.slack.scopes = true, bot.ErrUnavailable
		if _, _, err := b.Find(t.Context(), bot.MessageRef{Channel: "C0"}, "r1", cancellation.CardEffect, time.Now()); err == nil {
			t.Error("Find() = nil, though it couldn't tell whether it may look: the message would be posted twice")
		}
		synctest.Wait()
	})
}

// TestFindLeavesTimeToPost: a search that would use up its run waiting for Slack's limits isn't
// begun. If it were, every run would spend the limit on looking, and none would post.
func TestFindLeavesTimeToPost(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		wait  time.Duration
		looks bool
	}{{3 * time.Second, true}, {9 * time.Second, false}} {
		inRoom(t, func(t *testing.T, b *room) {
			b.slack.search, b.slack.answer = true, []reply{{takes: row.wait}}
			run, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			_, _, err := b.Find(run, bot.MessageRef{Channel: "C0"}, "r1", cancellation.CardEffect, time.Now())
			deadline, _ := run.Deadline()
			if left := time.Until(deadline); (err == nil) != row.looks || left < 3*time.Second {
				t.Errorf("a wait of %v: Find() = %v, with %v left to post", row.wait, err, left)
			}
		})
	}
}

// TestLateDraw: a process that froze before or during a draw redraws a final state that it may
// have covered. It leaves a card in progress alone.
func TestLateDraw(t *testing.T) {
	t.Parallel()
	down := errors.New("the database is down")
	for _, row := range []struct {
		name   string
		stored cancellation.State
		waited time.Duration // from the commit to the draw
		froze  time.Duration
		reads  []error
		slack  []reply // to the redraws
		want   string
	}{
		{name: "final", stored: cancellation.Done, froze: 20 * time.Second, want: "done"},
		{name: "final before the draw began", stored: cancellation.Done, waited: 20 * time.Second, want: "done"},
		{name: "in progress", stored: cancellation.Calling, froze: 20 * time.Second, want: "calling"},
		{name: "the card is another request's", stored: cancellation.Superseded, froze: 20 * time.Second, want: "calling"},
		{name: "only a little late", stored: cancellation.Done, froze: time.Second, want: "calling"},
		{name: "the database is down", stored: cancellation.Done, froze: 20 * time.Second, reads: []error{down, down, down}, want: "done"},
		{name: "Slack is down", stored: cancellation.Done, froze: 20 * time.Second, slack: []reply{{err: bot.ErrUnavailable}, {err: bot.ErrThrottled}}, want: "done"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				b.stored, b.reads = b.request(row.stored), row.reads
				b.slack.answer = append([]reply{{froze: row.froze}}, row.slack...)
				r := b.request(cancellation.Calling)
				time.Sleep(row.waited)
				b.Show(r)
				time.Sleep(time.Minute)
				synctest.Wait()
				if got := b.slack.text("card"); got != row.want {
					t.Errorf("the card says %q, want %q", got, row.want)
				}
			})
		})
	}
}

// TestLateReport: a step's own draw is checked too, unless other processes wait for it: if the
// step froze during its draw, that may cover a state settled since.
func TestLateReport(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		by     string // who announced the draw; empty: this process
		waited time.Duration
		stored cancellation.State
		want   string
		reads  int
	}{
		{name: "covered", waited: 20 * time.Second, stored: cancellation.Done, want: "done", reads: 2},
		{name: "announced by another", by: "another", stored: cancellation.Done, want: "done", reads: 1},
		{name: "nothing new", waited: 20 * time.Second, stored: cancellation.Asked, want: "asked", reads: 1},
		{name: "in time", stored: cancellation.Asked, want: "asked"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				b.stored = b.request(row.stored)
				r := b.request(cancellation.Asked)
				if row.by != "" {
					r.Drawing.By = row.by
				}
				time.Sleep(row.waited)
				if _, err := b.Draw(t.Context(), r); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if got := b.slack.text("card"); got != row.want || b.read != row.reads {
					t.Errorf("the card says %q after %d readings, want %q after %d", got, b.read, row.want, row.reads)
				}
			})
		})
	}
}

// TestMemory: draws that can't matter any more are dropped, and permalinks are fetched
// once.
func TestMemory(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, b *room) {
		for i := range 2 * maxCards {
			r := b.request(cancellation.Done)
			r.ID = cancellation.ID(rune('a' + i))
			if _, err := b.Draw(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if n := len(b.draws); n > maxCards {
			t.Errorf("the draws of %d cards are remembered, want at most %d", n, maxCards)
		}
		if got := b.Permalink(t.Context(), bot.MessageRef{}); got != "" {
			t.Errorf("Permalink() of nothing = %q", got)
		}
		if got := b.Permalink(t.Context(), bot.MessageRef{Channel: "C0", TS: "1"}); got != "https://example.com/1" {
			t.Errorf("Permalink() = %q", got)
		}
	})
}
