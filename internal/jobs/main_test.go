package jobs_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain has many tests go on at once: they wait for leases and deadlines, and use
// no processor meanwhile.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "24"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
