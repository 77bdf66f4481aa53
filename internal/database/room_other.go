//go:build !windows

package database

import (
	"errors"
	"syscall"
)

// isNoRoom reports whether a disk is full.
func isNoRoom(err error) bool { return errors.Is(err, syscall.ENOSPC) }
