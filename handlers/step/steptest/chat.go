package steptest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"meetingbot/bot"
	"meetingbot/meetingapi"
)

func id(number string) meetingapi.ID { return meetingapi.ID(number) }

// A Chat is a stub of Slack: it knows people, and records what was said to whom.
type Chat struct {
	Scopes bool             // the history scopes are granted
	Search func()           // called while a message is searched for; may be nil
	Said   func(how string) // called after something was said; may be nil

	Linked atomic.Int32 // permalinks fetched
	Modals atomic.Int32 // windows opened

	directory

	said   []saying
	homes  []bot.Home
	hashes []string
}

// A saying is one message that someone sees.
type saying struct {
	how, to, text, blocks string

	mark *bot.Metadata // to find the message by
}

func newChat() *Chat {
	return &Chat{directory: directory{
		people: everyone(), asked: map[bot.UserID]int{},
		faults: faults{fails: map[string][]error{}, slow: map[string]time.Duration{}},
	}}
}

// Homes returns the Homes that were published.
func (s *Chat) Homes() []bot.Home {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.homes)
}

// Hashes returns the hash that each publish was to replace.
func (s *Chat) Hashes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.hashes)
}

func (s *Chat) say(ctx context.Context, how, to string, m bot.Message) error {
	if err := s.call(ctx, how); err != nil {
		return err
	}
	var blocks strings.Builder
	e := json.NewEncoder(&blocks)
	e.SetEscapeHTML(false)
	if err := e.Encode(m.Blocks); err != nil {
		return err
	}
	s.mu.Lock()
	s.said = append(s.said, saying{how, to, m.Text, blocks.String(), m.Metadata})
	s.mu.Unlock()
	if s.Said != nil {
		s.Said(how)
	}
	return nil
}

// Texts returns the texts said in one way to one place, the oldest first.
func (s *Chat) Texts(how, to string) []string {
	return s.each(how, to, func(one saying) string { return one.text })
}

// Shown is like Texts but includes the blocks, which is what people see and can press.
func (s *Chat) Shown(how, to string) []string {
	return s.each(how, to, func(one saying) string { return one.text + "\n" + one.blocks })
}

func (s *Chat) each(how, to string, of func(saying) string) (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.said {
		if one.how == how && one.to == to {
			all = append(all, of(one))
		}
	}
	return all
}

// WasTold reports whether a person was told something with these words, visible to them only.
func (s *Chat) WasTold(who, words string) bool {
	return slices.ContainsFunc(slices.Concat(s.Texts("ephemeral", who), s.Texts("respond", who)), func(text string) bool {
		return strings.Contains(text, words)
	})
}

// Button returns what a button with this action looks like among the blocks of a message.
func Button(action string) string { return `"action_id":"` + action + `"` }

// Shows reports whether the last message visible to a person only has part in its blocks.
func (s *Chat) Shows(who, part string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range slices.Backward(s.said) {
		if one.to == who && (one.how == "ephemeral" || one.how == "respond") {
			return strings.Contains(one.blocks, part)
		}
	}
	return false
}

// Card returns what the card said last.
func (s *Chat) Card() string {
	all := slices.Concat(s.Texts("reply", Channel), s.Texts("update", Channel+"/1"))
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

func (s *Chat) Identify(ctx context.Context) (bot.Identity, error) {
	return bot.Identity{Team: Team}, s.call(ctx, "identify")
}

func (s *Chat) GroupMembers(ctx context.Context, _ bot.GroupID) ([]bot.UserID, error) {
	return nil, s.call(ctx, "group")
}

// Respond says it to the person whose URL it is.
func (s *Chat) Respond(ctx context.Context, to bot.Secret, r bot.Response) error {
	url := to.Reveal()
	return s.say(ctx, "respond", url[strings.LastIndex(url, "/")+1:], r.Message)
}

func (s *Chat) Ephemeral(ctx context.Context, _ bot.ChannelID, user bot.UserID, _ string, m bot.Message) error {
	return s.say(ctx, "ephemeral", string(user), m)
}

func (s *Chat) DM(ctx context.Context, user bot.UserID, m bot.Message) (bot.MessageRef, error) {
	if err := s.say(ctx, "dm", string(user), m); err != nil {
		return bot.MessageRef{}, err
	}
	return bot.MessageRef{Channel: bot.ChannelID("D" + user), TS: "1"}, nil
}

func (s *Chat) DirectChannel(ctx context.Context, user bot.UserID) (bot.ChannelID, error) {
	return bot.ChannelID("D" + user), s.call(ctx, "direct")
}

// Post posts; a card is the first message of its channel.
func (s *Chat) Post(ctx context.Context, parent bot.MessageRef, m bot.Message) (bot.MessageRef, error) {
	to := strings.Trim(string(parent.Channel)+"/"+parent.TS, "/")
	return bot.MessageRef{Channel: parent.Channel, TS: "1"}, s.say(ctx, "reply", to, m)
}

func (s *Chat) Update(ctx context.Context, ref bot.MessageRef, m bot.Message) error {
	return s.say(ctx, "update", string(ref.Channel)+"/"+ref.TS, m)
}

func (s *Chat) OpenModal(ctx context.Context, _ string, _ bot.Modal) error {
	err := s.call(ctx, "modal")
	if err == nil {
		s.Modals.Add(1)
	}
	return err
}

func (s *Chat) Permalink(ctx context.Context, _ bot.MessageRef) (string, error) {
	s.Linked.Add(1)
	return "https://example.com/p1", s.call(ctx, "permalink")
}

func (s *Chat) CanSearch() bool { return s.Scopes }

// FindPosted searches the direct messages.
func (s *Chat) FindPosted(ctx context.Context, in bot.MessageRef, want bot.Metadata, _ time.Time) (bot.MessageRef, bool, error) {
	if s.Search != nil {
		s.Search()
	}
	if err := s.call(ctx, "search"); err != nil {
		return bot.MessageRef{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(s.said, func(one saying) bool {
		return one.how == "dm" && "D"+one.to == string(in.Channel) && one.mark != nil && has(one.mark.Payload, want.Payload)
	}) {
		return bot.MessageRef{}, false, nil
	}
	return bot.MessageRef{Channel: in.Channel, TS: "1"}, true, nil
}

// has reports whether payload contains all of want.
func has(payload, want map[string]string) bool {
	for key, value := range want {
		if payload[key] != value {
			return false
		}
	}
	return true
}

// InThread returns what the reply in the card's thread says in the end.
func (s *Chat) InThread() string {
	said := s.Texts("reply", Channel+"/1")
	if len(said) == 0 {
		return ""
	}
	// Every message of the stub's channel has the same timestamp, so a corrected reply is
	// among the card's edits.
	for _, text := range slices.Backward(s.Texts("update", Channel+"/1")) {
		if strings.Contains(text, "owner") {
			return text
		}
	}
	return said[len(said)-1]
}

// PublishHome records a Home.
func (s *Chat) PublishHome(ctx context.Context, _ bot.UserID, h bot.Home, hash string) error {
	err := s.call(ctx, "home")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hashes = append(s.hashes, hash)
	if err == nil {
		s.homes = append(s.homes, h)
	}
	return err
}
