package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"meetingbot/internal/world"
)

// TestMain lets the test binary be the program, so that scripts and worlds run
// the real thing, in a process that can be killed.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"meetingbot": main})
}

// TestScript runs the transcripts: each reads like the channel it happens in,
// and stands for one promise of the product.
func TestScript(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		Setup:               world.Setup,
		Cmds:                world.Commands(),
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE_SCRIPTS") != "",
	})
}
