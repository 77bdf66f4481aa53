package audit

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"

	"meetingbot/internal/store"
)

const verifyUsage = `Checks that nobody changed the audit trail, as far as that can be proved.

  meetingbot audit verify [--from SEQ] [--to SEQ] [--head SEQ:HASH]

  --from  the first row to check; default: the first in the trail
  --to    the last row to check; default: the last in the trail
  --head  a head you kept elsewhere, from the metrics, the log or an earlier run.
          Without one, verify can't tell whether the newest rows were cut off.
          With --from set to the row after it, only what came since is checked.

Exit codes: 0 the rows are intact, 1 they aren't, aren't there or can't be read,
2 the command line or DATABASE_URL is wrong. It needs only DATABASE_URL and works
while the bot runs. docs/audit.md says what is hashed, and how to check it without
this program.
`

func parseVerify(args []string) (task, error) {
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
	given := map[string]bool{}
	f.Visit(func(f *flag.Flag) { given[f.Name] = true })
	switch {
	case f.NArg() > 0:
		return nil, fmt.Errorf("%q is not an option", f.Arg(0))
	case given["from"] && v.from < 1 || given["to"] && v.to < 1 || v.to > 0 && v.to < v.from:
		return nil, errors.New("--from and --to are row numbers, starting at 1, and --to can't be less than --from")
	case head == "":
		return v, nil
	}
	seq, hash, ok := strings.Cut(strings.ToLower(strings.TrimSpace(head)), ":")
	n, err := strconv.ParseInt(seq, 10, 64)
	if !ok || err != nil || n < 1 || len(hash) != 64 || strings.Trim(hash, "0123456789abcdef") != "" {
		return nil, fmt.Errorf("--head %q is not a head: a row number, a colon and 64 hexadecimal digits", head)
	}
	switch {
	case n == v.from-1: // check the rows since an earlier run, and that they follow its head
		v.from = n
	case n < v.from:
		return nil, fmt.Errorf("--head is row %d, but --from %d leaves it out", n, v.from)
	case v.to > 0 && n > v.to:
		return nil, fmt.Errorf("--head is row %d, but --to %d leaves it out", n, v.to)
	}
	v.head = &mark{seq: n, hash: hash}
	return v, nil
}

// checkRecord compares the database's own record of the last row, which is as new as row
// written or newer, with the trail.
func checkRecord(ctx context.Context, db *store.Store, written, stored int64, hash string) error {
	if stored < written {
		return fmt.Errorf("the trail ends at row %d, but the database's own record says row %d: that record was changed or deleted", written, stored)
	}
	if hash == "" { // SQLite, or an empty trail
		return nil
	}
	return db.Trail.Chain(ctx, stored, stored, func(r store.AuditRow) error {
		if r.Hash != hash {
			return fmt.Errorf("row %d is not the one that the database recorded as the last: one of the two was changed", r.Seq)
		}
		return nil
	})
}
