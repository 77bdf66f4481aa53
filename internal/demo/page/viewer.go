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

// A viewer is a person and the place they are looking at, as in a page's address.
type viewer struct {
	Person  stage.Person
	Channel string // id, or that of the Home tab
	Where   string // the channel's name
	Thread  string // timestamp of the open thread's parent, or empty
}

// homeTab is the Channel of a viewer in the app's Home tab.
const homeTab = "home"

// AtHome reports whether the viewer is in the app's Home tab.
func (v viewer) AtHome() bool { return v.Channel == homeTab }

// viewerOf returns the viewer in the address or form of a request. It replaces anything
// unknown, or that the person may not see, so that there is always a page to show.
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

// Address returns the page's address.
func (v viewer) Address() string {
	q := url.Values{"as": {v.Person.ID}, "in": {v.Channel}}
	if v.Thread != "" {
		q.Set("thread", v.Thread)
	}
	return "/?" + q.Encode()
}

// As returns the same place seen by another person, as far as they can see it.
func (v viewer) As(p stage.Person) viewer {
	v.Person = p
	return v
}

// In returns another channel seen by the same person.
func (v viewer) In(channel string) viewer {
	return viewer{Person: v.Person, Channel: channel}
}

// WithThread returns the same channel with a thread open.
func (v viewer) WithThread(ts string) viewer {
	v.Thread = ts
	return v
}

// A view is a viewer with what is looked up once per page.
type view struct {
	viewer
	read mrkdwn.Reader
}

func (s *Server) view(v viewer) view { return view{viewer: v, read: s.stage.Reader(v.Person.ID)} }

// zone returns the viewer's time zone.
func (v view) zone() *time.Location { return cmp.Or(v.read.Zone, time.UTC) }

// author returns who wrote a message, and the CSS class of their picture.
func (v view) author(m slacksim.Message) (name, class string) {
	if p, known := stage.Find(m.User); known {
		return p.RealName, "person-" + p.Name
	}
	if m.User == slacksim.SlackbotID {
		return "Slackbot", "slackbot"
	}
	return cmp.Or(v.read.Name(m.User), m.User), "app"
}

// archive is the prefix of links to messages in the simulated Slack. They don't exist
// outside of it, so the page replaces them with its own.
const archive = "https://sim.slack.com/archives/"

// local makes links to messages point to this page.
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
