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

// TestFromElsewhere: what somebody did may come from another workspace although Slack
// says nothing of theirs when asked about them.
func TestFromElsewhere(t *testing.T) {
	t.Parallel()
	alone := bot.Identity{Team: "T1"}
	grid := bot.Identity{Team: "T1", Enterprise: "E1"}
	for _, c := range []struct {
		name             string
		us               bot.Identity
		team, enterprise string
		want             bool
	}{
		{"the same workspace", alone, "T1", "", false},
		{"another workspace", alone, "T2", "", true},
		{"another workspace of some organisation", alone, "T2", "E2", true},
		{"no team told", alone, "", "E2", false},
		{"we know no workspace of ours", bot.Identity{}, "T2", "", false},
		{"the same workspace of ours", grid, "T1", "E1", false},
		{"another workspace of our organisation", grid, "T2", "E1", false},
		{"another workspace, organisation not told", grid, "T2", "", false},
		{"our organisation as a whole", grid, "E1", "", false},
		{"another organisation", grid, "T2", "E2", true},
	} {
		in := &intake{Team: c.team, Enterprise: c.enterprise}
		if got := in.isForeign(c.us); got != c.want {
			t.Errorf("%s: isForeign(%+v) of %s/%s = %t, want %t", c.name, c.us, c.team, c.enterprise, got, c.want)
		}
	}
}
