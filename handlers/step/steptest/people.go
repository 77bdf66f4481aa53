package steptest

import (
	"context"
	"maps"
	"strings"

	"meetingbot/bot"
)

// A directory is the people in Slack.
type directory struct {
	Forget bool // no person is cached

	faults

	people map[bot.UserID]bot.Person
	asked  map[bot.UserID]int
}

// everyone returns Ana, Bob, Carol and Dave.
func everyone() map[bot.UserID]bot.Person {
	all := map[bot.UserID]bot.Person{}
	for _, name := range []string{"ana", "bob", "carol", "dave"} {
		id := bot.UserID("U0" + strings.ToUpper(name))
		all[id] = bot.Person{ID: id, Team: Team, Email: name + "@example.com", Locale: "en-US", TimeZone: "Europe/Lisbon"}
	}
	return all
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
	if err := d.call(ctx, "person"); err != nil {
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

func (d *directory) PersonByEmail(ctx context.Context, address string) (bot.Person, error) {
	if err := d.call(ctx, "email"); err != nil {
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
