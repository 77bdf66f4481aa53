package world

import (
	"database/sql"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite" // the driver for a script's database
)

// due STEP waits until a job of this step is scheduled for later, and makes it due now. It
// saves scripts from waiting a minute.
func (s *script) due(ts *testscript.TestScript, args []string) {
	path := strings.TrimPrefix(s.env["DATABASE_URL"], "sqlite:")
	db, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)")
	ts.Check(err)
	defer func() { ts.Check(db.Close()) }()
	s.expect(ts, false, "job of "+args[0], func() bool {
		done, err := db.ExecContext(s.ctx(), `UPDATE job SET due_at = $1 WHERE step = $2 AND leased = 0 AND due_at > $1`, time.Now().UnixMilli(), args[0])
		if err != nil {
			return false // the program is writing; try again
		}
		n, err := done.RowsAffected()
		return err == nil && n > 0
	})
}
