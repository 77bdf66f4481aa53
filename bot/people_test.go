package bot_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

func TestConcurrentLookUpsShareOneCall(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("users.info", func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(20 * time.Millisecond) //nolint:forbidigo // so that the callers overlap
		fake.Reply(`{"ok":true,"user":{"id":"U1","locale":"es-ES"}}`)(w, r)
	})
	b := bot.NewClient(f.config())
	if _, ok := b.CachedPerson("U1"); ok {
		t.Error("CachedPerson() before any look-up = true, want false")
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if p, err := b.Person(t.Context(), "U1"); err != nil || p.Locale != "es-ES" {
				t.Errorf("Person() = %+v, %v, want locale es-ES", p, err)
			}
		})
	}
	wg.Wait()
	if n := len(f.Made("users.info")); n != 1 {
		t.Errorf("users.info calls = %d, want 1", n)
	}
	if p, ok := b.CachedPerson("U1"); !ok || p.Locale != "es-ES" {
		t.Errorf("CachedPerson() = %+v, %t, want the same", p, ok)
	}
}

func TestPersonCacheExpires(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	user := fake.Reply(`{"ok":true,"user":{"id":"U1"}}`)
	f.Answer("users.info", fake.InTurn(fake.Status(500), fake.Reply(`{"ok":false,"error":"user_not_found"}`), fake.Reply(`{"ok":true}`), user))
	synctest.Test(t, func(t *testing.T) {
		cfg := f.config()
		cfg.HTTP = &http.Client{Transport: direct{f.Mux}}
		b := bot.NewClient(cfg)
		for i, want := range []error{bot.ErrUnavailable, bot.ErrNoSuchPerson, bot.ErrUnavailable, nil} {
			if _, err := b.Person(t.Context(), "U1"); !errors.Is(err, want) {
				t.Errorf("Person() no. %d = %v, want %v", i, err, want)
			}
		}
		time.Sleep(time.Minute - 1) //nolint:forbidigo // in the bubble
		if _, known := b.CachedPerson("U1"); !known {
			t.Error("CachedPerson() expired within a minute")
		}
		time.Sleep(time.Nanosecond) //nolint:forbidigo // in the bubble
		if _, known := b.CachedPerson("U1"); known {
			t.Error("CachedPerson() did not expire after a minute")
		}
		if _, err := b.Person(t.Context(), "U1"); err != nil {
			t.Errorf("Person() = %v", err)
		}
		if n := len(f.Made("users.info")); n != 5 {
			t.Errorf("users.info calls = %d, want 5", n)
		}
	})
}

// direct calls a handler without a network, which would block a synctest bubble.
type direct struct{ http.Handler }

func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

func TestPersonByEmail(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("users.lookupByEmail", func(w http.ResponseWriter, r *http.Request) {
		calls := f.Made("users.lookupByEmail")
		if calls[len(calls)-1].Form.Get("email") == "bob@acme.example" {
			fake.Reply(`{"ok":true,"user":{"id":"U2","profile":{"email":"bob@acme.example"}}}`)(w, r)
			return
		}
		fake.Reply(`{"ok":false,"error":"users_not_found"}`)(w, r)
	})
	b := bot.NewClient(f.config())
	for range 2 {
		p, err := b.PersonByEmail(t.Context(), "bob@acme.example")
		if err != nil || p.ID != "U2" {
			t.Errorf("PersonByEmail(bob) = %+v, %v, want U2", p, err)
		}
		if _, err := b.PersonByEmail(t.Context(), "eve@acme.example"); !errors.Is(err, bot.ErrNoSuchPerson) {
			t.Errorf("PersonByEmail(eve) = %v, want ErrNoSuchPerson", err)
		}
	}
	if _, err := b.PersonByEmail(t.Context(), "BOB@acme.example"); err != nil {
		t.Errorf("PersonByEmail(BOB) = %v, want bob from the cache", err)
	}
	if n := len(f.Made("users.lookupByEmail")); n != 2 {
		t.Errorf("users.lookupByEmail calls = %d, want 2: both outcomes are cached", n)
	}
	if p, ok := b.CachedPerson("U2"); ok {
		t.Errorf("CachedPerson(U2) = %+v, want none: Slack left out the locale", p)
	}
}

func TestLookupWithLocaleIsCached(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("users.lookupByEmail", fake.Reply(`{"ok":true,"user":{"id":"U2","locale":"en-GB"}}`))
	b := bot.NewClient(f.config())
	_, err := b.PersonByEmail(t.Context(), "bob@acme.example")
	if p, ok := b.CachedPerson("U2"); err != nil || !ok || p.Locale != "en-GB" {
		t.Errorf("CachedPerson() = %+v, %t (%v), want bob", p, ok, err)
	}
}

// TestSlowLookupIsNotFresh: what a slow look-up by address says of a person is older than what they have been asked for since.
func TestSlowLookupIsNotFresh(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	asked, answer := make(chan struct{}), make(chan struct{})
	f.Answer("users.lookupByEmail", func(w http.ResponseWriter, r *http.Request) {
		close(asked)
		<-answer
		fake.Reply(`{"ok":true,"user":{"id":"U2","locale":"en-GB"}}`)(w, r)
	})
	f.Answer("users.info", fake.Reply(`{"ok":true,"user":{"id":"U2","locale":"en-GB","deleted":true}}`))
	b := bot.NewClient(f.config())
	var slow sync.WaitGroup
	slow.Go(func() { _, _ = b.PersonByEmail(t.Context(), "bob@acme.example") })
	<-asked
	ctx := bot.FreshSince(t.Context(), time.Now()) // Bob has been deactivated by now
	close(answer)
	slow.Wait()
	if p, err := b.Person(ctx, "U2"); err != nil || !p.Deleted {
		t.Errorf("Person() = %+v, %v, want Bob deactivated", p, err)
	}
}

func TestLookupKeepsCachedLocale(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("users.info", fake.Reply(`{"ok":true,"user":{"id":"U2","locale":"zh-CN"}}`))
	f.Answer("users.lookupByEmail", fake.Reply(`{"ok":true,"user":{"id":"U2"}}`))
	b := bot.NewClient(f.config())
	_, err1 := b.Person(t.Context(), "U2")
	_, err2 := b.PersonByEmail(t.Context(), "bob@acme.example")
	p, _ := b.CachedPerson("U2")
	if err1 != nil || err2 != nil || p.Locale != "zh-CN" {
		t.Errorf("CachedPerson() = %+v (%v, %v), want the locale kept", p, err1, err2)
	}
}

func TestGroupMembersAreCached(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("usergroups.users.list", fake.InTurn(fake.Reply(`{"ok":false,"error":"no_such_subteam"}`), fake.Reply(`{"ok":true,"users":["U1"]}`)))
	b := bot.NewClient(f.config())
	if _, err := b.GroupMembers(t.Context(), "S1"); !errors.Is(err, bot.ErrRefused) || !bot.NeedsOperator(err) {
		t.Errorf("GroupMembers() = %v, want ErrRefused", err)
	}
	for range 3 {
		members, err := b.GroupMembers(t.Context(), "S1")
		if err != nil || len(members) != 1 || members[0] != "U1" {
			t.Errorf("GroupMembers() = %v, %v, want U1", members, err)
		}
		members[0] = "Umine" // the caller's copy
	}
	if n := len(f.Made("usergroups.users.list")); n != 2 {
		t.Errorf("usergroups.users.list calls = %d, want 2", n)
	}
}

func TestFindPosted(t *testing.T) {
	t.Parallel()
	record := func(ts, user, bot, kind, key, value string) string {
		return fmt.Sprintf(`{"type":"message","ts":%q,"user":%q,"bot_id":%q,"text":"x","blocks":[{"type":"never_heard_of","elements":5}],`+
			`"metadata":{"event_type":%q,"event_payload":{%q:%q,"n":1}}}`, ts, user, bot, kind, key, value)
	}
	page1 := `{"ok":true,"has_more":true,"messages":[` +
		record("9.9", "UEVIL", "BEVIL", "card", "request", "r1") + "," + // another app's, with our metadata
		record("9.8", "UBOT", "B1", "other", "request", "r1") + "," +
		record("9.7", "UBOT", "B1", "card", "request", "r2") + `,{"ts":"9.6","text":"no metadata"}],"response_metadata":{"next_cursor":"more"}}`
	page2 := `{"ok":true,"messages":[` + record("8.1", "UBOT", "B1", "card", "request", "r1") + `],"response_metadata":{"next_cursor":""}}`
	since := time.Unix(1700000000, 5000)
	mark := bot.Metadata{Type: "card", Payload: map[string]string{"request": "r1"}}

	t.Run("Channel", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		f.Answer("conversations.history", fake.InTurn(fake.Reply(page1), fake.Reply(page2)))
		b := bot.NewClient(f.config())
		got, ok, err := b.FindPosted(t.Context(), bot.MessageRef{Channel: "C1"}, mark, since)
		if diff := cmp.Diff(bot.MessageRef{Channel: "C1", TS: "8.1"}, got); diff != "" || !ok || err != nil {
			t.Errorf("FindPosted() = %+v, %t, %v, want 8.1", got, ok, err)
		}
		calls := f.Made("conversations.history")
		first := "channel=C1&include_all_metadata=1&inclusive=1&limit=200&oldest=1700000000.000005"
		if calls[0].Body != first || calls[1].Form.Get("cursor") != "more" {
			t.Errorf("requests:\n%s\n%s\nwant\n%s\nand one with cursor=more", calls[0].Body, calls[1].Body, first)
		}
	})
	t.Run("ThreadWithout", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		f.Answer("conversations.replies", fake.Reply(page2))
		b := bot.NewClient(f.config())
		_, ok, err := b.FindPosted(t.Context(), bot.MessageRef{Channel: "C1", TS: "1.1"}, bot.Metadata{Type: "reply", Payload: mark.Payload}, since)
		if ok || err != nil {
			t.Errorf("FindPosted() = %t, %v, want nothing found", ok, err)
		}
		want := "channel=C1&include_all_metadata=1&inclusive=1&limit=200&oldest=1700000000.000005&ts=1.1"
		if got := f.Made("conversations.replies")[0].Body; got != want {
			t.Errorf("request:\n%s\nwant\n%s", got, want)
		}
	})
	t.Run("NotAllowed", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		f.Answer("conversations.history", fake.Reply(`{"ok":false,"error":"missing_scope","needed":"channels:history","provided":"chat:write"}`))
		b := bot.NewClient(f.config())
		if _, _, err := b.FindPosted(t.Context(), bot.MessageRef{Channel: "C1"}, mark, since); !errors.Is(err, bot.ErrMissingScope) {
			t.Errorf("FindPosted() = %v, want ErrMissingScope", err)
		}
		if b.CanSearch() {
			t.Error("CanSearch() = true without any history scope")
		}
	})
	t.Run("CanSearch", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		f.Answer("auth.test", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("X-OAuth-Scopes", "chat:write,im:history")
			fake.Reply(`{"ok":true,"team_id":"T1","user_id":"UBOT","bot_id":"B1"}`)(w, r)
		})
		b := bot.NewClient(f.config())
		if b.CanSearch() {
			t.Error("CanSearch() before Identify = true, want false")
		}
		if _, err := b.Identify(t.Context()); err != nil || !b.CanSearch() {
			t.Errorf("CanSearch() = %t (%v), want true", b.CanSearch(), err)
		}
	})
}
