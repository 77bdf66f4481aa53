package slacksim

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"
)

// A Ref identifies one message by its channel and timestamp.
type Ref struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

// Ways a message can arrive, as in [Message.Via].
const (
	ViaAPI         = "api"          // a chat.* method
	ViaResponseURL = "response_url" // a response URL
	ViaAck         = "ack"          // the payload of an acknowledgement
	ViaPerson      = "person"       // typed by a person
	ViaSlack       = "slack"        // Slack's own message, such as that a command failed
)

// A Message is one message as one reader sees it: a copy of the state at the time of the call.
type Message struct {
	Ref
	User     string `json:"user"`      // the author; [SlackbotID] for Slack's own messages
	ThreadTS string `json:"thread_ts"` // the parent's timestamp in a reply, else empty
	Text     string `json:"text"`      // top-level: what notifications and screen readers use
	Layout
	Ephemeral    bool            `json:"ephemeral"`
	EphemeralFor string          `json:"ephemeral_for"` // the only reader of an ephemeral message
	Edited       bool            `json:"edited"`        // shows the mark "(edited)"
	Metadata     json.RawMessage `json:"metadata"`
	Via          string          `json:"via"`
	Replies      int             `json:"replies"` // visible ones in its thread
	Since        time.Time       `json:"since"`   // when this version appeared

	Files       []File          `json:"files,omitempty"`       // e-mails
	Attachments json.RawMessage `json:"attachments,omitempty"` // a forwarded message, or what an app attached
}

// Body returns what readers see of the message: its blocks or, without any, a section with
// its text.
func (m Message) Body() Layout {
	if len(m.Blocks) == 0 {
		m.Blocks = []Block{{Type: "section", Text: &Text{Type: "mrkdwn", Text: m.Text}}}
	}
	return m.Layout
}

// SlackbotID is the author of Slack's own messages.
const SlackbotID = "USLACKBOT"

// room is a channel and its messages.
type room struct {
	Channel
	posts   []*post // top level, oldest first
	byTS    map[string]*post
	threads map[string][]*post // by the parent's timestamp, oldest first
	nextDue time.Time          // when the posting rate will have recovered; see pace
}

// post is a stored message with all versions of its content.
type post struct {
	Ref
	user, threadTS, ephemeralFor, via string
	deleted, edited                   bool
	versions                          []content
	inputs                            map[string]inputs // per person: their choices in it
}

// content is one version of a message's content.
type content struct {
	text     string
	blocks   []Block
	metadata json.RawMessage
	edited   bool
	at       time.Time
	via      string

	files       []File
	attachments []attachment
}

func (p *post) now() content { return p.versions[len(p.versions)-1] }

// change makes c the newest version and drops inputs that no longer exist in it.
func (p *post) change(c content) {
	p.edited = p.edited || c.edited
	c.edited = p.edited
	p.versions = append(p.versions, c)
	for _, in := range p.inputs {
		in.keepOnly(c.blocks)
	}
}

// visibleTo reports whether a user who can read the channel sees p.
func (p *post) visibleTo(user string) bool {
	return !p.deleted && (p.ephemeralFor == "" || p.ephemeralFor == user)
}

// stamp returns the next timestamp: the current time, but always later than the previous stamp.
func (s *Server) stamp() string {
	now := s.opts.Now().Truncate(time.Microsecond)
	if !now.After(s.lastStamp) {
		now = s.lastStamp.Add(time.Microsecond)
	}
	s.lastStamp = now
	return fmt.Sprintf("%d.%06d", now.Unix(), now.Nanosecond()/1000)
}

// store gives p a timestamp and adds it to r. The lock is held.
func (s *Server) store(r *room, p *post, c content) *post {
	p.Ref = Ref{Channel: r.ID, TS: s.stamp()}
	c.at, c.via = s.opts.Now(), p.via
	p.versions = []content{c}
	p.inputs = make(map[string]inputs)
	r.byTS[p.TS] = p
	if p.threadTS == "" {
		r.posts = append(r.posts, p)
	} else {
		r.threads[p.threadTS] = append(r.threads[p.threadTS], p)
	}
	s.showPost(ShownMessage, r, p)
	return p
}

// find returns the post, or nil if it doesn't exist or was deleted. The lock is held.
func (s *Server) find(ref Ref) (*post, *room) {
	r, ok := s.rooms[ref.Channel]
	if !ok {
		return nil, nil
	}
	p, ok := r.byTS[ref.TS]
	if !ok || p.deleted {
		return nil, r
	}
	return p, r
}

// tell shows one person a message from Slack itself. The lock is held.
func (s *Server) tell(user string, r *room, threadTS, text string) {
	s.store(r, &post{user: SlackbotID, ephemeralFor: user, threadTS: threadTS, via: ViaSlack}, content{text: text})
}

// Messages returns what the viewer sees in the channel, oldest first: the top level and
// the viewer's own ephemeral messages. It returns nothing if the viewer can't read the
// channel. For replies use [Server.Thread].
func (s *Server) Messages(channel, viewer string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rooms[channel]
	if !ok || !s.canRead(viewer, r) {
		return nil
	}
	return s.show(r, r.posts, viewer)
}

// Thread returns the replies under the message that the viewer sees, oldest first and
// without the parent.
func (s *Server) Thread(parent Ref, viewer string) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rooms[parent.Channel]
	if !ok || !s.canRead(viewer, r) {
		return nil
	}
	return s.show(r, r.threads[parent.TS], viewer)
}

// DMs returns what the user sees in their direct messages with the bot.
func (s *Server) DMs(user string) []Message { return s.Messages(s.DM(user), user) }

// Message returns the newest version of the message, even an ephemeral one, with dates in UTC.
func (s *Server) Message(ref Ref) (Message, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, r := s.find(ref)
	if p == nil {
		return Message{}, false
	}
	return render(r, p, p.now(), p.ephemeralFor, s.reader(p.ephemeralFor)), true
}

// History returns all versions of the message, oldest first, even if it was deleted.
func (s *Server) History(ref Ref) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rooms[ref.Channel]
	if !ok || r.byTS[ref.TS] == nil {
		return nil
	}
	p := r.byTS[ref.TS]
	var all []Message
	for _, c := range p.versions {
		all = append(all, render(r, p, c, p.ephemeralFor, s.reader(p.ephemeralFor)))
	}
	return all
}

// Reload does what the user's client does after a restart or on another device: it
// drops their ephemeral messages for good.
func (s *Server) Reload(user string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rooms {
		for _, ts := range slices.Sorted(maps.Keys(r.byTS)) {
			if p := r.byTS[ts]; p.ephemeralFor == user && !p.deleted {
				s.remove(r, p)
			}
		}
	}
}

// Delete removes anyone's message, as an admin can. It reports whether the message existed.
func (s *Server) Delete(ref Ref) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, r := s.find(ref)
	if p == nil {
		return false
	}
	s.remove(r, p)
	return true
}

func (s *Server) show(r *room, posts []*post, viewer string) []Message {
	var seen []Message
	reader := s.reader(viewer)
	for _, p := range posts {
		if p.visibleTo(viewer) {
			seen = append(seen, render(r, p, p.now(), viewer, reader))
		}
	}
	return seen
}

func render(r *room, p *post, c content, viewer string, reader reader) Message {
	replies := 0
	for _, reply := range r.threads[p.TS] {
		if reply.visibleTo(viewer) {
			replies++
		}
	}
	return Message{
		Ref: p.Ref, User: p.user, ThreadTS: p.threadTS, Text: c.text,
		Ephemeral: p.ephemeralFor != "", EphemeralFor: p.ephemeralFor, Edited: c.edited,
		Metadata: c.metadata, Via: p.via, Replies: replies, Since: c.at,
		Files: slices.Clone(c.files), Attachments: rawAttachments(c.attachments),
		Layout: Layout{slices.Clone(c.blocks), reader.with(p.inputs[viewer]).attached(c)},
	}
}
