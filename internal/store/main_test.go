package store_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain has many tests go on at once: they wait for deadlines and the disk, and
// use little of the processor meanwhile.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
