package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"meetingbot/bot"
	"meetingbot/internal/config"
)

// atOnce is how many people are looked up at a time, and mostNamed how many
// are named before the rest is only counted.
const (
	atOnce    = 4
	mostNamed = 20
)

// owners looks every person of OWNER_MAP up.
func (s *slack) owners(ctx context.Context) []finding {
	if len(s.cfg.Owners) == 0 {
		return []finding{good("not set: owners are found by their e-mail alone")}
	}
	names := slices.Sorted(maps.Keys(s.cfg.Owners))
	people := make([]person, len(names))
	for i, name := range names {
		to := s.cfg.Owners[name]
		people[i] = person{label: "OWNER_MAP: " + name + " is mapped to " + to.UserID + to.Email, id: to.UserID, email: to.Email}
	}
	found := s.lookUp(ctx, people, func(p bot.Person) string {
		if p.Bot {
			return "a bot"
		}
		return ""
	})
	if len(found) == 0 {
		return []finding{good(fmt.Sprintf("all %d mapped people are in Slack", len(people)))}
	}
	return found
}

// lists looks everybody up who may cancel any meeting.
func (s *slack) lists(ctx context.Context) (found []finding) {
	c := s.cfg
	if len(c.AllowUsers)+len(c.AllowUsergroups)+len(c.AllowChannels) == 0 {
		return []finding{good("none is set: owners may cancel their own meetings, and nobody any other")}
	}
	if slices.Contains(c.AllowUsers, config.Everybody) || slices.Contains(c.AllowUsergroups, config.Everybody) {
		found = append(found, doubtful("* stands in ALLOW_USERS or ALLOW_USERGROUPS: everybody in the workspace who is no guest may cancel any meeting",
			"name people or groups, unless that is meant"))
	}
	var people []person
	for _, id := range named(c.AllowUsers) {
		people = append(people, person{label: "ALLOW_USERS: " + id, id: id})
	}
	found = append(found, s.lookUp(ctx, people, func(p bot.Person) string {
		switch {
		case p.Guest:
			return "a guest, and guests may never cancel"
		case p.Stranger:
			return "of another workspace, and such people may never cancel"
		case p.Bot:
			return "a bot"
		}
		return ""
	})...)
	members, wrong := s.groups(ctx)
	found = append(found, wrong...)
	if slices.ContainsFunc(found, func(f finding) bool { return f.Status == fail }) {
		return found
	}
	text := fmt.Sprintf("%s and %s (%s) may cancel any meeting",
		count(len(people), "user"), count(len(named(c.AllowUsergroups)), "group"), count(members, "member"))
	if n := len(named(c.AllowChannels)); n > 0 {
		text += "; the command works in " + count(n, "channel") + ", which the bot has no scope to look up"
	}
	return append(found, good(text))
}

// groups counts the members of ALLOW_USERGROUPS.
func (s *slack) groups(ctx context.Context) (members int, found []finding) {
	for _, id := range named(s.cfg.AllowUsergroups) {
		list, err := s.bot.GroupMembers(ctx, bot.GroupID(id))
		switch {
		case errors.Is(err, bot.ErrMissingScope):
			return members, append(found, wrong("ALLOW_USERGROUPS can't be read without the scope "+groupScope+", so its members are refused",
				"add the scope and install the app again, or name people in ALLOW_USERS"))
		case bot.Temporary(err):
			return members, append(found, doubtful("ALLOW_USERGROUPS: "+id+" was not checked ("+err.Error()+")", "run doctor again in a minute"))
		case err != nil:
			found = append(found, wrong("ALLOW_USERGROUPS: "+id+" is not to be had ("+err.Error()+")", "correct the id, or take it out"))
		case len(list) == 0:
			found = append(found, doubtful("ALLOW_USERGROUPS: "+id+" has no members", "add some, or take it out"))
		}
		members += len(list)
	}
	return members, found
}

// named are the ids without the one that stands for everybody.
func named(ids config.IDs) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == config.Everybody })
}

// A person is somebody to look up: by id, or else by e-mail.
type person struct{ label, id, email string }

// lookUp finds a line for everybody who is not there, is deactivated, or of
// whom doubt says what is odd.
func (s *slack) lookUp(ctx context.Context, people []person, doubt func(bot.Person) string) []finding {
	each := make([]finding, len(people))
	unasked := make([]bool, len(people))
	var g errgroup.Group
	g.SetLimit(atOnce)
	for i, p := range people {
		g.Go(func() error {
			each[i], unasked[i] = s.lookUpOne(ctx, p, doubt)
			return nil
		})
	}
	_ = g.Wait() // there are only findings, no errors
	found := slices.DeleteFunc(each, func(f finding) bool { return f.Status == "" })
	if n := len(found) - mostNamed; n > 0 {
		slices.SortStableFunc(found, func(a, b finding) int { return strings.Compare(string(a.Status), string(b.Status)) }) // fail before warn
		found = append(found[:mostNamed], finding{Status: found[mostNamed].Status, Text: fmt.Sprintf("and %d more like these", n)})
	}
	var missed int
	for _, m := range unasked {
		if m {
			missed++
		}
	}
	if missed > 0 {
		found = append(found, doubtful(fmt.Sprintf("%d of %d people were not checked: Slack did not answer in time", missed, len(people)),
			"run doctor again in a minute"))
	}
	return found
}

func (s *slack) lookUpOne(ctx context.Context, p person, doubt func(bot.Person) string) (_ finding, unasked bool) {
	var who bot.Person
	var err error
	if p.id != "" {
		who, err = s.bot.Person(ctx, bot.UserID(p.id))
	} else {
		who, err = s.bot.PersonByEmail(ctx, p.email)
	}
	switch {
	case errors.Is(err, bot.ErrNoSuchPerson):
		return wrong(p.label+", who is not in this workspace", "correct it, or take it out"), false
	case bot.Temporary(err):
		return finding{}, true
	case err != nil:
		return wrong(p.label+", who can't be looked up ("+err.Error()+")", "mend the scopes first"), false
	case who.Deleted:
		return doubtful(p.label+", whose account is deactivated", "name somebody else, or take it out"), false
	}
	if odd := doubt(who); odd != "" {
		return doubtful(strings.TrimSuffix(p.label, ",")+", who is "+odd, "name somebody else, or take it out"), false
	}
	return finding{}, false
}
