package world

import (
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // the driver for a script's database
)

// database opens the program's database, which must be a file.
func (s *script) database(ts *testscript.TestScript) *sql.DB {
	path := strings.TrimPrefix(s.env["DATABASE_URL"], "sqlite:")
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
	ts.Check(err)
	return db
}

// due STEP waits until jobs of this step are scheduled for later, and none is running, and makes
// them due now. It saves scripts from waiting a minute.
func (s *script) due(ts *testscript.TestScript, args []string) {
	db := s.database(ts)
	defer func() { ts.Check(db.Close()) }()
	s.expect(ts, false, "job of "+args[0], func() bool {
		done, err := db.ExecContext(s.ctx(), `UPDATE job SET due_at = $1 WHERE step = $2 AND due_at > $1
			AND NOT EXISTS (SELECT 1 FROM job WHERE step = $2 AND leased = 1)`, time.Now().UnixMilli(), args[0])
		if err != nil {
			return false // the program is writing; try again
		}
		n, err := done.RowsAffected()
		return err == nil && n > 0
	})
}

// timePattern finds the times in a stored body, except when meetings start.
var timePattern = regexp.MustCompile(`("\w*(?:[aA]t|[uU]ntil)":")(2[^"]+)`)

// age D makes what the stopped program has stored older by D, as if it had been away for so
// long. Meetings start when they did, and the audit trail, which is a chain, stays as it is.
func (s *script) age(ts *testscript.TestScript, args []string) {
	if s.Bot.Pid() != 0 {
		ts.Fatalf("age needs a program that doesn't run")
	}
	by, db := duration(ts, args[0]), s.database(ts)
	defer func() { ts.Check(db.Close()) }()
	for _, column := range s.read(ts, db, `SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name <> 'audit' AND (c.name LIKE '%\_at' ESCAPE '\' OR c.name = 'until')`) {
		_, err := db.ExecContext(s.ctx(), fmt.Sprintf(`UPDATE %[1]s SET %[2]s = %[2]s - $1 WHERE %[2]s > 0`, column[0], column[1]), by.Milliseconds())
		ts.Check(err)
	}
	for _, table := range []string{"request", "envelope"} {
		for _, row := range s.read(ts, db, fmt.Sprintf(`SELECT id, body FROM %s`, table)) {
			body := timePattern.ReplaceAllStringFunc(row[1], func(found string) string {
				part := timePattern.FindStringSubmatch(found)
				at, err := time.Parse(time.RFC3339Nano, part[2])
				ts.Check(err)
				return part[1] + at.Add(-by).Format(time.RFC3339Nano)
			})
			_, err := db.ExecContext(s.ctx(), fmt.Sprintf(`UPDATE %s SET body = $1 WHERE id = $2`, table), body, row[0])
			ts.Check(err)
		}
	}
}

// read returns the rows of a query, which has two columns.
func (s *script) read(ts *testscript.TestScript, db *sql.DB, query string) (all [][2]string) {
	rows, err := db.QueryContext(s.ctx(), query)
	ts.Check(err)
	defer func() { ts.Check(rows.Close()) }()
	for rows.Next() {
		var row [2]string
		ts.Check(rows.Scan(&row[0], &row[1]))
		all = append(all, row)
	}
	ts.Check(rows.Err())
	return all
}
