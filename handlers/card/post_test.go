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

// refusal is the error of a chat.update that Slack answers with a code.
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

// asked is the error of a post that Slack answers with so many seconds to wait.
func asked(t *testing.T, seconds int) error {
	t.Helper()
	return answered(t, func(w http.ResponseWriter) {
		w.Header().Set("Retry-After", strconv.Itoa(seconds))
		w.WriteHeader(http.StatusTooManyRequests)
	}, func(ctx context.Context, c *bot.Client) error {
		_, err := c.Post(ctx, bot.MessageRef{Channel: "C0"}, bot.Message{Text: "x"})
		return err
	})
}

// answered is the error of a call that Slack answers in some way.
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

// says is the error of a post that Slack answers with a code.
func says(t *testing.T, code string) error {
	t.Helper()
	return failure(t, code, func(ctx context.Context, c *bot.Client) error {
		_, err := c.Post(ctx, bot.MessageRef{Channel: "C0"}, bot.Message{Text: "x"})
		return err
	})
}

// TestPost: a message where it was typed, else the asker's response_url, else a
// direct message to them.
func TestPost(t *testing.T) {
	t.Parallel()
	closed := says(t, "not_in_channel")
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
		{name: "no member", answers: []reply{{err: closed}}, way: cancellation.ByResponse},
		{name: "no member, url used up", answers: []reply{{err: closed}, {err: used}}, way: cancellation.ByDirect, ts: "direct"},
		{name: "no member, url in trouble", answers: []reply{{err: closed}, {err: bot.ErrUnavailable}}, fails: true},
		{name: "no member, url in trouble for long", answers: []reply{{err: closed}}, runs: URLRuns, way: cancellation.ByDirect, ts: "direct"},
		{name: "Slack is busy", answers: []reply{{err: bot.ErrThrottled}}, fails: true},
		{name: "Slack asks to wait for ten seconds", answers: []reply{{err: asked(t, 10)}}, fails: true},
		{name: "Slack asks to wait for longer", answers: []reply{{err: asked(t, 11)}}, way: cancellation.ByResponse},
		{name: "Slack asks to wait for longer, url used up", answers: []reply{{err: asked(t, 900)}, {err: used}}, way: cancellation.ByDirect, ts: "direct"},
		{name: "Slack asks to wait for longer, url in trouble", answers: []reply{{err: asked(t, 900)}, {err: bot.ErrUnavailable}}, fails: true},
		{name: "refused for a reason that nobody knows", answers: []reply{{err: says(t, "posting_to_channel_denied")}}, way: cancellation.ByResponse},
		{name: "a scope is missing", answers: []reply{{err: says(t, "missing_scope")}}, way: cancellation.ByResponse},
		{name: "the token is revoked", answers: []reply{{err: says(t, "token_revoked")}}, way: cancellation.ByResponse},
		{name: "the token is revoked, url used up", answers: []reply{{err: says(t, "token_revoked")}, {err: used}, {err: says(t, "token_revoked")}}, fails: true},
		{name: "the blocks are refused", answers: []reply{{err: says(t, "invalid_blocks")}}, runs: 3, fails: true},
		{name: "no answer", answers: []reply{{err: bot.ErrUnavailable}}, runs: 1, fails: true},
		{name: "no answer for a while", answers: []reply{{err: bot.ErrUnavailable}}, runs: 2, way: cancellation.ByResponse},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				b.slack.answer = row.answers
				r := b.request(cancellation.Asked)
				r.Response = cancellation.Response{URL: "https://hooks.example.com/1", At: time.Now()}
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

// TestFind: nobody looks without the scopes, or in a first run; what does not show
// yet is looked for once more.
func TestFind(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		scopes bool
		since  time.Duration // ago; negative: never
		posted bool
		looks  int
	}{
		{"a first run", true, -1, true, 0},
		{"without the scopes", false, time.Minute, true, 0},
		{"posted", true, time.Minute, true, 1},
		{"not posted", true, time.Minute, false, 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			inRoom(t, func(t *testing.T, b *room) {
				b.slack.search = row.scopes
				if row.posted {
					b.slack.posted = bot.MessageRef{Channel: "C0", TS: "there"}
				}
				since := time.Time{}
				if row.since >= 0 {
					since = time.Now().Add(-row.since)
				}
				ref, found, err := b.Find(t.Context(), bot.MessageRef{Channel: "C0"}, "r1", cancellation.CardEffect, since)
				if err != nil || found != (row.posted && row.looks > 0) || found && ref.TS != "there" || b.slack.calls != row.looks {
					t.Errorf("Find() = %v, %t, %v after %d looks; want %d", ref, found, err, b.slack.calls, row.looks)
				}
			})
		})
	}
	inRoom(t, func(t *testing.T, b *room) {
		b.slack.search, b.slack.scopes = true, bot.ErrUnavailable
		if _, _, err := b.Find(t.Context(), bot.MessageRef{Channel: "C0"}, "r1", cancellation.CardEffect, time.Now()); err == nil {
			t.Error("Find() = nil, though nobody could say whether it may look: it would be posted twice")
		}
		synctest.Wait()
	})
}

// TestLateDraw: a process that was frozen in the middle of a draw, or before it, draws over
// what it may have covered; an open question it leaves alone.
func TestLateDraw(t *testing.T) {
	t.Parallel()
	away := errors.New("the database is away")
	for _, row := range []struct {
		name   string
		stored cancellation.State
		waited time.Duration // from the commit to the draw
		froze  time.Duration
		reads  []error
		slack  []reply // to drawing over
		want   string
	}{
		{name: "over", stored: cancellation.Done, froze: 20 * time.Second, want: "done"},
		{name: "over before the draw began", stored: cancellation.Done, waited: 20 * time.Second, want: "done"},
		{name: "under way", stored: cancellation.Calling, froze: 20 * time.Second, want: "calling"},
		{name: "the card is another request's", stored: cancellation.Superseded, froze: 20 * time.Second, want: "calling"},
		{name: "not that late", stored: cancellation.Done, froze: time.Second, want: "calling"},
		{name: "the database is away", stored: cancellation.Done, froze: 20 * time.Second, reads: []error{away, away, away}, want: "done"},
		{name: "Slack is away", stored: cancellation.Done, froze: 20 * time.Second, slack: []reply{{err: bot.ErrUnavailable}, {err: bot.ErrThrottled}}, want: "done"},
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

// TestLateReport: what a step draws is looked at, too, unless other processes wait for it: a
// report that was frozen with its draw under way may cover what has been settled meanwhile.
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

// TestMemory: what nothing can come from any more is forgotten, and permalinks are
// asked for once.
func TestMemory(t *testing.T) {
	t.Parallel()
	inRoom(t, func(t *testing.T, b *room) {
		for i := range 2 * maxDrawings {
			r := b.request(cancellation.Done)
			r.ID = cancellation.ID(rune('a' + i))
			if _, err := b.Draw(t.Context(), r); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Second)
		}
		if n := len(b.drawings); n > maxDrawings {
			t.Errorf("%d drawings are remembered, want at most %d", n, maxDrawings)
		}
		if got := b.Permalink(t.Context(), bot.MessageRef{}); got != "" {
			t.Errorf("Permalink() of nothing = %q", got)
		}
		if got := b.Permalink(t.Context(), bot.MessageRef{Channel: "C0", TS: "1"}); got != "https://example.com/1" {
			t.Errorf("Permalink() = %q", got)
		}
	})
}
