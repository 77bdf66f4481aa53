package store_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// chain reads the whole trail and checks that every row is intact and follows from the one
// before.
func chain(t *testing.T, s *store.Store) (all []store.AuditRow) {
	t.Helper()
	prev := ""
	err := s.Trail.Chain(t.Context(), 1, 0, func(r store.AuditRow) error {
		if err := r.Check(); err != nil {
			t.Errorf("row %d: %v", r.Seq, err)
		}
		if r.Prev != prev {
			t.Errorf("row %d does not follow from the one before", r.Seq)
		}
		prev = r.Hash
		all = append(all, r)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	seq, hash, err := s.Trail.Head(t.Context())
	if err != nil || hash != prev || len(all) > 0 && seq != all[len(all)-1].Seq {
		t.Errorf("Trail.Head() = %d, %s, %v, want the last row", seq, hash, err)
	}
	return all
}

// TestChain: rows written concurrently by several replicas form one chain without gaps.
func TestChain(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		stores := []*store.Store{openStore(t, url)}
		if strings.HasPrefix(url, "postgres") { // three replicas
			stores = append(stores, openStore(t, url), openStore(t, url))
		}
		const workers, rounds = 4, 10
		errNo := errors.New("no")
		var committed sync.Map
		var wg sync.WaitGroup
		for i, s := range stores {
			for w := range workers {
				wg.Go(func() {
					for j := range rounds {
						id := cancellation.ID(fmt.Sprint(i, "-", w, "-", j))
						err := s.Do(t.Context(), func(tx *store.Tx) error {
							err := tx.Audit(t.Context(),
								store.AuditRow{Request: id, Event: store.EventRequested, Actor: "U1", Detail: map[string]string{"reason": "a\x00b\xff ü, 3:abc,"}},
								store.AuditRow{Request: id, Event: store.EventAsked, Meeting: "914 \xff", Detail: map[string]string{"channel": "C1", "way": "message"}})
							if j%4 == 0 {
								return errors.Join(err, errNo) // leaves no gap
							}
							return err
						})
						switch {
						case err == nil:
							committed.Store(id, true)
						case errors.Is(err, database.ErrUnsettled), errors.Is(err, context.DeadlineExceeded): // a busy machine
						case !errors.Is(err, errNo):
							t.Error(err)
						}
					}
				})
			}
		}
		wg.Wait()
		all := chain(t, stores[0])
		for i, r := range all {
			if r.Seq != int64(i+1) {
				t.Fatalf("row %d is at position %d: there is a gap", r.Seq, i+1)
			}
			committed.Delete(r.Request)
		}
		committed.Range(func(id, _ any) bool { t.Errorf("the rows of %s are missing", id); return true })
		for i := 0; i < len(all); i += 2 {
			if all[i].Request != all[i+1].Request {
				t.Errorf("rows %d and %d belong to %s and %s, want one transaction's", i, i+1, all[i].Request, all[i+1].Request)
			}
		}
		if last, _, err := stores[0].Trail.Last(t.Context()); err != nil || last != int64(len(all)) {
			t.Errorf("Trail.Last() = %d, %v, want %d", last, err, len(all))
		}
	})
}

// TestCheckFindsEveryChange changes each field of a row.
func TestCheckFindsEveryChange(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := openStore(t, url)
		err := s.Do(t.Context(), func(tx *store.Tx) error {
			return tx.Audit(t.Context(), store.AuditRow{
				Request: "r1", Event: store.EventConfirmed, Actor: "U1", Meeting: "914087436",
				Detail: map[string]string{"reason": "because", "way": "message", "channel": "C1"},
			}, store.AuditRow{Request: "r1", Event: store.EventReported})
		})
		if err != nil {
			t.Fatal(err)
		}
		all := chain(t, s)
		for name, change := range map[string]func(*store.AuditRow){
			"seq":             func(r *store.AuditRow) { r.Seq++ },
			"at":              func(r *store.AuditRow) { r.At = r.At.Add(time.Millisecond) },
			"request":         func(r *store.AuditRow) { r.Request = "r2" },
			"event":           func(r *store.AuditRow) { r.Event = store.EventDeclined },
			"actor":           func(r *store.AuditRow) { r.Actor = "U2" },
			"meeting":         func(r *store.AuditRow) { r.Meeting = "914087437" },
			"public detail":   func(r *store.AuditRow) { r.Detail["way"] = "direct" },
			"private detail":  func(r *store.AuditRow) { r.Detail["reason"] = "for fun" },
			"extra detail":    func(r *store.AuditRow) { r.Detail["end"] = "yes" },
			"private, public": func(r *store.AuditRow) { r.Private = nil },
			"salt":            func(r *store.AuditRow) { r.Salt = "x" },
			"no salt":         func(r *store.AuditRow) { r.Salt = "" },
			"digest":          func(r *store.AuditRow) { r.Digest = "x" },
			"prev":            func(r *store.AuditRow) { r.Prev = "x" },
			"hash":            func(r *store.AuditRow) { r.Hash = "x" },
		} {
			r := all[0]
			r.Detail = maps.Clone(r.Detail)
			change(&r)
			if r.Check() == nil {
				t.Errorf("Check() = nil with a changed %s", name)
			}
		}
		if r := all[1]; r.Digest != "" || r.Blanked() {
			t.Errorf("a row with nothing private has digest %q", r.Digest)
		}
	})
}

// TestChainOfOldRows: old rows keep their positions, and the row after them says how many
// there were.
func TestChainOfOldRows(t *testing.T) {
	t.Parallel()
	eachOldDatabase(t, func(t *testing.T, url string) {
		before := `INSERT INTO audit (seq, at, request, event, actor, meeting, detail) VALUES ($1, $2, 'old', 'requested', 'U1', '1', '{"reason":"why","channel":"C1"}')`
		name, source := "sqlite", strings.TrimPrefix(url, "sqlite:")
		if strings.HasPrefix(url, "postgres") {
			name, source = "pgx", url
			before = strings.Replace(before, "VALUES", "OVERRIDING SYSTEM VALUE VALUES", 1)
		}
		const more = 994 // with the existing six: full batches only
		raw(t, name, source, func(exec func(string, ...any)) {
			for i := range more {
				exec(before, 10+2*i, 1795456800123+i) // with gaps
			}
		})
		for range 2 { // the second start has nothing to do
			s, err := store.Open(t.Context(), url, store.Options{})
			if err != nil {
				t.Fatal(err)
			}
			all := chain(t, s)
			last := all[len(all)-1]
			if len(all) != 6+more+1 || last.Event != store.EventChained || last.Detail["rows"] != strconv.Itoa(6+more) {
				t.Errorf("%d rows, the last %+v, want one extra row with the number of old ones", len(all), last)
			}
			if r := all[6]; r.Seq != 10 || r.Detail["reason"] != "why" || r.Digest == "" {
				t.Errorf("row 10 = %+v, want it unchanged, and its reason private", r)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// TestUnchainedRowsAreRefused: the database refuses rows that are not chained, and updates
// that do more or less than blank a row.
func TestUnchainedRowsAreRefused(t *testing.T) {
	t.Parallel()
	eachDatabase(t, func(t *testing.T, url string) {
		s := running(t, url)
		for _, q := range []string{
			`INSERT INTO audit (seq, at, request, event, actor, meeting, detail) VALUES (2, 0, '', 'x', '', '', '{}')`,
			`UPDATE audit SET actor = '', private = '', salt = '', event = 'declined'`,
			`UPDATE audit SET actor = ''`,
			`UPDATE audit SET actor = '', private = '', salt = '', hash = 'x'`,
		} {
			if _, err := s.DB().ExecContext(t.Context(), q); err == nil {
				t.Errorf("%s = nil, want a refusal", q)
			}
		}
		chain(t, s)
	})
}

// TestSlowTransactionDoesNotLockChain: a replica in the middle of a transaction doesn't keep
// others from writing to the trail.
func TestSlowTransactionDoesNotLockChain(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	slow, other := openStore(t, address), openStore(t, address)
	audit(t, slow, asking("r1", "C1", "1"))
	err := slow.Do(t.Context(), func(tx *store.Tx) error {
		if err := tx.Audit(t.Context(), store.AuditRow{Request: "slow", Event: store.EventAsked}); err != nil {
			return err
		}
		audit(t, other, asking("quick", "C1", "2"))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	all := chain(t, other)
	if len(all) != 3 || all[1].Request != "quick" || all[2].Request != "slow" {
		t.Errorf("trail = %+v, want the order of the commits", all)
	}
}
