package steptest

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/meetingapi"
)

func id(number string) meetingapi.ID { return meetingapi.ID(number) }

// A Chat is the Slack of a test: who is there, and what was said to whom.
type Chat struct {
	Scopes bool             // the history scopes are granted
	Search func()           // what happens while a message is looked for; may be nil
	Said   func(how string) // what happens once something was said; may be nil

	*directory
	*faults

	mu     sync.Mutex
	said   []saying
	modals int
	homes  []bot.Home
	hashes []string
}

// A saying is one message that somebody sees.
type saying struct {
	how, to, text, blocks string

	mark *bot.Metadata // what it is found again by
}

func newChat() *Chat {
	f := newFaults()
	return &Chat{faults: f, directory: newDirectory(f)}
}

// Modals is how many windows were opened.
func (s *Chat) Modals() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.modals
}

// Homes are those that were shown.
func (s *Chat) Homes() []bot.Home {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.homes)
}

// Hashes are those of the Homes that each drawing was to replace.
func (s *Chat) Hashes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.hashes)
}

func (s *Chat) say(how, to string, m bot.Message) error {
	if err := s.fail(how); err != nil {
		return err
	}
	if err := s.wait(how); err != nil {
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

// Heard is everything said in one way to one place, the oldest first.
func (s *Chat) Heard(how, to string) []string {
	return s.each(how, to, func(one saying) string { return one.text })
}

// Shown is the same with the blocks, which is what people see and what they can press.
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

// Told reports whether somebody alone was told something with these words, by
// whatever way.
func (s *Chat) Told(who, words string) bool {
	return slices.ContainsFunc(slices.Concat(s.Heard("ephemeral", who), s.Heard("respond", who)), func(text string) bool {
		return strings.Contains(text, words)
	})
}

// Button is how a button with this action looks among the blocks of a message.
func Button(action string) string { return `"action_id":"` + action + `"` }

// Shows reports whether the last thing said to somebody alone has this in its blocks.
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

// Card is what the card says in the end.
func (s *Chat) Card() string {
	all := slices.Concat(s.Heard("reply", Channel), s.Heard("update", Channel+"/1"))
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

func (s *Chat) Identify(context.Context) (bot.Identity, error) {
	return bot.Identity{Team: Team}, s.fail("identify")
}

func (s *Chat) GroupMembers(context.Context, bot.GroupID) ([]bot.UserID, error) {
	return nil, s.fail("group")
}

// Respond is heard by the person whose URL it is.
func (s *Chat) Respond(_ context.Context, to bot.Secret, r bot.Response) error {
	url := to.Reveal()
	return s.say("respond", url[strings.LastIndex(url, "/")+1:], r.Message)
}

func (s *Chat) Ephemeral(_ context.Context, _ bot.ChannelID, user bot.UserID, _ string, m bot.Message) error {
	return s.say("ephemeral", string(user), m)
}

func (s *Chat) DM(_ context.Context, user bot.UserID, m bot.Message) (bot.MessageRef, error) {
	if err := s.say("dm", string(user), m); err != nil {
		return bot.MessageRef{}, err
	}
	return bot.MessageRef{Channel: bot.ChannelID("D" + user), TS: "1"}, nil
}

func (s *Chat) DirectChannel(_ context.Context, user bot.UserID) (bot.ChannelID, error) {
	return bot.ChannelID("D" + user), s.fail("direct")
}

// Post posts; a card is the first message of its channel.
func (s *Chat) Post(_ context.Context, parent bot.MessageRef, m bot.Message) (bot.MessageRef, error) {
	to := strings.Trim(string(parent.Channel)+"/"+parent.TS, "/")
	return bot.MessageRef{Channel: parent.Channel, TS: "1"}, s.say("reply", to, m)
}

func (s *Chat) Update(_ context.Context, ref bot.MessageRef, m bot.Message) error {
	return s.say("update", string(ref.Channel)+"/"+ref.TS, m)
}

func (s *Chat) OpenModal(ctx context.Context, _ string, _ bot.Modal) error {
	if err := s.fail("modal"); err != nil {
		return err
	}
	select {
	case <-time.After(s.takes("modal")):
	case <-ctx.Done():
		return bot.ErrUnavailable
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.modals++
	return nil
}

func (s *Chat) Permalink(context.Context, bot.MessageRef) (string, error) {
	return "https://example.com/p1", s.fail("permalink")
}

func (s *Chat) CanSearch() bool { return s.Scopes }

// FindPosted finds what was said in direct messages.
func (s *Chat) FindPosted(_ context.Context, in bot.MessageRef, want bot.Metadata, _ time.Time) (bot.MessageRef, bool, error) {
	if s.Search != nil {
		s.Search()
	}
	if err := s.fail("search"); err != nil {
		return bot.MessageRef{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found := slices.ContainsFunc(s.said, func(one saying) bool {
		return one.how == "dm" && "D"+one.to == string(in.Channel) && one.mark != nil && has(one.mark.Payload, want.Payload)
	})
	return bot.MessageRef{Channel: in.Channel, TS: "1"}, found, nil
}

// has reports whether all of want is in a payload.
func has(payload, want map[string]string) bool {
	for key, value := range want {
		if payload[key] != value {
			return false
		}
	}
	return true
}

// InThread is what the reply in the card's thread says in the end.
func (s *Chat) InThread() string {
	said := s.Heard("reply", Channel+"/1")
	if len(said) == 0 {
		return ""
	}
	// The stub gives every message of the channel the same name: a corrected reply is
	// found among the changes of the card.
	for _, text := range slices.Backward(s.Heard("update", Channel+"/1")) {
		if strings.Contains(text, "owner") {
			return text
		}
	}
	return said[len(said)-1]
}

// PublishHome shows a Home.
func (s *Chat) PublishHome(_ context.Context, _ bot.UserID, h bot.Home, hash string) error {
	s.mu.Lock()
	s.hashes = append(s.hashes, hash)
	s.mu.Unlock()
	if err := s.fail("home"); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.homes = append(s.homes, h)
	return nil
}
