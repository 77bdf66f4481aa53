package jobs

// slotsPerStep is how many runs of a step may be in progress at once. Every step
// has its own slots, so that a click never waits behind somebody else's list.
const slotsPerStep = 64

// slots are those of one step: an element for each that is taken.
type slots chan struct{}

// takeFree takes all that are free, and returns how many those are.
func (s slots) takeFree() (n int) {
	for {
		select {
		case s <- struct{}{}:
			n++
		default:
			return n
		}
	}
}

// free gives back n slots.
func (s slots) free(n int) {
	for range n {
		<-s
	}
}
