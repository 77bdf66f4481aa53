//go:build !linux

package crash

import "testing"

// smallDisk would return a folder on a separate disk.
func smallDisk(t *testing.T) string {
	t.Helper()
	t.Skip("a disk of our own to fill needs Linux")
	return ""
}
