package background

// GrowStack gives the calling goroutine a stack of 16 KiB. Call it first in a goroutine that
// will render, encode or query: Go would double its stack several times on the way down, and
// copy everything on it each time.
//
//go:noinline
func GrowStack() {
	var room [10 << 10]byte
	use(&room)
}

// use keeps the compiler from leaving the variable out.
//
//go:noinline
func use(*[10 << 10]byte) {}
