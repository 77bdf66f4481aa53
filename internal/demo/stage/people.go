package stage

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
)

// A Person is a person you can act as.
type Person struct {
	ID, Name string // of Slack; Name is the first name
	RealName string
	Role     string // why you would want to be this person
	Locale   string
	Zone     string // IANA name
	City     string // to name the time zone by
	Guest    bool
	Meetings bool // has an account at the Meeting service
}

// The people's ids. You is the person at the terminal.
const (
	You   = "U0ANA"
	bob   = "U0BOB"
	carol = "U0CAROL"
	lin   = "U0LIN"
	dave  = "U0DAVE"
	gina  = "U0GINA"
)

// People returns the people in the order of introduction. Each sees dates in their time
// zone, and messages only they can see in their language.
func People() []Person {
	return []Person{
		{ID: You, Name: "Ana", RealName: "Ana Souza", Role: "assistant, may cancel any meeting", Locale: "en-US", Zone: "America/Sao_Paulo", City: "São Paulo", Meetings: true},
		{ID: carol, Name: "Carol", RealName: "Carol Jones", Role: "owns some meetings", Locale: "en-US", Zone: "America/New_York", City: "New York", Meetings: true},
		{ID: bob, Name: "Bob", RealName: "Bob Miller", Role: "owns some meetings", Locale: "en-GB", Zone: "Europe/London", City: "London", Meetings: true},
		{ID: lin, Name: "Lin", RealName: "Lin Wei", Role: "owns a series, reads Chinese", Locale: "zh-CN", Zone: "Asia/Shanghai", City: "Shanghai", Meetings: true},
		{ID: dave, Name: "Dave", RealName: "Dave Brown", Role: "owns nothing, may cancel nothing", Locale: "en-US", Zone: "Atlantic/Reykjavik", City: "Reykjavík"},
		{ID: gina, Name: "Gina", RealName: "Gina Rossi", Role: "guest, may never cancel", Locale: "en-US", Zone: "Europe/Rome", City: "Rome", Guest: true},
	}
}

// Clock returns the person's time zone by city, with its current offset from UTC.
func (p Person) Clock() string {
	zone, err := time.LoadLocation(p.Zone)
	if err != nil {
		return "UTC"
	}
	name, offset := "UTC", 0
	if _, offset = time.Now().In(zone).Zone(); offset != 0 {
		sign := '+'
		if offset < 0 {
			sign, offset = '−', -offset
		}
		name = fmt.Sprintf("UTC%c%d", sign, offset/3600)
		if minutes := offset / 60 % 60; minutes != 0 {
			name += fmt.Sprintf(":%02d", minutes)
		}
	}
	return p.City + " time, " + name
}

// Find returns the person with that id or first name, ignoring the name's case.
func Find(name string) (Person, bool) {
	all := People()
	i := slices.IndexFunc(all, func(p Person) bool { return p.ID == name || strings.EqualFold(p.Name, name) })
	if i < 0 {
		return Person{}, false
	}
	return all[i], true
}

// General is the channel that everyone and the bot are in.
const General = "C0GENERAL"

// channels returns the channels. The bot isn't in the private one, which shows how it
// answers there.
func channels() []slacksim.Channel {
	var everybody []string
	for _, p := range People() {
		everybody = append(everybody, p.ID)
	}
	return []slacksim.Channel{
		{ID: General, Name: "general", BotMember: true, Members: everybody},
		{ID: "C0RANDOM", Name: "random", Members: everybody},
		{ID: "C0OFFICE", Name: "office-move", Private: true, Members: []string{You, bob, carol}},
	}
}

// populate adds the people, channels and meetings to both services.
func (s *Stage) populate() {
	accounts := map[string]string{}
	for _, p := range People() {
		email := strings.ToLower(p.Name) + "@example.com"
		s.Slack.AddUser(slacksim.User{
			ID: p.ID, Name: strings.ToLower(p.Name), RealName: p.RealName, Email: email, Locale: p.Locale, TZ: p.Zone, Restricted: p.Guest,
		})
		if p.Meetings {
			u := s.Meetings.AddUser(meetingsim.User{Account: strings.ToLower(p.Name), Name: p.RealName, Email: email})
			accounts[p.ID] = u.UUID
		}
	}
	for _, c := range channels() {
		s.Slack.AddChannel(c)
	}
	for _, m := range meetings(accounts, time.Now()) {
		s.Meetings.AddMeeting(m)
	}
	for _, p := range People() {
		s.Slack.DM(p.ID)
	}
}

// The numbers of meetings that the demo's texts mention.
const (
	Planned   = "914087436"
	Running   = "914222333"
	Recurring = "914333444"
	Room      = "900123456"
	Ended     = "914666777"
)

// meetings returns the booked meetings, around now.
func meetings(owner map[string]string, now time.Time) []meetingsim.Meeting {
	hour, day := now.Truncate(time.Hour), now.UTC().Truncate(24*time.Hour)
	in := func(hours int) time.Time { return hour.Add(time.Duration(hours) * time.Hour) }
	on := func(days, hours int) time.Time { return day.Add(time.Duration(24*days+hours) * time.Hour) }
	ill := tomorrow(now)
	return []meetingsim.Meeting{
		{ID: Planned, Subject: "Quarterly planning", OwnerUUID: owner[carol], Start: on(1, 14), Length: 90 * time.Minute, Invitees: invitees(owner)},
		{ID: Running, Subject: "Supplier call", OwnerUUID: owner[bob], Start: now.Add(-12 * time.Minute), State: meetingsim.StateRunning, People: 4},
		{ID: Recurring, Subject: "Weekly team sync", OwnerUUID: owner[lin], Start: on(2, 8), Length: 30 * time.Minute, Series: &meetingsim.Series{Cycle: "Week"}},
		{ID: "914500001", VMRID: Room, Subject: "Board dry run", OwnerUUID: owner[carol], Start: in(3)},
		{ID: "914500002", VMRID: Room, Subject: "Board meeting", OwnerUUID: owner[carol], Start: in(5), Length: 2 * time.Hour},
		{ID: "914111222", Subject: "Ana and Bob", OwnerUUID: owner[You], Start: in(4), Length: 30 * time.Minute},
		{ID: "914888001", Subject: "Budget forecast", OwnerUUID: owner[You], Start: ill.Add(10 * time.Hour), Length: 30 * time.Minute},
		{ID: "914888002", Subject: "Interview with Sam", OwnerUUID: owner[You], Start: ill.Add(14 * time.Hour)},
		{ID: "914777888", Subject: "Design review", OwnerUUID: owner[bob], Start: on(1, 16)},
		{ID: Ended, Subject: "Kick-off", OwnerUUID: owner[carol], Start: now.Add(-3 * time.Hour), State: meetingsim.StateEnded},
	}
}

// invitees returns everyone with an account at the Meeting service, and some people who are
// not in Slack.
func invitees(account map[string]string) []meetingsim.Invitee {
	var all []meetingsim.Invitee
	for _, p := range People() {
		if p.Meetings {
			all = append(all, meetingsim.Invitee{Name: p.RealName, UserUUID: account[p.ID], Email: strings.ToLower(p.Name) + "@example.com", Host: p.ID == carol})
		}
	}
	for _, name := range []string{"Aiko", "Ben", "Chen", "Devi", "Emma", "Farid", "Grace", "Hugo"} {
		all = append(all, meetingsim.Invitee{Name: name, Email: strings.ToLower(name) + "@customer.example"})
	}
	return all
}

// tomorrow returns when the next day starts in your time zone.
func tomorrow(now time.Time) time.Time {
	if you, ok := Find(You); ok {
		if zone, err := time.LoadLocation(you.Zone); err == nil {
			now = now.In(zone)
		}
	}
	return time.Date(now.Year(), now.Month(), now.Day()+1, 0, 0, 0, 0, now.Location())
}
