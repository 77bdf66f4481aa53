package sim

import "time"

// RunReal runs a schedule with two replicas on the PostgreSQL database at url, which is
// empty, by the clock on the wall.
func RunReal(s Schedule, url string) Result {
	c := newChance(s)
	w := newWorld(c, "")
	w.real, w.days = true, realDays
	w.slots = []*slot{
		{ahead: c.between("clock/0", -20*time.Second, 20*time.Second)}, {ahead: c.between("clock/1", -20*time.Second, 20*time.Second)},
	}
	w.run(url)
	return w.result()
}

// realDays is how long bad luck may begin by the clock on the wall.
const realDays = 25 * time.Second
