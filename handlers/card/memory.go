package card

import (
	"hash/crc32"
	"strconv"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// maxPosted is how many posts are remembered. Those not recorded yet are among the latest,
// because no new ones are made while the database is down.
const maxPosted = 10_000

// A memory remembers what this process has posted, and where. Slack says where only once, and
// until that is recorded no other process knows: without this memory, a database outage that
// outlasts a run would lead to the same message twice.
type memory struct {
	mu     sync.Mutex
	at     map[string]posted
	oldest []string // the keys of at, oldest first
}

type posted struct {
	card cancellation.Card
	when time.Time
}

// keep remembers a posted message.
func (m *memory) keep(key string, c cancellation.Card, when time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, again := m.at[key]; !again {
		m.oldest = append(m.oldest, key)
	}
	m.at[key] = posted{c, when}
	if len(m.oldest) > maxPosted {
		delete(m.at, m.oldest[0])
		m.oldest = m.oldest[1:]
	}
}

// keepMarked remembers a marked message under the place it was meant for.
func (m *memory) keepMarked(place bot.MessageRef, marked bot.Message, c cancellation.Card, when time.Time) {
	if marked.Metadata != nil {
		m.keep(postKey(place, marked.Metadata.Payload[metadataKey]), c, when)
	}
}

// since returns the message posted under key, unless it was posted before the given time.
func (m *memory) since(key string, moment time.Time) (cancellation.Card, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s, ok := m.at[key]
	if !ok || s.when.Before(moment) {
		return cancellation.Card{}, false
	}
	return s.card, true
}

// Answers remembers what this process has told individual people about something they did.
// Most of these answers can't be found again in Slack.
type Answers struct{ given memory }

// Keep remembers that an answer was given.
func (a *Answers) Keep(envelope, answer string) {
	a.given.keep(answerKey(envelope, answer), cancellation.Card{}, time.Time{})
}

// Given reports whether this process has given an answer.
func (a *Answers) Given(envelope, answer string) bool {
	_, ok := a.given.since(answerKey(envelope, answer), time.Time{})
	return ok
}

// AnswerEffect returns the effect kind of an answer sent as a direct message. Within one
// envelope it is the same only for the same answer, and it is short however long the answer
// is.
func AnswerEffect(answer string) cancellation.EffectKind {
	return cancellation.EffectKind("answer/" + strconv.FormatUint(uint64(crc32.ChecksumIEEE([]byte(answer))), 16))
}

func answerKey(envelope, answer string) string {
	return effectName(cancellation.ID(envelope), AnswerEffect(answer))
}

func postKey(place bot.MessageRef, effect string) string {
	return effect + " " + string(place.Channel) + " " + place.TS
}
