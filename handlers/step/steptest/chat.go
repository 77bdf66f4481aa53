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
	People map[bot.UserID]bot.Person
	Fails  map[string][]error       // the next answers of a method; nil in it is well, the last one stays
	Modals int                      // windows that were opened
	Scopes bool                     // the history scopes are granted
	Homes  []bot.Home               // that were shown
	Hashes []string                 // of the Homes that each was to replace
	Search func()                   // what happens while a message is looked for; may be nil
	Said   func(how string)         // what happens once something was said; may be nil
	Slow   map[string]time.Duration // how long a method takes to say it; more than callTime, and nobody waits for the answer
	Forget bool                     // nobody is known without being asked for
	Asked  map[bot.UserID]int       // how often Slack was asked who somebody is

	mu   sync.Mutex
	said []saying
}

// A saying is one message that somebody sees.
type saying struct{ how, to, text, blocks string }

func newChat() *Chat {
	s := &Chat{People: map[bot.UserID]bot.Person{}, Fails: map[string][]error{}, Asked: map[bot.UserID]int{}}
	for _, name := range []string{"ana", "bob", "carol", "dave"} {
		id := bot.UserID("U0" + strings.ToUpper(name))
		s.People[id] = bot.Person{ID: id, Team: Team, Email: name + "@example.com", Locale: "en-US", TimeZone: "Europe/Lisbon"}
	}
	return s
}

// fail takes the next answer of a method.
func (s *Chat) fail(method string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := s.Fails[method]
	if len(next) == 0 {
		return nil
	}
	if len(next) > 1 { // the last one stays
		s.Fails[method] = next[1:]
	}
	return next[0]
}

// Well has a method answer again.
func (s *Chat) Well(method string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.Fails, method)
}

// callTime is how long a call waits for its answer.
const callTime = 3 * time.Second

func (s *Chat) say(how, to string, m bot.Message) error {
	if err := s.fail(how); err != nil {
		return err
	}
	if slow := s.Slow[how]; slow > callTime {
		time.Sleep(callTime)
		return bot.ErrUnavailable
	} else if slow > 0 {
		time.Sleep(slow)
	}
	var blocks strings.Builder
	e := json.NewEncoder(&blocks)
	e.SetEscapeHTML(false)
	if err := e.Encode(m.Blocks); err != nil {
		return err
	}
	s.mu.Lock()
	s.said = append(s.said, saying{how, to, m.Text, blocks.String()})
	s.mu.Unlock()
	if s.Said != nil {
		s.Said(how)
	}
	return nil
}

// Heard is everything said in one way to one place, the oldest first.
func (s *Chat) Heard(how, to string) (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.said {
		if one.how == how && one.to == to {
			all = append(all, one.text)
		}
	}
	return all
}

// Shown is the same with the blocks, which is what people see and what they can press.
func (s *Chat) Shown(how, to string) (all []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, one := range s.said {
		if one.how != how || one.to != to {
			continue
		}
		all = append(all, one.text+"\n"+one.blocks)
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
	if drawn := s.Heard("update", Channel+"/1"); len(drawn) > 0 {
		return drawn[len(drawn)-1]
	}
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

func (s *Chat) Person(_ context.Context, id bot.UserID) (bot.Person, error) {
	if err := s.fail("person"); err != nil {
		return bot.Person{}, err
	}
	s.mu.Lock()
	s.Asked[id]++
	s.mu.Unlock()
	p, ok := s.People[id]
	if !ok {
		return bot.Person{}, bot.ErrNoSuchPerson
	}
	return p, nil
}

func (s *Chat) PersonByEmail(_ context.Context, address string) (bot.Person, error) {
	if err := s.fail("email"); err != nil {
		return bot.Person{}, err
	}
	for _, p := range s.People {
		if p.Email == address {
			return p, nil
		}
	}
	return bot.Person{}, bot.ErrNoSuchPerson
}

func (s *Chat) CachedPerson(id bot.UserID) (bot.Person, bool) {
	p, ok := s.People[id]
	return p, ok && !s.Forget
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

// Reply posts; a card is the first message of its channel.
func (s *Chat) Reply(_ context.Context, parent bot.MessageRef, m bot.Message) (bot.MessageRef, error) {
	to := strings.Trim(string(parent.Channel)+"/"+parent.TS, "/")
	return bot.MessageRef{Channel: parent.Channel, TS: "1"}, s.say("reply", to, m)
}

func (s *Chat) Update(_ context.Context, ref bot.MessageRef, m bot.Message) error {
	return s.say("update", string(ref.Channel)+"/"+ref.TS, m)
}

func (s *Chat) OpenModal(context.Context, string, bot.Modal) error {
	if err := s.fail("modal"); err != nil {
		return err
	}
	s.Modals++
	return nil
}

func (s *Chat) Permalink(context.Context, bot.MessageRef) (string, error) {
	return "https://example.com/p1", s.fail("permalink")
}

func (s *Chat) CanSearch() bool { return s.Scopes }

func (s *Chat) FindPosted(context.Context, bot.ChannelID, string, string, string, string, time.Time) (bot.MessageRef, bool, error) {
	if s.Search != nil {
		s.Search()
	}
	return bot.MessageRef{}, false, s.fail("search")
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
	s.Hashes = append(s.Hashes, hash)
	s.mu.Unlock()
	if err := s.fail("home"); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.Homes = append(s.Homes, h)
	return nil
}
