package database

import (
	"errors"
	"slices"
	"syscall"
)

// isNoRoom reports whether a disk is full: ERROR_HANDLE_DISK_FULL or ERROR_DISK_FULL.
// syscall.ENOSPC is a number of Go's own here.
func isNoRoom(err error) bool {
	return slices.ContainsFunc([]syscall.Errno{39, 112, syscall.ENOSPC}, func(number syscall.Errno) bool { return errors.Is(err, number) })
}
