package slacksim

import (
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// The limits on top-level text, in characters.
const (
	maxPostText   = 40000
	maxUpdateText = 4000
)

// posted is the response of chat.postMessage and chat.update.
type posted struct {
	success
	Channel string      `json:"channel"`
	TS      string      `json:"ts"`
	Text    string      `json:"text,omitempty"`
	Message wireMessage `json:"message"`
}

// wireMessage is a message as Slack sends it out.
type wireMessage struct {
	Type     string            `json:"type"`
	User     string            `json:"user"`
	TS       string            `json:"ts"`
	Text     string            `json:"text"`
	BotID    string            `json:"bot_id,omitempty"`
	AppID    string            `json:"app_id,omitempty"`
	Team     string            `json:"team,omitempty"`
	Blocks   []json.RawMessage `json:"blocks,omitempty"`
	ThreadTS string            `json:"thread_ts,omitempty"`
	Parent   string            `json:"parent_user_id,omitempty"`
	Replies  int               `json:"reply_count,omitempty"`
	Metadata json.RawMessage   `json:"metadata,omitempty"`
	Edited   *wireEdited       `json:"edited,omitempty"`

	Subtype     string       `json:"subtype,omitempty"`
	Files       []wireFile   `json:"files,omitempty"`
	Attachments []attachment `json:"attachments,omitempty"`
}

type wireEdited struct {
	User string `json:"user"`
	TS   string `json:"ts"`
}

// wire renders p as the API and payloads show it, with metadata only if requested. The lock
// is held.
func (s *Server) wire(p *post, r *room, metadata bool) wireMessage {
	c := p.now()
	m := wireMessage{
		Type: "message", User: p.user, TS: p.TS, Text: c.text, Team: s.opts.TeamID,
		Blocks: rawBlocks(c.blocks), ThreadTS: p.threadTS,
		Files: wireFiles(c.files), Attachments: c.attachments,
	}
	if len(c.files) > 0 {
		m.Subtype = "file_share"
	}
	if p.user == s.opts.BotUserID {
		m.BotID, m.AppID = s.opts.BotID, s.opts.AppID
	}
	if parent := r.byTS[p.threadTS]; parent != nil {
		m.Parent = parent.user
	}
	if n := len(r.threads[p.TS]); n > 0 {
		m.ThreadTS, m.Replies = p.TS, n
	}
	if metadata {
		m.Metadata = c.metadata
	}
	if c.edited {
		m.Edited = &wireEdited{User: p.user, TS: p.TS}
	}
	return m
}

func rawBlocks(blocks []Block) []json.RawMessage {
	var raw []json.RawMessage
	for _, b := range blocks {
		raw = append(raw, b.Raw)
	}
	return raw
}

// postMessage is https://docs.slack.dev/reference/methods/chat.postMessage.
func postMessage(c *call) (any, error) {
	s := c.s
	r, err := c.writableRoom()
	if err != nil {
		return nil, err
	}
	thread, err := c.thread(r)
	if err != nil {
		return nil, err
	}
	said, err := s.compose(c.method, c.args, maxPostText)
	if err != nil {
		return nil, err
	}
	for _, disguise := range []string{"username", "icon_emoji", "icon_url"} {
		if c.args[disguise] != "" {
			s.violate("chat.postMessage with %s: the message may end up where nobody answers it", disguise)
		}
	}
	if err := s.pace(r); err != nil {
		return nil, err
	}
	p := s.store(r, &post{user: s.opts.BotUserID, threadTS: thread, via: ViaAPI}, said)
	return posted{success: success{true}, Channel: r.ID, TS: p.TS, Message: s.wire(p, r, true)}, nil
}

// pace refuses a post that comes too soon after earlier ones in the same channel.
func (s *Server) pace(r *room) error {
	if s.opts.PostInterval <= 0 {
		return nil
	}
	now := s.opts.Now()
	ahead := r.nextDue.Sub(now)
	if spare := time.Duration(s.opts.PostBurst-1) * s.opts.PostInterval; ahead > spare {
		return &apiError{code: "ratelimited", wait: ahead - spare}
	}
	r.nextDue = now.Add(max(ahead, 0) + s.opts.PostInterval)
	return nil
}

// updateMessage is https://docs.slack.dev/reference/methods/chat.update.
func updateMessage(c *call) (any, error) {
	s := c.s
	p, r, err := c.ownMessage("cant_update_message")
	if err != nil {
		return nil, err
	}
	said, err := s.compose(c.method, c.args, maxUpdateText)
	if err != nil {
		return nil, err
	}
	if !c.has("metadata") {
		said.metadata = p.now().metadata
	}
	// A text-only update removes the blocks and is marked "(edited)".
	said.edited = !c.has("blocks")
	if said.edited && len(p.now().blocks) > 0 {
		s.violate("chat.update of %s with text only: its blocks are gone", p.TS)
	}
	s.revise(r, p, ViaAPI, said)
	return posted{success: success{true}, Channel: r.ID, TS: p.TS, Text: said.text, Message: s.wire(p, r, true)}, nil
}

// deleted is the response of chat.delete.
type deleted struct {
	success
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

// deleteMessage is https://docs.slack.dev/reference/methods/chat.delete.
func deleteMessage(c *call) (any, error) {
	p, r, err := c.ownMessage("cant_delete_message")
	if err != nil {
		return nil, err
	}
	c.s.remove(r, p)
	return deleted{success: success{true}, Channel: r.ID, TS: p.TS}, nil
}

// ephemeralPosted is the response of chat.postEphemeral.
type ephemeralPosted struct {
	success
	MessageTS string `json:"message_ts"`
}

// postEphemeral is https://docs.slack.dev/reference/methods/chat.postEphemeral.
func postEphemeral(c *call) (any, error) {
	s := c.s
	r, err := c.room()
	if err != nil {
		return nil, err
	}
	user := s.users[c.args["user"]]
	if user == nil || user.Deleted || !slices.Contains(r.Members, user.ID) {
		return nil, refuse("user_not_in_channel")
	}
	thread, err := c.thread(r)
	if err != nil {
		return nil, err
	}
	said, err := s.compose(c.method, c.args, maxPostText)
	if err != nil {
		return nil, err
	}
	p := s.store(r, &post{user: s.opts.BotUserID, threadTS: thread, ephemeralFor: user.ID, via: ViaAPI}, said)
	return ephemeralPosted{success: success{true}, MessageTS: p.TS}, nil
}

// permalink is the response of chat.getPermalink.
type permalink struct {
	success
	Channel   string `json:"channel"`
	Permalink string `json:"permalink"`
}

// getPermalink is https://docs.slack.dev/reference/methods/chat.getPermalink.
func getPermalink(c *call) (any, error) {
	r, err := c.room()
	if err != nil {
		return nil, err
	}
	p, _ := c.s.find(Ref{Channel: r.ID, TS: c.args["message_ts"]})
	if p == nil || p.ephemeralFor != "" {
		return nil, refuse("message_not_found")
	}
	link := c.s.opts.TeamURL + "archives/" + r.ID + "/p" + strings.Replace(p.TS, ".", "", 1)
	if p.threadTS != "" {
		link += "?thread_ts=" + p.threadTS + "&cid=" + r.ID
	}
	return permalink{success: success{true}, Channel: r.ID, Permalink: link}, nil
}

// ownMessage finds the message that the call wants to change. Ephemeral messages can't be
// found, and other people's can't be changed.
func (c *call) ownMessage(foreign string) (*post, *room, error) {
	r, err := c.room()
	if err != nil {
		return nil, nil, err
	}
	p, _ := c.s.find(Ref{Channel: r.ID, TS: c.args["ts"]})
	switch {
	case p == nil || p.ephemeralFor != "":
		return nil, nil, refuse("message_not_found")
	case p.user != c.s.opts.BotUserID:
		return nil, nil, refuse(foreign)
	case r.Archived:
		return nil, nil, refuse("is_archived")
	}
	return p, r, nil
}
