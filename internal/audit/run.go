package audit

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
	"time"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/config"
	"meetingbot/internal/database"
	"meetingbot/internal/store"
)

const exitClean, exitFault, exitConfig = 0, 1, 2

const usage = `Shows who asked, who confirmed, what was called, what came back, and who was told when.

  meetingbot audit [--since 30d] [--meeting ID] [--user U] [--request ID] [--format table|json|csv]
  meetingbot audit verify [--from SEQ] [--to SEQ] [--head SEQ:HASH]

  --since    30d, 12h, 2026-11-01 or 2026-11-01T10:00:00Z; dates and times are UTC.
             Default: 30d, or everything with --meeting or --request.
  --meeting  a meeting's id or number, or its invitation
  --user     the Slack id of a person who asked, confirmed, kept a meeting, undid, or delegated
  --request  the id of a request or a delegation, or the reference under an error in Slack
  --format   table: one line per request or delegation. json: one JSON object per row. csv: the rows, for a spreadsheet.

It needs only DATABASE_URL and works while the bot runs. verify checks that nobody
changed the trail: see meetingbot audit verify --help.
`

// Run prints the part of the audit trail that args select, and returns the exit code:
// 0 success (even if nothing was found), 1 the database can't be read or the output
// can't be written, 2 the command line or DATABASE_URL is wrong.
func Run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	name, help, parse := "meetingbot audit", usage, parseQuery
	if len(args) > 0 && args[0] == "verify" {
		name, help, parse, args = "meetingbot audit verify", verifyUsage, parseVerify, args[1:]
	}
	t, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(stdout, help)
		return exitClean
	}
	if err != nil {
		fmt.Fprintf(stderr, "%s: %v; try %s --help\n", name, err, name)
		return exitConfig
	}
	url, err := config.Database(environ)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return exitConfig
	}
	db, err := store.OpenReadOnly(ctx, url.Reveal())
	if err == nil {
		err = errors.Join(t.run(ctx, db, stdout, stderr), db.Close())
	}
	if err == nil {
		return exitClean
	}
	fmt.Fprintf(stderr, "%s: %v\n", name, err)
	if errors.Is(err, database.ErrAddress) {
		return exitConfig
	}
	return exitFault
}

// A task is a parsed command line.
type task interface {
	run(ctx context.Context, db *store.Store, stdout, stderr io.Writer) error
}

// A query prints a part of the trail.
type query struct {
	filter store.AuditFilter
	format string
}

func parseQuery(args []string) (task, error) {
	q := query{format: "table"}
	var since, request string
	f := flag.NewFlagSet("audit", flag.ContinueOnError)
	f.SetOutput(io.Discard)
	f.StringVar(&since, "since", "", "")
	f.StringVar(&q.filter.Meeting, "meeting", "", "")
	f.StringVar(&q.filter.User, "user", "", "")
	f.StringVar(&request, "request", "", "")
	f.StringVar(&q.format, "format", q.format, "")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("%q is not an option", f.Arg(0))
	}
	if _, ok := writers()[q.format]; !ok {
		return nil, fmt.Errorf("--format %q is not one of table, json and csv", q.format)
	}
	q.filter.Meeting = number(q.filter.Meeting)
	q.filter.User = strings.Trim(strings.TrimSpace(q.filter.User), "<@>")
	if q.filter.User != "" && q.filter.User[0] != 'U' && q.filter.User[0] != 'W' { // names are never stored
		return nil, fmt.Errorf("--user %s is not a Slack id; “Copy member ID” is in a profile's menu", q.filter.User)
	}
	q.filter.Request = cancellation.ID(strings.ToLower(strings.TrimSpace(request)))
	var err error
	switch {
	case since != "":
		q.filter.Since, err = parseSince(since, time.Now())
	case q.filter.Meeting == "" && q.filter.Request == "":
		q.filter.Since, err = parseSince("30d", time.Now())
	}
	return q, err
}

// number finds a meeting number in pasted text, as the slash command does. It returns
// any other text unchanged.
func number(typed string) string {
	if n, err := command.FindNumber(typed); err == nil {
		return n
	}
	return strings.TrimSpace(typed)
}

// run streams the rows that match the query, or says that there are none. With --meeting
// or as a table, it reads requests from their first row, which may be older than --since
// and have only the number as typed.
func (q query) run(ctx context.Context, db *store.Store, stdout, stderr io.Writer) error {
	n, out := 0, writers()[q.format](stdout)
	q.filter.Whole = q.filter.Meeting != "" || q.format == "table"
	write := func(r store.AuditRow) error {
		n++
		return out.row(r)
	}
	err := db.Trail.Read(ctx, q.filter, write)
	if err == nil && n == 0 && q.filter.Request != "" {
		if q.filter.Request, err = q.requestOfReference(ctx, db); err == nil && q.filter.Request != "" {
			err = db.Trail.Read(ctx, q.filter, write)
		}
	}
	switch err = errors.Join(err, out.end()); {
	case err != nil, n > 0:
	case q.filter.Since.IsZero():
		fmt.Fprintln(stderr, "nothing found")
	default:
		fmt.Fprintln(stderr, "nothing found since", q.filter.Since.UTC().Format(time.RFC3339))
	}
	return err
}

// requestOfReference finds a request by the meeting service's id of an answer, which
// people see as the reference under an error in Slack.
func (q query) requestOfReference(ctx context.Context, db *store.Store) (id cancellation.ID, err error) {
	wanted := string(q.filter.Request)
	q.filter.Request, q.filter.Whole = "", false
	err = db.Trail.Read(ctx, q.filter, func(r store.AuditRow) error {
		if !strings.EqualFold(r.Detail["reference"], wanted) {
			return nil
		}
		id = r.Request
		return errFound
	})
	if errors.Is(err, errFound) {
		err = nil
	}
	return id, err
}

var errFound = errors.New("found")

// parseSince parses the value of --since: a duration before now (30d, 12h, 1d12h), a date
// (2026-11-01, from midnight UTC) or an RFC 3339 time.
func parseSince(s string, now time.Time) (time.Time, error) {
	if ago, ok := config.ParseDuration(s); ok && ago >= 0 {
		return now.Add(-ago), nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("--since %q is neither a duration, such as 30d or 12h, nor a date, such as 2026-11-01", s)
}
