package jobs_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/dbfault"
	"meetingbot/internal/jobs"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// eachDatabaseB runs a benchmark on a fresh database of either kind. The figures in
// docs/decisions/0007 come from these:
//
//	go test -run '^$' -bench . -benchtime 2000x ./internal/jobs
func eachDatabaseB(b *testing.B, bench func(b *testing.B, url string)) {
	b.Helper()
	b.Run("SQLite", func(b *testing.B) { bench(b, "sqlite:"+filepath.Join(b.TempDir(), "m.db")) })
	b.Run("PostgreSQL", func(b *testing.B) { bench(b, pgtest.URL(b)) })
}

func openB(b *testing.B, url string, o store.Options) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), url, o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s
}

// BenchmarkEnqueueToStart measures the time from the beginning of the transaction that
// enqueues a job to the beginning of its run.
func BenchmarkEnqueueToStart(b *testing.B) {
	eachDatabaseB(b, func(b *testing.B, url string) {
		s := openB(b, url, store.Options{})
		started := make(chan time.Time)
		q := jobs.New(s, jobs.Options{})
		q.Handle(step, "subject", func(ctx context.Context, r *jobs.Run) error {
			at := time.Now()
			err := r.Done(ctx, nil, nil)
			started <- at
			return err
		})
		if err := q.Start(b.Context()); err != nil {
			b.Fatal(err)
		}
		var took []time.Duration
		for b.Loop() {
			began := time.Now()
			err := s.Do(b.Context(), func(tx *store.Tx) error { return q.Enqueue(b.Context(), tx, jobs.Job{Step: step}) })
			if err != nil {
				b.Fatal(err)
			}
			took = append(took, (<-started).Sub(began))
		}
		report(b, took)
		if err := q.Stop(context.WithoutCancel(b.Context())); err != nil {
			b.Fatal(err)
		}
	})
}

func report(b *testing.B, took []time.Duration) {
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms-p50")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "ms-p99")
}

// BenchmarkLife takes requests through all steps of a cancellation, without Slack and the
// meeting service. It measures what the database and the queue cost, for one request at a
// time and for fifty at once.
func BenchmarkLife(b *testing.B) {
	for _, together := range []int{1, 50} {
		b.Run(fmt.Sprint(together, "-at-once"), func(b *testing.B) {
			eachDatabaseB(b, func(b *testing.B, url string) {
				var db dbfault.Driver
				s := openB(b, url, store.Options{Connect: db.Connect})
				l := newLives(s)
				if err := l.q.Start(b.Context()); err != nil {
					b.Fatal(err)
				}
				if err := s.Warm(b.Context(), func(*store.Tx) error { return nil }); err != nil {
					b.Fatal(err)
				}
				cpu := processorTime()
				statements, commits := db.Counts()
				var next atomic.Int64
				var mu sync.Mutex
				var took []time.Duration
				b.ResetTimer()
				var wg sync.WaitGroup
				for range together {
					wg.Go(func() {
						for i := next.Add(1); i <= int64(b.N); i = next.Add(1) {
							began := time.Now()
							if err := l.live(b.Context(), fmt.Sprint(i)); err != nil {
								b.Error(err)
								return
							}
							mu.Lock()
							took = append(took, time.Since(began))
							mu.Unlock()
						}
					})
				}
				wg.Wait()
				b.StopTimer()
				nowStatements, nowCommits := db.Counts()
				n := float64(b.N)
				b.ReportMetric(float64(nowStatements-statements)/n, "statements/op")
				b.ReportMetric(float64(nowCommits-commits)/n, "commits/op")
				b.ReportMetric((processorTime()-cpu).Seconds()*1000/n, "cpu-ms/op")
				report(b, took)
				if err := l.q.Stop(context.WithoutCancel(b.Context())); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
}

// lives runs requests through the steps of the product.
type lives struct {
	s    *store.Store
	q    *jobs.Queue
	over sync.Map // from a request's id to a channel that is closed at its end
}

func newLives(s *store.Store) *lives {
	l := &lives{s: s, q: jobs.New(s, jobs.Options{Log: slog.New(slog.NewTextHandler(os.Stderr, nil)), Urgent: []jobs.Step{"cancel", "report"}})}
	l.q.Handle("command", "envelope", l.command)
	l.q.Handle("click", "envelope", l.click)
	l.q.Handle("cancel", "request", l.cancel)
	l.q.Handle("report", "request", l.report)
	return l
}

// live sends a command and a click, and waits for everything that follows from each.
func (l *lives) live(ctx context.Context, id string) error {
	now := l.s.Now()
	r := cancellation.Request{
		ID: cancellation.ID(id), State: cancellation.Received, Asker: "U1", Channel: "C1", Number: id,
		Meeting: cancellation.Meeting{ID: id, Subject: "Weekly"}, CreatedAt: now, ExpiresAt: now.Add(time.Hour),
	}
	for _, step := range []jobs.Step{"command", "click"} {
		over := make(chan struct{})
		l.over.Store(id, over)
		err := l.s.Do(ctx, func(tx *store.Tx) error {
			if err := tx.Envelopes.Receive(ctx, store.Envelope{ID: string(step) + id, Kind: string(step), Person: "U1", Body: id}); err != nil {
				return err
			}
			if step == "command" {
				if _, err := tx.Requests.Insert(ctx, r); err != nil {
					return err
				}
				_ = tx.Audit(ctx, store.RequestRow(r, store.EventRequested, "U1", nil))
			}
			return l.q.Enqueue(ctx, tx, jobs.Job{Step: step, Subject: string(step) + id})
		})
		if err != nil {
			return err
		}
		<-over
	}
	return nil
}

// end tells live that the steps are over.
func (l *lives) end(id cancellation.ID) {
	if c, ok := l.over.Load(string(id)); ok {
		close(c.(chan struct{})) //nolint:forcetypeassert // stored by live
	}
}

func (l *lives) command(ctx context.Context, r *jobs.Run) error {
	e, err := l.s.Envelopes.Get(ctx, r.Subject)
	if err != nil {
		return err
	}
	q, err := l.s.Requests.Get(ctx, cancellation.ID(e.Body))
	if err != nil {
		return err
	}
	err = r.Record(ctx, func(tx *store.Tx) error {
		q.State = cancellation.Asked
		q.Begin(cancellation.CardEffect, tx.Now())
		_ = tx.Audit(ctx, store.RequestRow(q.Request, store.EventAsked, "U1", nil))
		return tx.Requests.Save(ctx, &q)
	})
	if err != nil {
		return err
	}
	err = r.Done(ctx, nil, func(tx *store.Tx) error {
		q.EndEffect(cancellation.CardEffect, tx.Now(), "C1/1.1", "message")
		if err := tx.Requests.Save(ctx, &q); err != nil {
			return err
		}
		return tx.Envelopes.Handled(ctx, e.ID)
	})
	l.end(q.ID)
	return err
}

func (l *lives) click(ctx context.Context, r *jobs.Run) error {
	e, err := l.s.Envelopes.Get(ctx, r.Subject)
	if err != nil {
		return err
	}
	q, err := l.s.Requests.Get(ctx, cancellation.ID(e.Body))
	if err != nil {
		return err
	}
	return r.Done(ctx, []jobs.Job{{Step: "cancel", Subject: e.Body}}, func(tx *store.Tx) error {
		q.State = cancellation.Confirmed
		_ = tx.Audit(ctx, store.RequestRow(q.Request, store.EventConfirmed, "U2", nil))
		if err := tx.Requests.Save(ctx, &q); err != nil {
			return err
		}
		return tx.Envelopes.Handled(ctx, e.ID)
	})
}

func (l *lives) cancel(ctx context.Context, r *jobs.Run) error {
	q, err := l.s.Requests.Get(ctx, cancellation.ID(r.Subject))
	if err != nil {
		return err
	}
	err = r.Record(ctx, func(tx *store.Tx) error {
		q.State = cancellation.Calling
		q.Begin(cancellation.CallEffect, tx.Now())
		_ = tx.Audit(ctx, store.RequestRow(q.Request, store.EventCalling, "U2", nil))
		return tx.Requests.Save(ctx, &q)
	})
	if err != nil {
		return err
	}
	return r.Done(ctx, []jobs.Job{{Step: "report", Subject: r.Subject, Carry: &q}}, func(tx *store.Tx) error {
		q.EndEffect(cancellation.CallEffect, tx.Now(), "", "done")
		q.State, q.Outcome, q.ClosedAt = cancellation.Done, cancellation.Cancelled, tx.Now()
		for _, kind := range []cancellation.EffectKind{cancellation.FinalEffect, cancellation.ThreadEffect, cancellation.OwnerEffect} {
			q.Begin(kind, tx.Now())
		}
		_ = tx.Audit(ctx, store.RequestRow(q.Request, store.EventSettled, "U2", nil))
		return tx.Requests.Save(ctx, &q)
	})
}

func (l *lives) report(ctx context.Context, r *jobs.Run) error {
	q, ok := r.Carry.(*store.Request)
	if !ok {
		read, err := l.s.Requests.Get(ctx, cancellation.ID(r.Subject))
		if err != nil {
			return err
		}
		q = &read
	}
	err := r.Done(ctx, nil, func(tx *store.Tx) error {
		for _, kind := range []cancellation.EffectKind{cancellation.FinalEffect, cancellation.ThreadEffect, cancellation.OwnerEffect} {
			q.EndEffect(kind, tx.Now(), "C1/1.2", "sent")
		}
		_ = tx.Audit(ctx, store.RequestRow(q.Request, store.EventReported, "", nil), store.RequestRow(q.Request, store.EventNotified, "", nil))
		return tx.Requests.Save(ctx, q)
	})
	l.end(q.ID)
	return err
}
