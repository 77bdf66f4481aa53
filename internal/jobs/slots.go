package jobs

// slotsPerStep is how many runs of a step may be in progress at once. Every step has its
// own slots, so that a click never waits behind another person's list.
const slotsPerStep = 64

// slots limits the runs of one step. It holds an element for each slot taken.
type slots chan struct{}

// takeAll takes all free slots, and returns how many it took.
func (s slots) takeAll() (n int) {
	for {
		select {
		case s <- struct{}{}:
			n++
		default:
			return n
		}
	}
}

// free releases n slots.
func (s slots) free(n int) {
	for range n {
		<-s
	}
}
