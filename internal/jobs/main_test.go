package jobs_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain runs many tests in parallel: they mostly wait for leases and deadlines.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "24"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
