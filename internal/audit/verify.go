package audit

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/store"
)

const verifyUsage = `Checks that nobody changed the audit trail, as far as that can be proved.

  meetingbot audit verify [--from SEQ] [--to SEQ] [--head SEQ:HASH]

  --from  the first row to check; default: the first in the trail
  --to    the last row to check; default: the last in the trail
  --head  a head you kept elsewhere, from the metrics, the log or an earlier run.
          Without one, verify can't tell whether the newest rows were cut off.

Exit codes: 0 the rows are intact, 1 they aren't or can't be read. It needs only
DATABASE_URL and works while the bot runs. docs/audit.md says what is hashed, and
how to check it without this program.
`

// verify is `meetingbot audit verify`.
func verify(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	v, err := parseVerify(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, verifyUsage)
		return exitClean
	}
	if err != nil {
		fmt.Fprintf(stderr, "meetingbot audit verify: %v; try meetingbot audit verify --help\n", err)
		return exitConfig
	}
	url, err := config.Database(environ)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitConfig
	}
	db, err := store.OpenReadOnly(ctx, url.Reveal())
	if err == nil {
		err = errors.Join(v.run(ctx, db), db.Close())
	}
	fmt.Fprint(stdout, v.says.String())
	if err != nil {
		fmt.Fprintln(stderr, "meetingbot audit verify:", err)
		return exitFault
	}
	return exitClean
}

// parseVerify reads the command line.
func parseVerify(args []string) (*verification, error) {
	v := &verification{}
	var head string
	f := flag.NewFlagSet("audit verify", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.Int64Var(&v.from, "from", 0, "")
	f.Int64Var(&v.to, "to", 0, "")
	f.StringVar(&head, "head", "", "")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	switch {
	case f.NArg() > 0:
		return nil, fmt.Errorf("%q is not an option", f.Arg(0))
	case v.from < 0 || v.to < 0 || v.to > 0 && v.to < v.from:
		return nil, errors.New("--from and --to are row numbers, and --to can't be less than --from")
	case head == "":
		return v, nil
	}
	seq, hash, ok := strings.Cut(strings.ToLower(strings.TrimSpace(head)), ":")
	n, err := strconv.ParseInt(seq, 10, 64)
	if !ok || err != nil || n < 1 || len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return nil, fmt.Errorf("--head %q is not a head: a row number, a colon and 64 hexadecimal digits", head)
	}
	v.head = &mark{seq: n, hash: hash}
	return v, nil
}

// A mark is a row that is known from elsewhere.
type mark struct {
	seq  int64
	hash string
}

// A verification is one pass along the chain.
type verification struct {
	from, to int64
	head     *mark
	says     strings.Builder

	first, last *store.AuditRow // found intact
	latest      time.Time
	setBack     []string // where the clock jumped back
	headSeen    bool
	blanked     int
	toldBlanked int
}

// run checks the rows, and says what that proves. Its error is the first fault.
func (v *verification) run(ctx context.Context, db *store.Store) error {
	// Ask first: the bot may write more rows while we read.
	stored, err := db.Trail.Last(ctx)
	if err != nil {
		return err
	}
	err = db.Trail.Chain(ctx, max(v.from, 1), v.to, func(r store.AuditRow) error { return v.row(ctx, db, r) })
	v.proven(err)
	if err == nil {
		err = v.end(stored)
	}
	return err
}

// row checks the next row.
func (v *verification) row(ctx context.Context, db *store.Store, r store.AuditRow) error {
	if err := r.Check(); err != nil {
		return v.explain(ctx, db, r, err)
	}
	if v.last == nil && v.from <= 1 && r.Prev != "" {
		return fmt.Errorf("row %d is the first, but its hash names one before it: the beginning was removed", r.Seq)
	}
	if v.last != nil && r.Prev != v.last.Hash {
		return v.torn(r)
	}
	if v.head != nil && v.head.seq == r.Seq {
		if v.headSeen = v.head.hash == r.Hash; !v.headSeen {
			return fmt.Errorf("row %d is not the one given as the head: the trail was rewritten", r.Seq)
		}
	}
	v.take(r)
	return nil
}

// take counts a row that is intact.
func (v *verification) take(r store.AuditRow) {
	if v.first == nil {
		v.first = &r
	}
	v.last = &r
	if r.Blanked() {
		v.blanked++
	}
	switch r.Event { //nolint:exhaustive // the rows about the trail itself
	case store.EventChained:
		fmt.Fprintf(&v.says, "The trail had %s rows when the chain began, at %s: the chain proves nothing about what happened to them before.\n",
			r.Detail["rows"], r.At.Format(time.RFC3339))
	case store.EventBlanked:
		n, err := strconv.Atoi(r.Detail["rows"])
		if err == nil {
			v.toldBlanked += n
		}
	}
	// Concurrent transactions may commit in a different order than they began.
	const together = time.Minute
	if back := v.latest.Sub(r.At); back > together {
		v.setBack = append(v.setBack, fmt.Sprintf("by %s at row %d", back.Round(time.Second), r.Seq))
		v.latest = r.At
	}
	if r.At.After(v.latest) {
		v.latest = r.At
	}
}

// torn says what is wrong with an intact row that doesn't follow from the one before.
func (v *verification) torn(r store.AuditRow) error {
	switch missing := r.Seq - v.last.Seq - 1; {
	case missing == 1:
		return fmt.Errorf("row %d is missing: it was removed", r.Seq-1)
	case missing > 1:
		return fmt.Errorf("rows %d to %d are missing: they were removed", v.last.Seq+1, r.Seq-1)
	}
	return fmt.Errorf("row %d does not follow from row %d: one of them was changed, and its hash recomputed", r.Seq, v.last.Seq)
}

// explain says what is wrong with a row that doesn't match its hash: if the hash was
// made for another position, the row was moved.
func (v *verification) explain(ctx context.Context, db *store.Store, r store.AuditRow, fault error) error {
	if errors.Is(fault, store.ErrPrivateChanged) {
		return fmt.Errorf("row %d (%s): what it says about people was changed", r.Seq, place(r))
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
		return fmt.Errorf("row %d (%s) was inserted, and those after it moved down", r.Seq, place(r))
	}
	return fmt.Errorf("row %d (%s) was changed", r.Seq, place(r))
}

// place names the row in words that a person can look up.
func place(r store.AuditRow) string {
	return oneLine(fmt.Sprintf("%s %s of %s", r.At.Format(time.RFC3339), r.Event, r.Request))
}

// proven says which rows are intact, up to the first fault.
func (v *verification) proven(fault error) {
	switch {
	case v.last == nil && fault != nil:
		fmt.Fprintln(&v.says, "No row could be verified.")
		return
	case v.last == nil && v.from > 1:
		fmt.Fprintln(&v.says, "There are no such rows, so nothing was verified.")
		return
	case v.last == nil:
		fmt.Fprintln(&v.says, "The trail is empty: there is nothing to verify.")
		return
	}
	fmt.Fprintf(&v.says, "Rows %d to %d are intact (%s to %s): none was changed, removed, inserted or swapped.\n",
		v.first.Seq, v.last.Seq, v.first.At.Format(time.RFC3339), v.last.At.Format(time.RFC3339))
	if v.blanked > 0 {
		fmt.Fprintf(&v.says, "%d of them were blanked: they no longer say anything about people.\n", v.blanked)
	}
	if len(v.setBack) > 0 {
		fmt.Fprintf(&v.says, "The clock was set back, %s.\n", strings.Join(v.setBack, ", "))
	}
}

// comparedHead says whether the given head, if there is one, was among the rows.
func (v *verification) comparedHead() {
	switch {
	case v.headSeen:
		fmt.Fprintf(&v.says, "The given head is row %d: nothing up to there was cut off.\n", v.head.seq)
	case v.head != nil:
		fmt.Fprintf(&v.says, "The given head, row %d, was not checked.\n", v.head.seq)
	}
}

// end checks whether the trail was cut off, if that can be told.
func (v *verification) end(stored int64) error {
	if v.from <= 1 && v.to == 0 && v.blanked > v.toldBlanked {
		return fmt.Errorf("blanked rows: %d, but the trail only accounts for %d: somebody blanked rows by hand", v.blanked, v.toldBlanked)
	}
	if v.to > 0 {
		v.comparedHead()
		fmt.Fprintf(&v.says, "Rows after %d were not checked.\n", v.to)
		return nil
	}
	end := max(v.from-1, 0)
	if v.last != nil {
		end = v.last.Seq
	}
	switch {
	case v.head != nil && v.head.seq > end:
		return fmt.Errorf("the trail ends at row %d, but the given head is row %d: it was cut off", end, v.head.seq)
	case stored > end:
		return fmt.Errorf("the trail ends at row %d, but the database stored %d: it was cut off", end, stored)
	case v.head != nil:
		v.comparedHead()
	default:
		fmt.Fprintln(&v.says, "The newest rows could have been cut off: only a head kept elsewhere rules that out (--head).")
	}
	if v.last != nil {
		fmt.Fprintf(&v.says, "The head is %d:%s\n", v.last.Seq, v.last.Hash)
	}
	return nil
}
