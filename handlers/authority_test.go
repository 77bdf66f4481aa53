package handlers

import (
	"testing"

	"meetingbot/bot"
)

// TestSameOrganisation: people in a shared channel have no flag of their own;
// their team, or their organisation, is what tells.
func TestSameOrganisation(t *testing.T) {
	t.Parallel()
	alone := bot.Identity{Team: "T1"}
	grid := bot.Identity{Team: "T1", Enterprise: "E1"}
	for _, c := range []struct {
		name string
		us   bot.Identity
		p    bot.Person
		want bool
	}{
		{"the same workspace", alone, bot.Person{Team: "T1"}, true},
		{"another workspace", alone, bot.Person{Team: "T2"}, false},
		{"another workspace of some organisation", alone, bot.Person{Team: "T2", Enterprise: "E2"}, false},
		{"no team told", alone, bot.Person{}, true},
		{"no team, some organisation", alone, bot.Person{Enterprise: "E2"}, false},
		{"the same workspace of ours, organisation not told", grid, bot.Person{Team: "T1"}, true},
		{"another workspace of our organisation", grid, bot.Person{Team: "T2", Enterprise: "E1"}, true},
		{"a person of the organisation as a whole", grid, bot.Person{Team: "E1"}, true},
		{"no team, our organisation", grid, bot.Person{Enterprise: "E1"}, true},
		{"another workspace, organisation not told", grid, bot.Person{Team: "T2"}, false},
		{"another organisation", grid, bot.Person{Team: "T2", Enterprise: "E2"}, false},
		{"no team, another organisation", grid, bot.Person{Enterprise: "E2"}, false},
		{"we know no workspace of ours, and they have one", bot.Identity{Enterprise: "E1"}, bot.Person{Team: "T2"}, false},
	} {
		if got := sameOrganisation(c.p, c.us); got != c.want {
			t.Errorf("%s: sameOrganisation(%+v, %+v) = %t, want %t", c.name, c.p, c.us, got, c.want)
		}
	}
}
