package sim

import "time"

// RunReal runs a schedule in real time with two replicas on the empty PostgreSQL database at
// url.
func RunReal(s Schedule, url string) Result {
	c := newChance(s)
	w := newWorld(c, "")
	w.horizon = realHorizon
	w.slots = []*slot{
		{ahead: c.between("clock/0", -20*time.Second, 20*time.Second)}, {ahead: c.between("clock/1", -20*time.Second, 20*time.Second)},
	}
	w.run(url)
	return w.result()
}

// realHorizon is the time in which faults may begin, in real time.
const realHorizon = 25 * time.Second
