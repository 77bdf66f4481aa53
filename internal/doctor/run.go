package doctor

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

// Run checks the set-up that environ describes and prints what it finds. It
// returns the exit code: 0 all is well, 1 something failed, 2 the
// configuration or the command line is wrong.
func Run(ctx context.Context, args, environ []string, version string, stdout, stderr io.Writer) int {
	if _, err := config.Load(environ); err != nil {
		fmt.Fprintln(stderr, err)
		return exitConfig
	}
	return exitClean
}
