package command

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"meetingbot/internal/command/shape"
)

// A Person identifies the person whose meetings are meant. At most one field is set.
type Person struct {
	ID    string `json:",omitempty"` // Slack's, from a mention
	Email string `json:",omitempty"` // as typed
	Name  string `json:",omitempty"` // after the @ of a mention that Slack did not turn into one, as typed
}

// IsZero reports whether no person was named.
func (p Person) IsZero() bool { return p == Person{} }

// String returns p the way people type it: <@U0123456789>, carol@example.com or @carol.
func (p Person) String() string {
	switch {
	case p.ID != "":
		return "<@" + p.ID + ">"
	case p.Name != "":
		return "@" + p.Name
	}
	return p.Email
}

const maxEmail = 254 // characters, RFC 5321

var (
	mentionID = regexp.MustCompile(`^[UW][A-Z0-9]{1,20}$`)
	// bareID is never a user name: Slack's user names have no capitals.
	bareID = regexp.MustCompile(`^[UW][A-Z0-9]{7,20}$`)
	// Both start and end with a letter or digit, so that they don't absorb the markup,
	// dashes or punctuation around them.
	userName = regexp.MustCompile(`^[\pL\p{Nd}]([\pL\p{Nd}._-]{0,78}[\pL\p{Nd}])?$`)
	email    = regexp.MustCompile(`^[\pL\p{Nd}][\pL\p{Nd}.!#$%&'*+/=?^_{|}~-]*@([\pL\p{Nd}-]+\.)+[\pL\p{Nd}-]*[\pL\p{Nd}]$`)
)

// readPerson reads a mention, as Slack sends it or as typed, or an e-mail address with
// or without Slack's markup.
func readPerson(typed string) (Person, bool) {
	s := strings.Map(func(r rune) rune {
		if shape.Fold(r) == 0 {
			return -1
		}
		return r
	}, norm.NFC.String(width.Fold.String(entities.Replace(typed))))
	s, left, right := trimDecoration(s)
	if inner, ok := strings.CutPrefix(s, "<"); ok {
		inner, _, _ = strings.Cut(strings.TrimSuffix(inner, ">"), "|")
		if id, ok := strings.CutPrefix(inner, "@"); ok {
			return Person{ID: id}, mentionID.MatchString(id)
		}
		s = strings.TrimPrefix(inner, "mailto:")
	}
	if name, ok := strings.CutPrefix(s, "@"); ok {
		if bareID.MatchString(name) {
			return Person{ID: name}, true
		}
		return Person{Name: name}, right <= left && userName.MatchString(name)
	}
	if bareID.MatchString(s) {
		return Person{ID: s}, true
	}
	return Person{Email: s}, left <= right && utf8.RuneCountInString(s) <= maxEmail && email.MatchString(s)
}

// trimDecoration returns s without the quotes, markup and punctuation around it, and how
// many underscores it removed on either side: an unpaired one may be part of an address
// or a name, which without it would be another person's.
func trimDecoration(s string) (inner string, left, right int) {
	const around = "`*_~\"'“”‘’"
	tail := strings.TrimLeft(s, around)
	inner = strings.TrimRight(tail, around+".,;:")
	return inner, strings.Count(s[:len(s)-len(tail)], "_"), strings.Count(tail[len(inner):], "_")
}

func (p *parser) person(f flag) {
	value := f.value
	if value == (span{}) {
		if !p.isValueAhead() || p.isNumberOrDays(p.words[0]) {
			p.badValue(MissingValue, f, f.span)
			p.unnamed = true
			return
		}
		value = p.words[0]
		if end, ok := p.quoted(value.from); ok {
			value.to = end
		}
		p.skip(value.to)
	}
	value = p.withMarks(value)
	typed := p.original(value)
	who, ok := readPerson(typed)
	if !ok {
		p.badValue(BadPerson, f, value)
		if who, ok = readPerson("@" + typed); !ok {
			p.unnamed = true
			return
		}
	}
	if !p.command.Of.IsZero() && p.command.Of != who {
		p.fault(Repeated, f.span)
		p.again = append(p.again, func(c *Command) { c.Of = who })
		return
	}
	p.command.Of = who
}

// isNumberOrDays reports whether w says which meetings are meant.
func (t text) isNumberOrDays(w span) bool {
	if _, ok := t.readDays(w); ok {
		return true
	}
	return readTyped(t.shown(w)).clean
}
