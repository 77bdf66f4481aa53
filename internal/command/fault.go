package command

import (
	"slices"
	"strings"
)

// A Kind classifies a [Fault].
type Kind int

// The kinds of fault. The zero Kind is not used.
const (
	_                   Kind = iota
	UnknownFlag              // a word with dashes that is not a flag
	MisusedFlag              // a flag that the verb doesn't take, or a value for a flag that takes none
	UnknownWord              // a word that is neither a number nor a flag, next to a meeting number or verb
	TwoNumbers               // different meeting numbers among other words; see Fault.Numbers
	StrayDigits              // digits next to a complete meeting number; never shown
	NotANumber               // letters, a date or a telephone number where the meeting number should be
	TooShort                 // fewer digits than a meeting number has
	TooLong                  // more digits than a meeting number has
	NoNumber                 // flags, a link or a text without a meeting number in it
	MissingValue             // --reason, --occurrence or --of without a value
	BadOccurrence            // not a date, or a date that doesn't exist
	SeriesAndOccurrence      // --series and --occurrence together
	Repeated                 // --reason, --occurrence or --of twice, with different values
	ReasonTooLong            // more than MaxReason characters
	LineTooLong              // more than MaxLine characters
	SingleOnly               // --series or --occurrence with several meetings
	DaysReversed             // the last day comes before the first
	TooManyDays              // more than MaxDays days
	DaysPast                 // all days are over; only Resolve can tell
	BadDay                   // a day that doesn't exist, or doesn't start with the year
	BadPerson                // --of with neither a mention nor an e-mail address
	OfWithoutDays            // --of without the days
	OfWithNumber             // --of with a meeting number, which already says whose meeting it is
	DayWithNumber            // days next to a meeting number, which already says which day
	SeveralDays              // days side by side, without the .. that makes them a range
)

// String returns k as a short phrase for logs.
func (k Kind) String() string {
	names := [...]string{
		UnknownFlag: "unknown flag", MisusedFlag: "misused flag", UnknownWord: "unknown word",
		TwoNumbers: "two numbers", StrayDigits: "stray digits", NotANumber: "not a number", TooShort: "number too short",
		TooLong: "number too long", NoNumber: "no number", MissingValue: "missing value",
		BadOccurrence: "bad occurrence", SeriesAndOccurrence: "series and occurrence",
		Repeated: "repeated flag", ReasonTooLong: "reason too long", LineTooLong: "line too long",
		SingleOnly: "single meetings only", DaysReversed: "days reversed", TooManyDays: "too many days", DaysPast: "days past",
		BadDay: "bad day", BadPerson: "bad person", OfWithoutDays: "of without days",
		OfWithNumber: "of with number", DayWithNumber: "day with number", SeveralDays: "several days",
	}
	if k <= 0 || int(k) >= len(names) {
		return "unknown fault"
	}
	return names[k]
}

// aboutDays reports whether days are wrong or missing.
func (k Kind) aboutDays() bool {
	return slices.Contains([]Kind{DaysReversed, TooManyDays, DaysPast, BadDay, OfWithoutDays, SeveralDays}, k)
}

// leavesOut reports whether f explains why an option or its value is missing from the
// corrected line, which has this many numbers.
func (f *Fault) leavesOut(numbers int) bool {
	kinds := []Kind{MisusedFlag, SeriesAndOccurrence, Repeated, ReasonTooLong, OfWithNumber, DayWithNumber, MissingValue, BadOccurrence, BadPerson}
	return slices.Contains(kinds, f.Kind) || f.Kind == SingleOnly && numbers == 0
}

// among reports whether faults already has one with f's Kind and Part.
func (f *Fault) among(faults []Fault) bool {
	return slices.ContainsFunc(faults, func(other Fault) bool { return other.Kind == f.Kind && other.Part == f.Part })
}

// MaxPart is the maximum length of Fault.Part, in characters.
const MaxPart = 60

// A Fault says why a line is not a command. It is this package's only error.
type Fault struct {
	// Kind is what is wrong.
	Kind Kind
	// Part is the wrong piece as typed, cut to MaxPart characters. It is empty if there
	// is no such piece, or if it could be a password or a link. It is not escaped for
	// Slack.
	Part string
	// Corrected is the whole line to copy instead, or empty if only the asker knows what
	// they meant. Parse accepts it. It contains everything that was understood, except
	// that it resolves contradictions: it keeps --occurrence over --series, and a number
	// over --of or days. Kind or Also says what it dropped.
	Corrected string
	// Without lists the flags that Corrected leaves out because their value is missing or
	// can't be read: --occurrence, --of or --reason. Kind or Also says why.
	Without []string `json:",omitempty"`
	// More are further lines to copy if one line can't ask for everything: for
	// example several numbers with --series, or --of with two people.
	More []string `json:",omitempty"`
	// Kept is what was understood, the way people type it, if Corrected is empty; see
	// Example.
	Kept string `json:",omitempty"`
	// Also are further faults, without lines of their own: they say what else Corrected
	// leaves out, and why.
	Also []Fault `json:",omitempty"`
	// Numbers are the meeting numbers that were found, if Kind is TwoNumbers. Those with
	// a label or in a link come first.
	Numbers []string
}

// Error returns the kind of fault. It omits what was typed, so it is safe to log.
func (f *Fault) Error() string { return "command: " + f.Kind.String() }

// Example returns an example of what to type after the command, for a fault without a
// corrected line: number, or a day if the fault is about days, then what was understood.
func (f *Fault) Example(number string) string {
	if f.Kept != "" && !strings.HasPrefix(f.Kept, "--") {
		return f.Kept
	}
	what := number
	also := slices.ContainsFunc(f.Also, func(other Fault) bool { return other.Kind == DaysPast })
	if f.Kind.aboutDays() || also || strings.HasPrefix(f.Kept, "--of ") {
		what = string(Today)
	}
	return strings.TrimSpace(what + " " + f.Kept)
}
