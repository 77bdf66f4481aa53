package store_test

import (
	"flag"
	"os"
	"testing"
)

// TestMain runs many tests in parallel: they mostly wait for deadlines and the disk.
func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}
