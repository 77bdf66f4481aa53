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
	// ErrPrivateChanged means that a row's actor or private details don't match its digest.
	ErrPrivateChanged = errors.New("the row's personal details were changed")
)

// publicDetails returns the details that neither identify people nor repeat their words,
// and stay when a row is blanked. All others are private, so that a new detail is blanked
// by default.
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

// form joins texts unambiguously, so that no character can move from one to the next: for
// each, its length in bytes, a colon, the text and a comma. See docs/audit.md.
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

// pairs returns names and values, sorted by name.
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

// A link is a row as it is hashed and stored.
type link struct {
	AuditRow
	public, private map[string]string
}

// linkOf prepares a row for the chain, except for its position.
func linkOf(r AuditRow) link {
	l := link{AuditRow: r, public: map[string]string{}, private: map[string]string{}}
	l.Actor, l.Meeting = storable(r.Actor), storable(r.Meeting)
	for name, value := range r.Detail {
		if name, value = storable(name), storable(value); isPrivate(name, value) {
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

// storable replaces what some database or JSON reader would not keep as it is.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// digest returns what represents the private part of a row in its hash.
func (l *link) digest() string {
	return sum(l.Salt + form(append([]string{l.Actor}, pairs(l.private)...)...))
}

// content returns the form of a row without its position in the chain.
func (l *link) content() string {
	texts := []string{l.At.UTC().Format(time.RFC3339Nano), string(l.Request), string(l.Event), l.Meeting}
	return form(append(append(texts, pairs(l.public)...), l.Digest)...)
}

// hashAt returns a row's hash at a position in the chain.
func hashAt(prev string, seq int64, content string) string {
	return sum(form(prev, strconv.FormatInt(seq, 10)) + content)
}

// join appends the row to the chain.
func (l *link) join(h head) head {
	l.Prev, l.Seq = h.hash, h.seq+1
	l.Hash = hashAt(l.Prev, l.Seq, l.content())
	return head{seq: l.Seq, hash: l.Hash}
}

// A head is the end of the chain. The zero head is the end of an empty chain.
type head struct {
	seq  int64
	hash string
}

// Blanked reports whether the actor and private details were removed.
func (r AuditRow) Blanked() bool { return r.Digest != "" && r.Salt == "" }

// Check returns an error unless the row matches its hash. Of a blanked row it can't check
// the removed part.
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

// FitsAt reports whether the row's hash matches another position in the chain. That tells
// a moved row from a changed one.
func (r AuditRow) FitsAt(seq int64) bool {
	r.Seq = seq
	return !errors.Is(r.Check(), ErrRowChanged)
}

// encode returns details as they are stored.
func encode(details map[string]string) string {
	text, _ := json.Marshal(details) // can't fail for strings
	return string(text)
}
