package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Errors of [AuditRow.Check], which looks at a single row.
var (
	// ErrRowChanged means that a row does not match its hash.
	ErrRowChanged = errors.New("the row was changed")
	// ErrPrivateChanged means that what a row says about people, or in their own
	// words, does not match its digest.
	ErrPrivateChanged = errors.New("what the row says about people was changed")
)

// publicDetails say nothing about people and are in nobody's own words. They stay
// when a row is blanked. All others are private, so that a new detail is blanked
// until somebody decides otherwise.
func publicDetails() []string {
	return []string{
		"answer", "attempt", "before", "button", "by", "channel", "count", "dates", "end", "outcome", "parent", "people",
		"recurring", "reference", "request", "requests", "result", "right", "rows", "rule", "running", "scope", "state",
		"tell_invited", "told", "until", "verb", "way", "what", "why",
	}
}

// isPrivate reports whether KEEP blanks a detail. The id of a direct message
// identifies a person.
func isPrivate(name, value string) bool {
	return !slices.Contains(publicDetails(), name) || name == "channel" && strings.HasPrefix(value, "D")
}

// form joins texts so that no character can move from one to the next: for each, its
// length in bytes, a colon, the text, and a comma.
func form(texts ...string) string {
	var b strings.Builder
	for _, t := range texts {
		b.WriteString(strconv.Itoa(len(t)))
		b.WriteByte(':')
		b.WriteString(t)
		b.WriteByte(',')
	}
	return b.String()
}

// pairs are names and values, by name.
func pairs(m map[string]string) (all []string) {
	for _, name := range slices.Sorted(maps.Keys(m)) {
		all = append(all, name, m[name])
	}
	return all
}

func sum(text string) string {
	h := sha256.Sum256([]byte(text))
	return hex.EncodeToString(h[:])
}

// A link is a row in the form that is hashed and stored.
type link struct {
	AuditRow
	public, private map[string]string
}

// linkOf prepares a row for the chain: everything but its position.
func linkOf(r AuditRow) link {
	l := link{AuditRow: r, public: map[string]string{}, private: map[string]string{}}
	l.Actor, l.Meeting = plain(r.Actor), plain(r.Meeting)
	for name, value := range r.Detail {
		if name, value = plain(name), plain(value); isPrivate(name, value) {
			l.private[name] = value
		} else {
			l.public[name] = value
		}
	}
	if l.Actor != "" || len(l.private) > 0 {
		l.Salt = rand.Text()
		l.Digest = l.digest()
	}
	return l
}

// plain makes text that every database and every JSON reader accepts unchanged.
func plain(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// digest represents the private part of a row in its hash.
func (l *link) digest() string {
	return sum(l.Salt + form(append([]string{l.Actor}, pairs(l.private)...)...))
}

// content is the form of a row without its position in the chain.
func (l *link) content() string {
	texts := []string{l.At.UTC().Format(time.RFC3339Nano), string(l.Request), string(l.Event), l.Meeting}
	return form(append(append(texts, pairs(l.public)...), l.Digest)...)
}

// hashAt is the row's hash at a position in the chain.
func hashAt(prev string, seq int64, content string) string {
	return sum(form(prev, strconv.FormatInt(seq, 10)) + content)
}

// join appends the row to the chain.
func (l *link) join(h head) head {
	l.Prev, l.Seq = h.hash, h.seq+1
	l.Hash = hashAt(l.Prev, l.Seq, l.content())
	return head{seq: l.Seq, hash: l.Hash}
}

// A head is the end of the chain. The zero head is that of an empty chain.
type head struct {
	seq  int64
	hash string
}

// Blanked reports whether what the row said about people was removed.
func (r AuditRow) Blanked() bool { return r.Digest != "" && r.Salt == "" }

// Check reports whether the row matches its hash. What a blanked row used to say
// can't be checked, and need not be.
func (r AuditRow) Check() error {
	l := link{AuditRow: r, public: map[string]string{}, private: map[string]string{}}
	for name, value := range r.Detail {
		if slices.Contains(r.Private, name) {
			l.private[name] = value
		} else {
			l.public[name] = value
		}
	}
	if hashAt(r.Prev, r.Seq, l.content()) != r.Hash {
		return ErrRowChanged
	}
	empty := r.Actor == "" && len(l.private) == 0
	if r.Salt == "" && !empty || r.Salt != "" && l.digest() != r.Digest {
		return ErrPrivateChanged
	}
	return nil
}

// FitsAt reports whether the row's hash was made for another position in the chain,
// which distinguishes a moved row from a changed one.
func (r AuditRow) FitsAt(seq int64) bool {
	r.Seq = seq
	return !errors.Is(r.Check(), ErrRowChanged)
}

// encode is how details are stored.
func encode(details map[string]string) string {
	text, _ := json.Marshal(details) // strings can't fail
	return string(text)
}
