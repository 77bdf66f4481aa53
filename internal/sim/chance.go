package sim

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"sync"
	"time"
)

// chance makes a schedule's random choices, by name.
type chance struct {
	seed uint64
	only map[string]bool // the events that may happen; nil for all

	mu    sync.Mutex
	count map[string]int
	drawn map[string]bool // every event that was asked for, whether it happened or not
	hit   []string        // those that happened, in order
	seen  map[string]bool
	plan  []string // the faults drawn so far, for people to read
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

// unit returns the number in [0, 1) that the seed gives to a name.
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

// next returns the name of a place with the number of the visit: "place#1", then "place#2".
func (c *chance) next(place string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.count[place]++
	return place + "#" + strconv.Itoa(c.count[place])
}

// happens decides whether an event happens. Only events can be removed from a schedule.
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

// events returns the events that have happened, in order.
func (c *chance) events() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.hit...)
}

// unknown returns the events of the schedule that no code asked for.
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

// between draws a duration to the nanosecond, so two things are almost never due at the same
// instant.
func (c *chance) between(name string, from, to time.Duration) time.Duration {
	return from + time.Duration(c.unit(name)*float64(to-from))
}

// number draws an integer from 0 to n-1.
func (c *chance) number(name string, n int) int { return int(c.unit(name) * float64(n)) }

// pick draws one of all, with equal probability.
func pick[T any](c *chance, name string, all ...T) T { return all[c.number(name, len(all))] }

// A weighted value is drawn in proportion to its weight.
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

// swarm keeps a random subset of the choices, the same throughout a schedule. If every
// schedule could draw everything, several faults of one kind would rarely meet.
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

// note adds a line to the schedule's description; see [Result.Plan].
func (c *chance) note(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.plan = append(c.plan, fmt.Sprintf(format, args...))
}
