package command

import (
	"cmp"
	"slices"
	"strings"

	"meetingbot/internal/command/shape"
)

// Name is the slash command, slash included.
const Name = "/cancel-meeting"

// MaxReason is the maximum length of a reason, in characters.
const MaxReason = 500

// A Verb is what a command asks for.
type Verb int

// The verbs. The zero Verb is Pick: nothing was typed.
const (
	Pick       Verb = iota // show the caller's meetings to choose from
	Cancel                 // cancel the meeting of Command.Number
	List                   // show upcoming meetings
	History                // show past cancellations, of Command.Number if there is one
	Help                   // explain the command
	CancelMany             // cancel several meetings: those of Command.Numbers, or those on Command.Days
)

// verbs maps the words people type to verbs. Pick, Cancel and CancelMany have no word.
var verbs = map[string]Verb{"list": List, "history": History, "help": Help}

// String returns the word to type for v, if there is one.
func (v Verb) String() string {
	for word, verb := range verbs {
		if verb == v {
			return word
		}
	}
	return ""
}

// A Command is a parsed command line. The zero Command asks for the picker.
type Command struct {
	// As is the command's name if a workspace administrator has renamed it; empty
	// means Name.
	As string `json:",omitempty"`
	// Verb is what to do.
	Verb Verb
	// Number is the meeting number, digits only. Cancel always has one, History may
	// have one, the others never do.
	Number string
	// Numbers are two or more different meeting numbers, in the order typed. Only
	// CancelMany has them, and only without Days.
	Numbers []string `json:",omitempty"`
	// Days are the days on which the meetings start. Only CancelMany has them,
	// and only without Numbers.
	Days Days `json:",omitzero"`
	// Of is the person whose meetings on Days are meant; zero means the asker.
	Of Person `json:",omitzero"`
	// End asks that a running meeting be ended.
	End bool
	// Series asks for a whole recurring series. It excludes Occurrence and
	// CancelMany.
	Series bool
	// Occurrence is one meeting of a series; zero if none was given. It excludes
	// CancelMany.
	Occurrence Occurrence
	// Reason is shown to the people affected: one line, at most MaxReason characters.
	Reason string
}

// An Occurrence identifies one meeting of a series by its start, in the asker's time
// zone, which this package doesn't know.
type Occurrence struct {
	// Date is the day, such as 2026-12-01. Empty means that no occurrence was given.
	Date string
	// Time is the time of day, such as 10:00, or empty if only the day was given.
	Time string
}

// IsZero reports whether no occurrence was given.
func (o Occurrence) IsZero() bool { return o == Occurrence{} }

// String returns o the way people type it: 2026-12-01 or 2026-12-01T10:00.
func (o Occurrence) String() string {
	if o.Time == "" {
		return o.Date
	}
	return o.Date + "T" + o.Time
}

// String returns the whole line that asks for c, with the command's name, ready to copy.
// [Parse] turns it back into c, except that double quotes inside the reason have become
// single ones.
func (c Command) String() string {
	return strings.TrimSpace(cmp.Or(c.As, Name) + " " + c.args())
}

// args returns what follows the command's name in the line.
func (c Command) args() string {
	words := slices.Concat(c.Numbers, []string{c.Verb.String(), c.Number, c.Days.String(), c.flags()})
	return strings.Join(slices.DeleteFunc(words, func(w string) bool { return w == "" }), " ")
}

// flags returns the flags and their values as they appear in the line.
func (c Command) flags() string {
	var words []string
	add := func(yes bool, word string) {
		if yes {
			words = append(words, word)
		}
	}
	add(!c.Of.IsZero(), "--of "+c.Of.String())
	add(c.End, "--end")
	add(c.Series, "--series")
	add(!c.Occurrence.IsZero(), "--occurrence "+c.Occurrence.String())
	add(c.Reason != "", `--reason "`+strings.Map(singleQuote, c.Reason)+`"`)
	return strings.Join(words, " ")
}

// Portions splits c into commands for at most limit meetings each, all with c's flags;
// [Command.String] turns them into lines to copy. A portion of one meeting is a Cancel.
// A limit below one counts as one.
func (c Command) Portions(limit int) []Command {
	if len(c.Numbers) == 0 {
		return []Command{c}
	}
	var portions []Command
	for numbers := range slices.Chunk(c.Numbers, max(limit, 1)) {
		portions = append(portions, c.with(numbers))
	}
	return portions
}

// with returns c with its meeting numbers replaced; numbers may be empty.
func (c Command) with(numbers []string) Command {
	c.Number, c.Numbers = "", nil
	switch {
	case len(numbers) == 1:
		c.Number = numbers[0]
		if c.Verb == CancelMany {
			c.Verb = Cancel
		}
	case len(numbers) > 1 && (c.Verb == Cancel || c.Verb == CancelMany):
		c.Verb, c.Numbers = CancelMany, slices.Clone(numbers)
	}
	return c
}

func singleQuote(r rune) rune {
	if shape.Fold(r) == '"' {
		return '\''
	}
	return r
}
