package page

import (
	"slices"
	"strings"

	"meetingbot/internal/slacksim"
)

// regions returns everything the viewer sees that can change.
func (s *Server) regions(viewer viewer) []region {
	v := s.view(viewer)
	messages := s.stage.Slack.Messages(v.Channel, v.Person.ID)
	conversation := s.messages(v, messages)
	if v.AtHome() {
		conversation = s.home(v)
	}
	regions := []region{
		{ID: "channels", Pieces: s.channels(v)},
		{ID: "messages", Pieces: conversation},
		{ID: "replies", Pieces: s.replies(v, messages)},
		{ID: "window", Pieces: s.window(v)},
		{ID: "meetings", Pieces: s.meetings(v)},
		{ID: "calls", Pieces: s.calls(v)},
		{ID: "faults", Pieces: s.faults()},
		{ID: "bot", Pieces: s.bot()},
	}
	s.markRead(v, messages)
	return regions
}

// A channelLine is one conversation in the list.
type channelLine struct {
	To        viewer
	Name      string // with its sign
	Private   bool
	Here, New bool
}

// channels returns the viewer's conversations, marking those with unread messages.
func (s *Server) channels(v view) []piece {
	var all []piece
	for _, c := range s.stage.Slack.Channels(v.Person.ID) {
		line := channelLine{To: v.In(c.ID), Name: channelName(c), Private: c.Private, Here: c.ID == v.Channel}
		messages := s.stage.Slack.Messages(c.ID, v.Person.ID)
		line.New = !line.Here && len(messages) > 0 && messages[len(messages)-1].TS > s.lastRead(v, c.ID)
		all = append(all, s.pieceOf("channel-"+c.ID, "channel", line, c.Name, line.New))
	}
	tab := channelLine{To: v.In(homeTab), Name: "Meetingbot, Home", Here: v.AtHome()}
	return append(all, s.pieceOf("channel-"+homeTab, "channel", tab))
}

// channelName returns the name that people see.
func channelName(c slacksim.Channel) string {
	if c.IM {
		return "Meetingbot"
	}
	return "#" + c.Name
}

func (s *Server) lastRead(v view, channel string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.read[v.Person.ID][channel]
}

// markRead records that the viewer has seen the channel's messages.
func (s *Server) markRead(v view, messages []slacksim.Message) {
	if len(messages) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.read[v.Person.ID] == nil {
		s.read[v.Person.ID] = map[string]string{}
	}
	s.read[v.Person.ID][v.Channel] = messages[len(messages)-1].TS
}

// messages returns a piece for each message.
func (s *Server) messages(v view, messages []slacksim.Message) []piece {
	all := make([]piece, 0, len(messages))
	for _, m := range messages {
		all = append(all, s.message(v, m, "message-"))
	}
	return all
}

// replies returns the open thread, parent first.
func (s *Server) replies(v view, messages []slacksim.Message) []piece {
	i := slices.IndexFunc(messages, func(m slacksim.Message) bool { return v.Thread != "" && m.TS == v.Thread })
	if i < 0 {
		return nil
	}
	all := []piece{s.message(v, messages[i], "parent-")}
	for _, m := range s.stage.Slack.Thread(messages[i].Ref, v.Person.ID) {
		all = append(all, s.message(v, m, "reply-"))
	}
	return all
}

func (s *Server) message(v view, m slacksim.Message, prefix string) piece {
	data := newMessage(v, m)
	data.ID = prefix + strings.ReplaceAll(m.TS, ".", "-")
	data.InThread = prefix != "message-"
	return s.pieceOf(data.ID, "message", data, m.Text, m.Replies, m.Edited, raw(m.Layout))
}

// raw returns the blocks as they were sent.
func raw(l slacksim.Layout) string {
	var all strings.Builder
	for _, b := range l.Blocks {
		all.Write(b.Raw)
	}
	return all.String()
}

// home returns the view that the app has published to the viewer's Home tab.
func (s *Server) home(v view) []piece {
	h, published := s.stage.Slack.Home(v.Person.ID)
	if !published {
		return []piece{s.pieceOf("home-empty", "no-home", nil)}
	}
	return []piece{s.pieceOf("home-"+h.ID, "home", home{h, v}, raw(h.Layout), h.Notice)}
}

// window returns the viewer's open modal, if any.
func (s *Server) window(v view) []piece {
	m, open := s.stage.Slack.Modal(v.Person.ID)
	if !open {
		return nil
	}
	return []piece{s.pieceOf("window-"+m.ID, "window", window{m, v}, raw(m.Layout), m.Errors, m.Notice)}
}
