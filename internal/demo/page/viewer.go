package page

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/demo/mrkdwn"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// A viewer is who looks, and at what. It stands in the address of a page.
type viewer struct {
	Person  stage.Person
	Channel string // id, or that of the Home tab
	Where   string // what the channel is called
	Thread  string // timestamp of the parent of the thread that is open, or empty
}

// homeTab stands for a channel where the viewer is in the app's Home tab.
const homeTab = "home"

// AtHome reports whether the viewer is in the app's Home tab.
func (v viewer) AtHome() bool { return v.Channel == homeTab }

// viewerOf reads the address or the form of a request. What is not known, or
// not this person's to see, is replaced: a page can always be shown.
func (s *Server) viewerOf(r *http.Request) viewer {
	person, known := stage.Find(r.FormValue("as"))
	if !known {
		person, _ = stage.Find(stage.You)
	}
	v := viewer{Person: person, Channel: r.FormValue("in"), Thread: r.FormValue("thread")}
	if v.AtHome() {
		v.Thread, v.Where = "", "Meetingbot, Home"
		return v
	}
	channels := s.stage.Slack.Channels(person.ID)
	here := func(c slacksim.Channel) bool { return c.ID == v.Channel }
	if !slices.ContainsFunc(channels, here) {
		v.Channel, v.Thread = stage.General, ""
	}
	if i := slices.IndexFunc(channels, here); i >= 0 {
		v.Where = channelName(channels[i])
	}
	return v
}

// Address is that of the page.
func (v viewer) Address() string {
	q := url.Values{"as": {v.Person.ID}, "in": {v.Channel}}
	if v.Thread != "" {
		q.Set("thread", v.Thread)
	}
	return "/?" + q.Encode()
}

// As is the same place seen by somebody else, as far as they see it.
func (v viewer) As(p stage.Person) viewer {
	v.Person = p
	return v
}

// In is another channel seen by the same person.
func (v viewer) In(channel string) viewer {
	return viewer{Person: v.Person, Channel: channel}
}

// WithThread is the same channel with a thread beside it.
func (v viewer) WithThread(ts string) viewer {
	v.Thread = ts
	return v
}

// A view is all that is looked up once for everything that a viewer sees.
type view struct {
	viewer
	read mrkdwn.Reader
}

func (s *Server) view(v viewer) view { return view{viewer: v, read: s.stage.Reader(v.Person.ID)} }

// zone is where the viewer lives.
func (v view) zone() *time.Location {
	if v.read.Zone == nil {
		return time.UTC
	}
	return v.read.Zone
}

// author is who wrote a message, and the class of their picture.
func (v view) author(m slacksim.Message) (name, class string) {
	if p, known := stage.Find(m.User); known {
		return p.RealName, "person-" + p.Name
	}
	if m.User == slacksim.SlackbotID {
		return "Slackbot", "slackbot"
	}
	return cmp.Or(v.read.Name(m.User), m.User), "app"
}

// archive is how the addresses of messages begin in the simulated Slack. They
// lead nowhere outside, so the page leads to its own.
const archive = "https://sim.slack.com/archives/"

// local makes links to messages lead to this page.
func (v view) local(spans []mrkdwn.Span) []mrkdwn.Span {
	for i, s := range spans {
		spans[i].Inside = v.local(s.Inside)
		place, found := strings.CutPrefix(s.URL, archive)
		if !found {
			continue
		}
		place, _, _ = strings.Cut(place, "?")
		channel, name, _ := strings.Cut(place, "/p")
		to := v.In(channel)
		if len(name) > 6 {
			to = to.WithThread(name[:len(name)-6] + "." + name[len(name)-6:])
		}
		spans[i].URL = to.Address()
	}
	return spans
}
