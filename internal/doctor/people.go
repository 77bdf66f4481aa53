package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"meetingbot/bot"
	"meetingbot/internal/config"
)

// concurrent is how many people are looked up at a time. maxLookedUp is how many people
// of a list are, because the running bot shares Slack's limits. maxNamed is how many
// findings are shown; the rest are counted.
const (
	concurrent  = 4
	maxLookedUp = 200
	maxNamed    = 20
)

func (s *slack) owners(ctx context.Context) []finding {
	if len(s.cfg.Owners) == 0 {
		return []finding{passed("not set; owners are found by their e-mail address alone")}
	}
	names := slices.Sorted(maps.Keys(s.cfg.Owners))
	people := make([]person, len(names))
	for i, name := range names {
		to := s.cfg.Owners[name]
		people[i] = person{label: "OWNER_MAP: " + name + " is mapped to " + to, who: to}
	}
	found := s.lookUp(ctx, people, func(p bot.Person) string {
		switch {
		case p.External:
			return "from another workspace, and is never told"
		case p.Bot:
			return "a bot"
		}
		return ""
	})
	if len(found) == 0 {
		return []finding{passed("everyone it maps to is in Slack (" + count(len(people), "user") + ")")}
	}
	return found
}

// lists looks up everyone who may cancel any meeting.
func (s *slack) lists(ctx context.Context) []finding {
	c := s.cfg
	found := []finding{passed("people who may not cancel a meeting can ask its owner (ASK_OWNER is on)")}
	if !c.AskOwner {
		found = []finding{passed("people who may not cancel a meeting can't ask its owner (ASK_OWNER is off)")}
	}
	if len(c.AllowUsers)+len(c.AllowUsergroups)+len(c.AllowChannels) == 0 {
		return append(found, passed("none set; only owners may cancel, and only their own meetings"))
	}
	everybody := slices.Contains(c.AllowUsers, config.Everybody) || slices.Contains(c.AllowUsergroups, config.Everybody)
	if everybody {
		found = append(found, warning("ALLOW_USERS or ALLOW_USERGROUPS contains *: everyone in the workspace except guests may cancel any meeting",
			"list people or groups instead, unless this is what you want"))
	}
	found = append(found, s.users(ctx)...)
	members, trouble := s.groups(ctx)
	found = slices.Concat(found, trouble, s.channels(ctx))
	if slices.ContainsFunc(found, func(f finding) bool { return f.Status == fail }) {
		return found
	}
	text := fmt.Sprintf("%s and %s (%s) may cancel any meeting",
		count(len(named(c.AllowUsers)), "user"), count(len(named(c.AllowUsergroups)), "group"), count(members, "member"))
	if everybody {
		text = "everyone may cancel any meeting"
	}
	if n := len(named(c.AllowChannels)); n > 0 {
		text += "; the command works in " + count(n, "channel")
	}
	return append(found, passed(text))
}

func (s *slack) users(ctx context.Context) []finding {
	var people []person
	for _, id := range named(s.cfg.AllowUsers) {
		people = append(people, person{label: "ALLOW_USERS names " + id, who: id})
	}
	return s.lookUp(ctx, people, func(p bot.Person) string {
		switch {
		case p.Guest:
			return "a guest; guests may never cancel"
		case p.External:
			return "from another workspace, and may never cancel"
		case p.Bot:
			return "a bot"
		}
		return ""
	})
}

func (s *slack) groups(ctx context.Context) (members int, found []finding) {
	for _, id := range named(s.cfg.AllowUsergroups) {
		list, err := s.api.GroupMembers(bot.WithTeam(ctx, s.team), bot.GroupID(id))
		switch {
		case errors.Is(err, bot.ErrMissingScope):
			return members, append(found, failed("ALLOW_USERGROUPS can't be read without the scope "+groupScope+", so its members are refused",
				"add the scope and install the app again, or list people in ALLOW_USERS"))
		case bot.Temporary(err):
			return members, append(found, warning("ALLOW_USERGROUPS: "+id+" was not checked ("+err.Error()+")", "run doctor again in a minute"))
		case err != nil:
			found = append(found, failed("ALLOW_USERGROUPS: "+id+" could not be read ("+err.Error()+")", groupAdvice(err)))
		case len(list) == 0:
			found = append(found, warning("ALLOW_USERGROUPS: "+id+" has no members", "add some, or remove it"))
		}
		members += len(list)
	}
	return members, found
}

// groupAdvice returns what to do about a group that Slack doesn't list.
func groupAdvice(err error) string {
	e, ok := errors.AsType[*bot.Error](err)
	switch {
	case bot.IsNoSuchGroup(err):
		return "correct the id, or remove it"
	case ok && e.Code == "permission_denied":
		return "an admin of the workspace has to let the bot read its user groups; until then, list people in ALLOW_USERS"
	}
	return "look up what Slack says at https://docs.slack.dev/reference/methods/usergroups.users.list; until it works, list people in ALLOW_USERS"
}

// named returns the ids without *, which means everyone.
func named(ids config.IDs) []string {
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return id == config.Everybody })
}

// A person is a Slack user to look up. who is an id or an e-mail address.
type person struct{ label, who string }

// lookUp returns a finding for each person who is missing, deactivated, or about whom
// doubt says something. Of a long list, it looks up only some people, evenly spread.
func (s *slack) lookUp(ctx context.Context, everybody []person, doubt func(bot.Person) string) []finding {
	people := make([]person, min(len(everybody), maxLookedUp))
	for i := range people {
		people[i] = everybody[i*len(everybody)/len(people)]
	}
	each := make([]finding, len(people))
	var missed atomic.Int32
	var g errgroup.Group
	g.SetLimit(concurrent)
	for i, p := range people {
		g.Go(func() error {
			found, unanswered := s.lookUpOne(ctx, p, doubt)
			if each[i] = found; unanswered {
				missed.Add(1)
			}
			return nil
		})
	}
	_ = g.Wait() // never fails: trouble is a finding
	found := slices.DeleteFunc(each, func(f finding) bool { return f.Status == "" })
	if len(found) > maxNamed {
		slices.SortStableFunc(found, func(a, b finding) int { return cmp.Compare(a.Status, b.Status) }) // fail before warn
		found = cut(found, maxNamed)
	}
	if n := missed.Load(); n > 0 {
		found = append(found, warning(countOf(int(n), len(people), "user")+" not checked: Slack did not answer in time",
			"run doctor again in a minute"))
	}
	if len(people) < len(everybody) {
		found = append(found, passed(fmt.Sprintf("only %d of %d people were looked up, spread over the whole list: more would use up Slack's limits, which the running bot shares", len(people), len(everybody))))
	}
	return found
}

func (s *slack) lookUpOne(ctx context.Context, p person, doubt func(bot.Person) string) (_ finding, unanswered bool) {
	ctx = bot.WithTeam(ctx, s.team)
	var who bot.Person
	var err error
	if strings.Contains(p.who, "@") {
		who, err = s.api.PersonByEmail(ctx, p.who)
	} else {
		who, err = s.api.Person(ctx, bot.UserID(p.who))
	}
	switch {
	case errors.Is(err, bot.ErrNoSuchPerson):
		return failed(p.label+", who is not in this workspace", "correct it, or remove it"), false
	case bot.Temporary(err):
		return finding{}, true
	case err != nil:
		return failed(p.label+", who could not be looked up ("+err.Error()+")", "fix the scopes first"), false
	case who.Deleted:
		return warning(p.label+", whose account is deactivated", "choose someone else, or remove it"), false
	}
	if odd := doubt(who); odd != "" {
		return warning(p.label+", who is "+odd, "choose someone else, or remove it"), false
	}
	return finding{}, false
}
