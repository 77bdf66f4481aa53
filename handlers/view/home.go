package view

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// The buttons of Home besides those of delegations.
const (
	ActionHomeCard    = "home_card"    // shows a waiting card; its value is the request
	ActionHomeMeeting = "home_meeting" // asks about a meeting; its value is what the stored list calls it
)

// HomeActions lists the action_ids of Home's buttons.
func HomeActions() []string {
	return []string{ActionHomeCard, ActionHomeMeeting, ActionDelegateAdd, ActionDelegateRemove}
}

// How much Home shows: Slack takes a hundred blocks.
const (
	MaxHomeWaiting   = 10
	MaxHomeMeetings  = 40
	MaxHomeCancelled = 5
	MaxDelegations   = 10 // that somebody may give; all of them are shown

	shownSubjects = 3 // of a card about several meetings
)

// HomeFacts are what a person's Home shows. What doesn't fit is left out and counted.
type HomeFacts struct {
	Now     time.Time
	Refusal *Answer // why this person may not use the bot; nothing else is shown then

	Waiting        []cancellation.Request // questions that they may answer
	WaitingPartial bool                   // some could not be checked

	Meetings []HomeMeeting // running ones first
	Partial  bool          // some could not be read
	Failed   string        // class of the error, if none could be read
	Channels []string      // where the command works; with any limit, no meeting in Home has a button. Empty or "*" means everywhere

	Lets   []cancellation.Delegation // what they have given; Until is when each ends
	MayLet bool                      // they may give more

	Cancelled []cancellation.Request // of their meetings, latest first
}

// A HomeMeeting is a meeting with its button's value.
type HomeMeeting struct {
	ID cancellation.ID
	cancellation.Choice
}

// drawHome is one person's tab: what is waiting for them, their meetings, who may cancel
// those, and what was cancelled recently.
func (p page) drawHome(f HomeFacts) bot.Home {
	if f.Refusal != nil {
		return home(p.discreet().drawAnswer(*f.Refusal).Blocks)
	}
	return home(slices.Concat(p.homeWaiting(f), p.homeMeetings(f), p.homeLets(f), p.homeCancelled(f),
		stack(small(p.say("home.as_of", vars{"When": p.moment("short", f.Now)})))))
}

// A HomeFault is why somebody's Home can't be drawn.
type HomeFault string

// Why a Home can't be drawn.
const (
	HomeNotRead       HomeFault = "failed_not_read"       // what it shows could not be read
	HomeUnknownPerson HomeFault = "failed_unknown_person" // Slack doesn't tell the bot who they are
	HomeSlack         HomeFault = "failed_slack"          // Slack doesn't answer, or refuses
)

// homeFailed is the tab if a person's Home can't be drawn.
func (p page) homeFailed(why HomeFault) bot.Home {
	return home(stack(section(flow(p.say("home.failed", nil), p.say("home."+string(why), nil)))))
}

func home(blocks []slack.Block) bot.Home {
	return bot.Home{HomeTabViewRequest: slack.HomeTabViewRequest{
		Type: slack.VTHomeTab, CallbackID: "home", Blocks: slack.Blocks{BlockSet: blocks},
	}}
}

func (p page) homeWaiting(f HomeFacts) []slack.Block {
	blocks := stack(header(p.say("home.waiting", nil)))
	shown := f.Waiting[:min(MaxHomeWaiting, len(f.Waiting))]
	if len(shown) == 0 {
		blocks = append(blocks, section(p.say("home.waiting_none", nil)))
	}
	for _, r := range shown {
		by := p.say("home.asked_by", vars{"Who": p.who(r.Asker), "When": p.moment("short", r.ExpiresAt)})
		if r.Batch != nil {
			blocks = append(blocks, p.homeSeveral(r, by))
			continue
		}
		c := choiceOf(r)
		blocks = append(blocks, p.homeRow(join("\n", p.row(c), by), ActionHomeCard, r.ID, [2]string{"home.show", "home.show_label"}, c))
	}
	var partial string
	if f.WaitingPartial {
		partial = p.say("home.waiting_partial", nil)
	}
	return stack(append(blocks, small(p.moreCards(len(f.Waiting)-len(shown)), partial))...)
}

// homeSeveral is the row of a card about several meetings: how many are ticked, or are on
// it while none is, and the first of them by name.
func (p page) homeSeveral(r cancellation.Request, by string) slack.Block {
	items := r.Batch.Ticked()
	if len(items) == 0 {
		for i := range r.Batch.Items {
			items = append(items, i)
		}
	}
	var names []string
	for _, i := range items {
		if name := p.subject(choiceOf(cancellation.Request{Meeting: r.Batch.Meetings[r.Batch.Items[i].Meeting]})); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if n := len(names) - shownSubjects; n > 0 {
		names = append(names[:shownSubjects:shownSubjects], p.moreCards(n))
	}
	meetings := p.count("home.several", len(items), nil)
	b := slack.NewButtonBlockElement(ActionHomeCard, string(r.ID), unmarked(p.say("home.show", nil), maxLabel))
	b.AccessibilityLabel = plain(p.say("home.show_label_several", vars{"Meetings": meetings}), maxLabel)
	text := join("\n", "*"+meetings+"*", strings.Join(names, p.say("separator", nil)), by)
	return slack.NewSectionBlock(marked(text), nil, slack.NewAccessory(b))
}

// choiceOf is the meeting of r as a row.
func choiceOf(r cancellation.Request) cancellation.Choice {
	m := r.Meeting
	return cancellation.Choice{
		MeetingID: m.ID, Number: numberOf(r), Subject: m.Subject, Start: m.Start, End: m.End,
		Running: m.Running, Recurring: m.Recurring, Owner: m.OwnerName,
	}
}

func (p page) homeMeetings(f HomeFacts) []slack.Block {
	blocks := stack(header(p.say("home.meetings", nil)))
	shown := f.Meetings[:min(MaxHomeMeetings, len(f.Meetings))]
	switch {
	case f.Failed != "":
		return append(blocks, section(flow(p.say("home.meetings_failed", nil), p.class(f.Failed, cancellation.Request{}))))
	case len(shown) == 0:
		blocks = append(blocks, section(p.say("home.meetings_none", nil)))
	}
	where := p.mayWhere(HelpFacts{Channels: f.Channels})
	for _, m := range shown {
		c := m.Choice
		c.Owner = "" // the reader is the owner
		if where != "" {
			blocks = append(blocks, section(p.row(c)))
			continue
		}
		blocks = append(blocks, p.homeRow(p.row(c), ActionHomeMeeting, m.ID, [2]string{"home.cancel", "home.cancel_label"}, c))
	}
	hint := p.say("home.more_hint", vars{"Example": p.example(cancellation.Request{}, "")})
	return stack(append(blocks, small(p.more(len(f.Meetings)-len(shown)), p.partial(f.Partial), hint, where))...)
}

// homeRow is a row with a button. The first key is the button's label, the second its
// label for screen readers.
func (p page) homeRow(text, action string, value cancellation.ID, keys [2]string, c cancellation.Choice) slack.Block {
	b := slack.NewButtonBlockElement(action, string(value), unmarked(p.say(keys[0], nil), maxLabel))
	b.AccessibilityLabel = plain(p.say(keys[1], vars{
		"Subject": plain(cmp.Or(c.Subject, p.say("list.no_subject", nil)), 30), "Number": plain(c.Number, 20),
	}), maxLabel)
	return slack.NewSectionBlock(marked(text), nil, slack.NewAccessory(b))
}

func (p page) homeLets(f HomeFacts) []slack.Block {
	if !f.MayLet && len(f.Lets) == 0 {
		return nil
	}
	blocks := stack(header(p.say("home.lets", nil)))
	if len(f.Lets) == 0 {
		blocks = append(blocks, section(p.say("home.lets_none", nil)))
	}
	for _, d := range f.Lets[:min(MaxDelegations, len(f.Lets))] {
		text := p.say("home.lets_row", vars{"Who": p.who(d.Receiver), "When": p.moment("long", d.Until)})
		remove := slack.NewButtonBlockElement(ActionDelegateRemove, string(d.ID), unmarked(p.say("home.remove", nil), maxLabel))
		blocks = append(blocks, slack.NewSectionBlock(marked(text), nil, slack.NewAccessory(remove)))
	}
	if f.MayLet {
		blocks = append(blocks, buttons(slack.NewButtonBlockElement(ActionDelegateAdd, "", unmarked(p.say("home.add", nil), maxLabel))))
	}
	return blocks
}

func (p page) homeCancelled(f HomeFacts) []slack.Block {
	blocks := stack(header(p.say("home.cancelled", nil)))
	if len(f.Cancelled) == 0 {
		blocks = append(blocks, section(p.say("home.cancelled_none", nil)))
	}
	for _, r := range f.Cancelled[:min(MaxHomeCancelled, len(f.Cancelled))] {
		blocks = append(blocks, section(p.happened(r), join(" · ", p.moment("short", r.ClosedAt), p.brief(r))))
	}
	return blocks
}

// moreCards says how many more cards there are.
func (p page) moreCards(n int) string {
	if n <= 0 {
		return ""
	}
	return p.count("count.more", n, nil)
}
