package demo

import (
	"slices"
	"strings"

	"meetingbot/internal/demo/mrkdwn"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// A sight is something people see: a message or a modal.
type sight struct {
	*sheet

	key     string // stays the same through all changes
	ref     slacksim.Ref
	thread  string // the parent's timestamp, for a reply
	edited  bool   // for a reply
	author  string
	heading string
	seers   []string
	view    string // id, for a modal or a Home tab
}

// text is all of it; it distinguishes versions.
func (s sight) text() string { return strings.Join(s.lines, "\n") }

// look returns everything that anybody sees, oldest first; then open Home tabs, then
// modals.
func (h *hand) look() []sight {
	st := h.Stage
	l := looking{Stage: st, at: map[slacksim.Ref]int{}, yours: map[string]bool{}, readers: map[string]mrkdwn.Reader{}}
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
	slices.SortStableFunc(l.all, func(a, b sight) int { return strings.Compare(a.ref.TS, b.ref.TS) })
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

// looking collects sights.
type looking struct {
	*stage.Stage
	all     []sight
	at      map[slacksim.Ref]int
	yours   map[string]bool // channels that you see: they are shown as you see them
	readers map[string]mrkdwn.Reader
}

// reader is how a person reads.
func (l *looking) reader(id string) mrkdwn.Reader {
	r, known := l.readers[id]
	if !known {
		r = l.Reader(id)
		l.readers[id] = r
	}
	return r
}

func (l *looking) message(p stage.Person, c slacksim.Channel, m slacksim.Message) {
	if i, known := l.at[m.Ref]; known {
		l.all[i].seers = append(l.all[i].seers, p.ID)
		return
	}
	read := l.reader(p.ID)
	if l.yours[c.ID] && !m.Ephemeral {
		read = l.reader(stage.You)
	}
	blocks := m.Blocks
	if len(blocks) == 0 {
		blocks = []slacksim.Block{{Type: "section", Text: &slacksim.Text{Type: "mrkdwn", Text: m.Text}}}
	}
	l.at[m.Ref] = len(l.all)
	l.all = append(l.all, sight{
		sheet: newSheet(read, blocks, m.Chosen), key: m.Channel + "/" + m.TS, ref: m.Ref, thread: m.ThreadTS, author: m.User,
		edited:  m.ThreadTS != "" && len(l.Slack.History(m.Ref)) > 1,
		heading: heading(p, c, m, read.Name), seers: []string{p.ID},
	})
}

// heading says where a message is and who reads it.
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

// homeKey is the key of a person's Home tab.
func homeKey(person string) string { return "home/" + person }

func (l *looking) home(p stage.Person) {
	h, published := l.Slack.Home(p.ID)
	if !published {
		return
	}
	s := newSheet(l.reader(p.ID), h.Blocks, h.Chosen)
	s.add(h.Notice)
	l.all = append(l.all, sight{sheet: s, key: homeKey(p.ID), heading: p.Name + ", Home tab:", seers: []string{p.ID}, view: h.ID})
}

func (l *looking) modal(p stage.Person) {
	m, open := l.Slack.Modal(p.ID)
	if !open {
		return
	}
	own := []control{{kind: shut, name: m.Close}}
	if m.Close == "" {
		own[0].name = "Close"
	}
	if m.Submit != "" {
		own = append([]control{{kind: submit, name: m.Submit}}, own...)
	}
	s := newSheet(l.reader(p.ID), m.Blocks, m.Chosen, own...)
	for _, wrong := range m.Errors {
		s.add(wrong)
	}
	s.add(m.Notice)
	l.all = append(l.all, sight{
		sheet: s, key: "modal/" + m.ID, heading: p.Name + ", a window, “" + m.Title + "”:", seers: []string{p.ID}, view: m.ID,
	})
}

// newest returns a person's newest sight with something to press or fill, which
// numbers refer to.
func newest(all []sight, person string) (sight, bool) {
	for _, s := range slices.Backward(all) {
		if len(s.controls) > 0 && slices.Contains(s.seers, person) {
			return s, true
		}
	}
	return sight{}, false
}
