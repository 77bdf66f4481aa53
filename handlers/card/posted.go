package card

import (
	"context"
	"hash/crc32"
	"strconv"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// maxPosted is how many posts are remembered. What is not recorded yet is among the
// latest: a database that is away stops new ones as well.
const maxPosted = 10_000

// A memory is what this process has posted, and where. Slack says where only once, and until
// that is recorded nobody else knows: a database that is away for longer than a run must not
// lead to the same message twice.
type memory struct {
	mu     sync.Mutex
	at     map[string]standing
	oldest []string // the keys of at, oldest first
}

type standing struct {
	card cancellation.Card
	when time.Time
}

// keep remembers a message that was posted.
func (m *memory) keep(key string, c cancellation.Card, when time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, again := m.at[key]; !again {
		m.oldest = append(m.oldest, key)
	}
	m.at[key] = standing{c, when}
	if len(m.oldest) > maxPosted {
		delete(m.at, m.oldest[0])
		m.oldest = m.oldest[1:]
	}
}

// message remembers a marked message that was posted, under the place it was meant for.
func (m *memory) message(place bot.MessageRef, posted bot.Message, c cancellation.Card, when time.Time) {
	if posted.Metadata != nil {
		m.keep(postKey(place, posted.Metadata.Payload[metadataKey]), c, when)
	}
}

// since returns what was posted no earlier than a moment.
func (m *memory) since(key string, moment time.Time) (cancellation.Card, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.at[key]
	if !ok || s.when.Before(moment) {
		return cancellation.Card{}, false
	}
	return s.card, true
}

// Direct is where a person's direct messages are, for Slack and for what is remembered.
func Direct(to bot.UserID) bot.MessageRef { return bot.MessageRef{Channel: bot.ChannelID(to)} }

// CardPlace is where the card of r is posted, if that is possible.
func CardPlace(r cancellation.Request) bot.MessageRef {
	if r.IsQuestion() {
		return Direct(bot.UserID(r.For))
	}
	return bot.MessageRef{Channel: bot.ChannelID(r.Channel), TS: r.Thread}
}

// Answers are what this process has told single people about something they did. Slack keeps
// most of them nowhere that they could be found again.
type Answers struct{ given memory }

// Keep remembers that an answer was given.
func (a *Answers) Keep(envelope, answer string) {
	a.given.keep(answerKey(envelope, answer), cancellation.Card{}, time.Time{})
}

// Given reports whether it was.
func (a *Answers) Given(envelope, answer string) bool {
	_, ok := a.given.since(answerKey(envelope, answer), time.Time{})
	return ok
}

// AnswerEffect marks an answer that is a direct message. Of one envelope, it is the same for
// the same answer alone, and short, however long that is.
func AnswerEffect(answer string) cancellation.EffectKind {
	return cancellation.EffectKind("answer/" + strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(answer))), 16))
}

func answerKey(envelope, answer string) string {
	return effectName(cancellation.ID(envelope), AnswerEffect(answer))
}

func postKey(place bot.MessageRef, effect string) string {
	return effect + " " + string(place.Channel) + " " + place.TS
}

// Remembered returns what this process has posted in a place since a moment, whether or
// not that could be recorded.
func (b *Board) Remembered(place bot.MessageRef, id cancellation.ID, kind cancellation.EffectKind, since time.Time) (cancellation.Card, bool) {
	return b.posts.since(postKey(place, effectName(id, kind)), since)
}

// Reply posts a marked message in a thread, and remembers that it did.
func (b *Board) Reply(ctx context.Context, parent bot.MessageRef, m bot.Message) (bot.MessageRef, error) {
	ref, err := b.slack.Post(ctx, parent, m)
	if err == nil {
		b.posts.message(parent, m, At(ref, cancellation.ByMessage), b.now())
	}
	return ref, err
}

// DM sends a marked message to a person, and remembers that it did.
func (b *Board) DM(ctx context.Context, to bot.UserID, m bot.Message) (bot.MessageRef, error) {
	ref, err := b.slack.DM(ctx, to, m)
	if err == nil {
		b.posts.message(Direct(to), m, At(ref, cancellation.ByDirect), b.now())
	}
	return ref, err
}

// Follow posts a marked message by a response_url, which nobody can change any more, and
// remembers that it did.
func (b *Board) Follow(ctx context.Context, to bot.Secret, parent bot.MessageRef, m bot.Message) error {
	err := b.slack.Respond(ctx, to, bot.Response{Message: m, InChannel: true, Thread: parent.TS})
	if err == nil {
		b.posts.message(parent, m, cancellation.Card{Way: cancellation.ByResponse}, b.now())
	}
	return err
}
