package command

import (
	"strings"
	"unicode/utf8"
)

// Name is the slash command as it is typed, with its slash.
const Name = "/cancel-meeting"

// MaxReason is the greatest length of a reason, in characters.
const MaxReason = 500

// A Verb is what a command asks for.
type Verb int

// The verbs. The zero Verb is Pick: nothing was typed.
const (
	Pick    Verb = iota // show the caller's meetings to choose from
	Cancel              // cancel the meeting of Command.Number
	List                // show upcoming meetings
	History             // show past cancellations, of Command.Number if there is one
	Help                // explain the command
)

// String returns the word that is typed for v; Pick and Cancel have none.
func (v Verb) String() string {
	switch v {
	case List:
		return "list"
	case History:
		return "history"
	case Help:
		return "help"
	case Pick, Cancel:
	}
	return ""
}

// A Command is what somebody asked for. The zero Command asks for the picker.
type Command struct {
	// Verb is what to do.
	Verb Verb
	// Number is the meeting number, digits only. Cancel always has one,
	// History may, the others never do.
	Number string
	// End asks that a running meeting be ended.
	End bool
	// Series asks for a whole recurring series. It excludes Occurrence.
	Series bool
	// Occurrence is the one meeting of a series that is meant; zero if none
	// was named.
	Occurrence Occurrence
	// Reason is what to tell the others; one line, MaxReason characters at most.
	Reason string
}

// An Occurrence names one meeting of a series by its start, in the time zone
// of whoever typed it: this package does not know that zone.
type Occurrence struct {
	// Date is the day, as 2026-12-01. Empty means that no occurrence was named.
	Date string
	// Time is the time of day, as 10:00, or empty if only the day was given.
	Time string
}

// IsZero reports whether no occurrence was named.
func (o Occurrence) IsZero() bool { return o == Occurrence{} }

// String returns o as it is typed: 2026-12-01 or 2026-12-01T10:00.
func (o Occurrence) String() string {
	if o.Time == "" {
		return o.Date
	}
	return o.Date + "T" + o.Time
}

// String returns the whole line that asks for c, Name included, ready to be
// copied. [Parse] reads it back as c, save that double quotes inside the
// reason have become single ones.
func (c Command) String() string {
	line := []string{Name}
	add := func(yes bool, word string) {
		if yes {
			line = append(line, word)
		}
	}
	add(c.Verb.String() != "", c.Verb.String())
	add(c.Number != "", c.Number)
	add(c.End, "--end")
	add(c.Series, "--series")
	add(!c.Occurrence.IsZero(), "--occurrence "+c.Occurrence.String())
	add(c.Reason != "", `--reason "`+strings.Map(singleQuote, c.Reason)+`"`)
	return strings.Join(line, " ")
}

func singleQuote(r rune) rune {
	if fold(r) == '"' {
		return '\''
	}
	return r
}

// cut returns s with at most n characters, the last of which is "…" if
// something was left out.
func cut(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}
