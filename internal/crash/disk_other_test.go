//go:build !linux

package crash

import "testing"

// smallDisk would be a folder on a disk of its own.
func smallDisk(t *testing.T) string {
	t.Helper()
	t.Skip("a disk of our own to fill needs Linux")
	return ""
}
