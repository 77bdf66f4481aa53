package bot_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

// TestFreshSince: each FreshSince fetches people and groups again, once. The cached answer is used only if Slack doesn't
// answer or rejects the token.
func TestFreshSince(t *testing.T) {
	t.Parallel()
	member := fake.Reply(`{"ok":true,"user":{"id":"U1"}}`)
	for name, tt := range map[string]struct {
		second  http.HandlerFunc
		deleted bool
		err     error
	}{
		"deactivated": {second: fake.Reply(`{"ok":true,"user":{"id":"U1","deleted":true}}`), deleted: true},
		"unknown":     {second: fake.Reply(`{"ok":false,"error":"user_not_found"}`), err: bot.ErrNoSuchPerson},
		"no scope":    {second: fake.Reply(`{"ok":false,"error":"missing_scope"}`), err: bot.ErrMissingScope},
		"throttled": {second: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusTooManyRequests)
		}},
		"revoked": {second: fake.Reply(`{"ok":false,"error":"token_revoked"}`)},
		"down":    {second: fake.Status(http.StatusServiceUnavailable)},
		"silent":  {second: func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.Answer("users.info", fake.InTurn(member, tt.second))
			f.Answer("usergroups.users.list", fake.Reply(`{"ok":true,"users":["U1"]}`))
			b := bot.NewClient(f.config())
			t.Cleanup(b.Close)
			if p, err := b.Person(t.Context(), "U1"); err != nil || p.Deleted {
				t.Fatalf("Person() = %+v, %v", p, err)
			}
			if _, err := b.GroupMembers(t.Context(), "S1"); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			ctx := bot.FreshSince(t.Context(), start)
			p, err := b.Person(ctx, "U1")
			if !errors.Is(err, tt.err) || p.Deleted != tt.deleted {
				t.Errorf("fresh Person() = %+v, %v, want deleted %t, %v", p, err, tt.deleted, tt.err)
			}
			if took := time.Since(start); took > 3*time.Second {
				t.Errorf("fresh Person() took %s, want a second at most", took)
			}
			for range 2 {
				if _, err := b.GroupMembers(ctx, "S1"); err != nil {
					t.Error(err)
				}
				if _, err := b.GroupMembers(bot.AnyAge(ctx), "S1"); err != nil {
					t.Error(err)
				}
			}
			if n := len(f.Made("usergroups.users.list")); n != 2 {
				t.Errorf("usergroups.users.list calls = %d, want 2", n)
			}
		})
	}
}
