package audit

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"meetingbot/internal/store"
)

// A mark identifies a row by its hash, from a copy kept elsewhere.
type mark struct {
	seq  int64
	hash string
}

// A verification is one pass over the chain.
type verification struct {
	from, to int64
	head     *mark
	out      io.Writer

	first, last  *store.AuditRow // found intact
	latest       time.Time
	clockJumps   []string // where the clock jumped back
	headSeen     bool
	blanked      int
	accountedFor int
}

// run checks the rows and reports what that proves. The error is the first fault.
func (v *verification) run(ctx context.Context, db *store.Store, stdout, _ io.Writer) error {
	v.out = stdout
	// Ask now and in this order, because the bot may write more rows while we read.
	written, _, err := db.Trail.Head(ctx)
	if err != nil {
		return err
	}
	stored, hash, err := db.Trail.Last(ctx)
	if err != nil {
		return err
	}
	newest, _, err := db.Trail.Head(ctx)
	if err != nil {
		return err
	}
	err = db.Trail.Chain(ctx, max(v.from, 1), v.to, func(r store.AuditRow) error { return v.row(ctx, db, r) })
	v.reportIntact(err)
	if err == nil {
		err = v.checkReached(ctx, db, newest, stored)
	}
	if err == nil {
		err = checkRecord(ctx, db, written, stored, hash)
	}
	if err == nil {
		err = v.checkEnd(stored)
	}
	return err
}

// checkReached returns an error if rows that were requested by number don't exist.
func (v *verification) checkReached(ctx context.Context, db *store.Store, newest, stored int64) error {
	wanted, checked := max(v.from, v.to), v.checked()
	switch {
	case wanted <= checked:
		return nil
	case wanted <= newest:
		return v.checkGap(ctx, db, checked+1, wanted)
	}
	if err := v.cutOff(newest, stored); err != nil {
		return err
	}
	if newest == 0 {
		return fmt.Errorf("there is no row %d: the trail is empty", wanted)
	}
	return fmt.Errorf("there is no row %d: the last one is row %d", wanted, newest)
}

// checkGap returns an error unless there never were any rows with these numbers and other
// rows were checked. Rows from before the chain kept their numbers, gaps included; across such a
// gap, the next row has the hash of the previous one.
func (v *verification) checkGap(ctx context.Context, db *store.Store, from, to int64) error {
	before, err := db.Trail.HashBefore(ctx, from)
	if err != nil {
		return err
	}
	gap, enough := false, errors.New("only one row is read")
	err = db.Trail.Chain(ctx, to+1, 0, func(r store.AuditRow) error {
		gap = r.Check() == nil && r.Prev == before
		return enough
	})
	switch {
	case err != nil && !errors.Is(err, enough):
		return err
	case !gap:
		return missing(from, to)
	case v.last == nil:
		return fmt.Errorf("there never were any rows %d to %d: the numbers were left out before the chain began", from, to)
	}
	return nil
}

// checked returns the last row that was checked, or the one before the first row asked
// for.
func (v *verification) checked() int64 {
	if v.last == nil {
		return max(v.from, 1) - 1
	}
	return v.last.Seq
}

// cutOff returns an error if the trail must once have had rows after end.
func (v *verification) cutOff(end, stored int64) error {
	switch {
	case v.head != nil && v.head.seq > end:
		return fmt.Errorf("the trail ends at row %d, but the given head is row %d: it was cut off", end, v.head.seq)
	case stored > end:
		return fmt.Errorf("the trail ends at row %d, but the database stored %d: it was cut off", end, stored)
	}
	return nil
}

func (v *verification) row(ctx context.Context, db *store.Store, r store.AuditRow) error {
	if err := r.Check(); err != nil {
		return v.explain(ctx, db, r, err)
	}
	before, err := v.before(ctx, db, r)
	switch {
	case err != nil:
		return err
	case r.Prev == before: // it follows
	case v.last == nil && v.from <= 1:
		return fmt.Errorf("row %d is the first, but its hash names one before it: the beginning was removed", r.Seq)
	case v.last == nil:
		return missing(v.from, r.Seq-1)
	case r.Seq > v.last.Seq+1:
		return missing(v.last.Seq+1, r.Seq-1)
	default:
		return fmt.Errorf("row %d does not follow from row %d: one of them was changed, and its hash recomputed", r.Seq, v.last.Seq)
	}
	if v.head != nil && v.head.seq == r.Seq {
		if v.headSeen = v.head.hash == r.Hash; !v.headSeen {
			return fmt.Errorf("row %d is not the one given as the head: the trail was rewritten", r.Seq)
		}
	}
	v.count(r)
	return nil
}

// before returns the hash of the row that r must follow.
func (v *verification) before(ctx context.Context, db *store.Store, r store.AuditRow) (string, error) {
	switch {
	case v.last != nil:
		return v.last.Hash, nil
	case v.from <= 1:
		return "", nil
	case r.Seq == v.from: // nothing before r was asked for
		return r.Prev, nil
	}
	return db.Trail.HashBefore(ctx, v.from)
}

// count counts an intact row.
func (v *verification) count(r store.AuditRow) {
	if v.first == nil {
		v.first = &r
	}
	v.last = &r
	if r.Blanked() {
		v.blanked++
	}
	switch r.Event { //nolint:exhaustive // the rows about the trail itself
	case store.EventChained:
		fmt.Fprintf(v.out, "The trail had %s rows when the chain began, at %s: the chain proves nothing about what happened to them before.\n",
			r.Detail["rows"], r.At.Format(time.RFC3339))
	case store.EventBlanked:
		n, err := strconv.Atoi(r.Detail["rows"])
		if err == nil {
			v.accountedFor += n
		}
	}
	// Concurrent transactions may commit in a different order than they began.
	const together = time.Minute
	if back := v.latest.Sub(r.At); back > together {
		v.clockJumps = append(v.clockJumps, fmt.Sprintf("by %s at row %d", back.Round(time.Second), r.Seq))
		v.latest = r.At
	}
	if r.At.After(v.latest) {
		v.latest = r.At
	}
}

func missing(from, to int64) error {
	if from == to {
		return fmt.Errorf("row %d is missing: it was removed", from)
	}
	return fmt.Errorf("rows %d to %d are missing: they were removed", from, to)
}

// explain returns an error that says what is wrong with a row that doesn't match its
// hash. If the hash fits the next position, the row was moved.
func (v *verification) explain(ctx context.Context, db *store.Store, r store.AuditRow, fault error) error {
	if errors.Is(fault, store.ErrPrivateChanged) {
		return fmt.Errorf("row %d (%s): %w", r.Seq, describe(r), store.ErrPrivateChanged)
	}
	var next *store.AuditRow
	err := db.Trail.Chain(ctx, r.Seq+1, r.Seq+1, func(n store.AuditRow) error { next = &n; return nil })
	if err != nil {
		return err
	}
	nextBelongsHere := next != nil && next.FitsAt(r.Seq)
	switch belongsNext := r.FitsAt(r.Seq + 1); {
	case belongsNext && nextBelongsHere:
		return fmt.Errorf("rows %d and %d were swapped", r.Seq, r.Seq+1)
	case belongsNext:
		return fmt.Errorf("row %d was removed, and those after it moved up", r.Seq)
	case nextBelongsHere:
		return fmt.Errorf("row %d (%s) was inserted, and those after it moved down", r.Seq, describe(r))
	}
	return fmt.Errorf("row %d (%s) was changed", r.Seq, describe(r))
}

// describe describes a row so that a person can look it up.
func describe(r store.AuditRow) string {
	return oneLine(fmt.Sprintf("%s %s of %s", r.At.Format(time.RFC3339), r.Event, r.Request))
}

// reportIntact reports which rows are intact, up to the first fault.
func (v *verification) reportIntact(fault error) {
	switch {
	case v.last == nil && fault != nil:
		fmt.Fprintln(v.out, "No row could be verified.")
		return
	case v.last == nil && max(v.from, v.to) > 1:
		fmt.Fprintln(v.out, "There are no such rows, so nothing was verified.")
		return
	case v.last == nil:
		fmt.Fprintln(v.out, "The trail is empty, so nothing was verified.")
		return
	}
	fmt.Fprintf(v.out, "Rows %d to %d are intact (%s to %s): none was changed, removed, inserted or swapped.\n",
		v.first.Seq, v.last.Seq, v.first.At.Format(time.RFC3339), v.last.At.Format(time.RFC3339))
	switch {
	case v.blanked == 1:
		fmt.Fprintln(v.out, "1 of them was blanked: it no longer says anything about people.")
	case v.blanked > 1:
		fmt.Fprintf(v.out, "%d of them were blanked: they no longer say anything about people.\n", v.blanked)
	}
	if len(v.clockJumps) > 0 {
		fmt.Fprintf(v.out, "The clock was set back, %s.\n", strings.Join(v.clockJumps, ", "))
	}
}

// checkEnd checks whether the trail was cut off, as far as it can tell.
func (v *verification) checkEnd(stored int64) error {
	if v.to == 0 {
		if err := v.cutOff(v.checked(), stored); err != nil { // before counting what the lost rows account for
			return err
		}
	}
	if v.from <= 1 && v.to == 0 && v.blanked > v.accountedFor {
		return fmt.Errorf("blanked rows: %d, but the trail accounts for only %d: someone blanked rows by hand", v.blanked, v.accountedFor)
	}
	if v.head != nil {
		if !v.headSeen {
			return fmt.Errorf("there is no row %d, which was given as the head", v.head.seq)
		}
		fmt.Fprintf(v.out, "The given head is row %d: nothing up to there was cut off.\n", v.head.seq)
	}
	switch {
	case v.to > 0:
		fmt.Fprintf(v.out, "Rows after %d were not checked.\n", v.to)
		return nil
	case v.last == nil:
		fmt.Fprintln(v.out, "If it ever had rows, only a head kept elsewhere would show it (--head).")
	case v.head == nil:
		fmt.Fprintln(v.out, "The newest rows could have been cut off: only a head kept elsewhere rules that out (--head).")
	}
	if v.last != nil {
		fmt.Fprintf(v.out, "The head is %d:%s\n", v.last.Seq, v.last.Hash)
	}
	return nil
}
