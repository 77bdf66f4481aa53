package demo

import (
	"cmp"
	"slices"
	"strings"

	"meetingbot/internal/demo/mrkdwn"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// An item is something people see: a message or a modal.
type item struct {
	*sheet

	key       string // stays the same when it changes
	ref       slacksim.Ref
	thread    string // the parent's timestamp, for a reply
	edited    bool   // for a reply
	author    string
	heading   string
	visibleTo []string
	view      string // id, for a modal or a Home tab
}

// text returns the whole text, which tells versions apart.
func (s item) text() string { return strings.Join(s.lines, "\n") }

// look returns everything that anyone sees at one moment: messages, oldest first, then open
// Home tabs, then modals.
func (h *actor) look() []item {
	pulse, stop := h.Slack.Watch()
	defer stop()
	for {
		all := h.collect()
		select {
		case <-pulse: // a card read before the change must not appear with a reply posted after it
		default:
			return all
		}
	}
}

// collect is look, but changes may take effect while it reads.
func (h *actor) collect() []item {
	st := h.Stage
	l := collector{Stage: st, at: map[slacksim.Ref]int{}, yours: map[string]bool{}, readers: map[string]mrkdwn.Reader{}}
	for _, p := range stage.People() {
		for _, c := range st.Slack.Channels(p.ID) {
			l.yours[c.ID] = l.yours[c.ID] || p.ID == stage.You
			for _, m := range st.Slack.Messages(c.ID, p.ID) {
				l.message(p, c, m)
				if m.Replies > 0 {
					for _, reply := range st.Slack.Thread(m.Ref, p.ID) {
						l.message(p, c, reply)
					}
				}
			}
		}
	}
	slices.SortStableFunc(l.all, func(a, b item) int { return strings.Compare(a.ref.TS, b.ref.TS) })
	for _, p := range stage.People() {
		if h.atHome[p.ID] {
			l.home(p)
		}
	}
	for _, p := range stage.People() {
		l.modal(p)
	}
	return l.all
}

// A collector collects items.
type collector struct {
	*stage.Stage
	all     []item
	at      map[slacksim.Ref]int
	yours   map[string]bool // channels that you are in, which are shown as you see them
	readers map[string]mrkdwn.Reader
}

// reader returns a person's reader.
func (l *collector) reader(id string) mrkdwn.Reader {
	r, known := l.readers[id]
	if !known {
		r = l.Reader(id)
		l.readers[id] = r
	}
	return r
}

// sheet renders blocks as a person reads them. Its hints begin with the person's name unless
// that is you.
func (l *collector) sheet(p stage.Person, body slacksim.Layout, ownButtons ...control) *sheet {
	as := ""
	if p.ID != stage.You {
		as = handle(p) + " "
	}
	return newSheet(as, l.reader(p.ID), body, ownButtons...)
}

func (l *collector) message(p stage.Person, c slacksim.Channel, m slacksim.Message) {
	if i, known := l.at[m.Ref]; known {
		l.all[i].visibleTo = append(l.all[i].visibleTo, p.ID)
		return
	}
	who := p
	if l.yours[c.ID] && !m.Ephemeral {
		who, _ = stage.Find(stage.You)
	}
	l.at[m.Ref] = len(l.all)
	l.all = append(l.all, item{
		sheet: l.sheet(who, m.Body()), key: m.Channel + "/" + m.TS, ref: m.Ref, thread: m.ThreadTS, author: m.User,
		edited:  m.ThreadTS != "" && len(l.Slack.History(m.Ref)) > 1,
		heading: heading(p, c, m, l.reader(who.ID).Name), visibleTo: []string{p.ID},
	})
}

// heading says where a message is and who sees it.
func heading(p stage.Person, c slacksim.Channel, m slacksim.Message, name func(string) string) string {
	where := "#" + c.Name
	if m.ThreadTS != "" {
		where += ", in the thread"
	}
	switch {
	case c.IM && m.ThreadTS != "":
		return p.Name + ", direct message, in the thread:"
	case c.IM:
		return p.Name + ", direct message:"
	case m.Ephemeral:
		return p.Name + ", only " + p.Name + " sees this in " + where + ":"
	case m.Via == slacksim.ViaPerson:
		return where + ", " + name(m.User) + ":"
	}
	return where + ":"
}

// homeKey returns the key of a person's Home tab.
func homeKey(person string) string { return "home/" + person }

func (l *collector) home(p stage.Person) {
	h, published := l.Slack.Home(p.ID)
	if !published {
		return
	}
	s := l.sheet(p, h.Layout)
	s.add(h.Notice)
	l.all = append(l.all, item{sheet: s, key: homeKey(p.ID), heading: p.Name + ", Home tab:", visibleTo: []string{p.ID}, view: h.ID})
}

func (l *collector) modal(p stage.Person) {
	m, open := l.Slack.Modal(p.ID)
	if !open {
		return
	}
	own := []control{{kind: shut, name: cmp.Or(m.Close, "Close")}}
	if m.Submit != "" {
		own = append([]control{{kind: submit, name: m.Submit}}, own...)
	}
	s := l.sheet(p, m.Layout, own...)
	for _, wrong := range m.Errors {
		s.add(wrong)
	}
	s.add(m.Notice)
	l.all = append(l.all, item{
		sheet: s, key: "modal/" + m.ID, heading: p.Name + ", a window, “" + m.Title + "”:", visibleTo: []string{p.ID}, view: m.ID,
	})
}

// newest returns the person's newest item with controls, which numbers refer to.
func newest(all []item, person string) (item, bool) {
	for _, s := range slices.Backward(all) {
		if len(s.controls) > 0 && slices.Contains(s.visibleTo, person) {
			return s, true
		}
	}
	return item{}, false
}
