package sim

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"sync"
	"time"
)

// chance draws everything that a schedule leaves open, by name.
type chance struct {
	seed uint64
	only map[string]bool // the events that may happen; nil for all

	mu    sync.Mutex
	count map[string]int
	drawn map[string]bool // every event that was asked for
	hit   []string        // those that happened, in order
	seen  map[string]bool
	plan  []string // what the schedule has in store
}

func newChance(s Schedule) *chance {
	c := &chance{seed: s.Seed, count: map[string]int{}, drawn: map[string]bool{}, seen: map[string]bool{}}
	if s.Only != nil {
		c.only = map[string]bool{}
		for _, name := range s.Only {
			c.only[name] = true
		}
	}
	return c
}

// unit is the number in [0, 1) that belongs to a name.
func (c *chance) unit(name string) float64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // never fails
	x := h.Sum64() ^ (c.seed * 0x9e3779b97f4a7c15)
	x ^= x >> 30
	x *= 0xbf58476d1ce4e5b9
	x ^= x >> 27
	x *= 0x94d049bb133111eb
	x ^= x >> 31
	return float64(x>>11) / (1 << 53)
}

// next is the name of a place with how often it was come by: "place#1", then "place#2".
func (c *chance) next(place string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count[place]++
	return place + "#" + strconv.Itoa(c.count[place])
}

// happens draws whether an event happens. Only events can be left out of a schedule.
func (c *chance) happens(name string, probability float64) bool {
	yes := c.unit(name) < probability
	c.mu.Lock()
	defer c.mu.Unlock()
	c.drawn[name] = true
	if !yes || c.only != nil && !c.only[name] {
		return false
	}
	if !c.seen[name] {
		c.seen[name] = true
		c.hit = append(c.hit, name)
	}
	return true
}

// events are those that have happened, in order.
func (c *chance) events() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.hit...)
}

// unknown are the events of the schedule that nothing has asked for.
func (c *chance) unknown() (names []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for name := range c.only {
		if !c.drawn[name] {
			names = append(names, name)
		}
	}
	return names
}

// between draws a duration; its nanoseconds are its own, so that hardly ever two
// things are due at the same moment.
func (c *chance) between(name string, from, to time.Duration) time.Duration {
	return from + time.Duration(c.unit(name)*float64(to-from))
}

// number draws from 0 to n-1.
func (c *chance) number(name string, n int) int { return int(c.unit(name) * float64(n)) }

// pick draws one of all.
func pick[T any](c *chance, name string, all ...T) T { return all[c.number(name, len(all))] }

// A weighted thing is drawn as often as its weight says.
type weighted[T any] struct {
	weight int
	it     T
}

func pickWeighted[T any](c *chance, name string, all []weighted[T]) T {
	sum := 0
	for _, w := range all {
		sum += w.weight
	}
	n := c.number(name, sum)
	for _, w := range all {
		if n -= w.weight; n < 0 {
			return w.it
		}
	}
	return all[0].it
}

// swarm leaves out some of the things to be drawn, others in every schedule: with all of
// them in each, what takes several of one kind hardly ever comes together.
func swarm[T any](c *chance, name string, all []weighted[T], leave float64) []weighted[T] {
	var some []weighted[T]
	for i, w := range all {
		if c.unit(name+"/swarm/"+strconv.Itoa(i)) < leave {
			some = append(some, w)
		}
	}
	if len(some) == 0 {
		return all
	}
	return some
}

// note is for the schedule's own description; see [Result.Plan].
func (c *chance) note(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plan = append(c.plan, fmt.Sprintf(format, args...))
}
