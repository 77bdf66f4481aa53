//go:build !unix

package world

import "errors"

var errNoFreeze = errors.New("a program can't be frozen on this system")

// Freeze would stop the program in its tracks. It can't be done here.
func (p *Process) Freeze() error { return errNoFreeze }

// Thaw would let a frozen program continue. It can't be done here.
func (p *Process) Thaw() error { return errNoFreeze }
