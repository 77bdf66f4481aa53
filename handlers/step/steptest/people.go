package steptest

import (
	"context"
	"maps"
	"strings"
	"sync"
	"time"

	"meetingbot/bot"
)

// A directory is the people in Slack.
type directory struct {
	Forget bool // no person is cached

	*faults

	mu     sync.Mutex
	people map[bot.UserID]bot.Person
	asked  map[bot.UserID]int
}

// newDirectory returns a directory of Ana, Bob, Carol and Dave.
func newDirectory(f *faults) *directory {
	d := &directory{faults: f, people: map[bot.UserID]bot.Person{}, asked: map[bot.UserID]int{}}
	for _, name := range []string{"ana", "bob", "carol", "dave"} {
		id := bot.UserID("U0" + strings.ToUpper(name))
		d.people[id] = bot.Person{ID: id, Team: Team, Email: name + "@example.com", Locale: "en-US", TimeZone: "Europe/Lisbon"}
	}
	return d
}

// Join adds a person.
func (d *directory) Join(p bot.Person) { d.Change(p.ID, func(is *bot.Person) { *is = p }) }

// Change alters a person.
func (d *directory) Change(who bot.UserID, f func(*bot.Person)) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p := d.people[who]
	f(&p)
	d.people[who] = p
}

// Leave removes a person from Slack.
func (d *directory) Leave(who bot.UserID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.people, who)
}

// Asked returns how often Slack was asked about each person.
func (d *directory) Asked() map[bot.UserID]int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return maps.Clone(d.asked)
}

func (d *directory) Person(ctx context.Context, id bot.UserID) (bot.Person, error) {
	select {
	case <-time.After(d.takes("person")):
	case <-ctx.Done():
		return bot.Person{}, ctx.Err()
	}
	if err := d.fail("person"); err != nil {
		return bot.Person{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked[id]++
	p, ok := d.people[id]
	if !ok {
		return bot.Person{}, bot.ErrNoSuchPerson
	}
	return p, nil
}

func (d *directory) PersonByEmail(_ context.Context, address string) (bot.Person, error) {
	if err := d.fail("email"); err != nil {
		return bot.Person{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, p := range d.people {
		if p.Email == address {
			return p, nil
		}
	}
	return bot.Person{}, bot.ErrNoSuchPerson
}

func (d *directory) CachedPerson(id bot.UserID) (bot.Person, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	p, ok := d.people[id]
	return p, ok && !d.Forget
}
