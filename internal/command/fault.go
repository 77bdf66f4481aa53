package command

// A Kind is the class of a [Fault].
type Kind int

// The kinds of fault. The zero Kind is not used.
const (
	_                   Kind = iota
	UnknownFlag              // a word with dashes that is none of the flags
	MisusedFlag              // a flag that the verb does not take, or one with a value that takes none
	UnknownWord              // a word that is neither number nor flag, beside a meeting number or verb
	TwoNumbers               // two different meeting numbers; see Fault.Numbers
	StrayDigits              // digits beside a complete meeting number, never shown
	NotANumber               // letters, a date or a telephone number where the meeting number should be
	TooShort                 // fewer digits than a meeting number has
	TooLong                  // more digits than a meeting number has
	NoNumber                 // flags, a link or a text, but no meeting number in it
	MissingValue             // --reason or --occurrence without what should follow
	BadOccurrence            // not a date, or not a date and time, that exists
	SeriesAndOccurrence      // --series and --occurrence together
	Repeated                 // --reason or --occurrence twice, with different values
	ReasonTooLong            // more than MaxReason characters
	LineTooLong              // more than MaxLine characters
)

// String returns k as a short phrase for logs.
func (k Kind) String() string {
	names := [...]string{
		UnknownFlag: "unknown flag", MisusedFlag: "misused flag", UnknownWord: "unknown word",
		TwoNumbers: "two numbers", StrayDigits: "stray digits", NotANumber: "not a number", TooShort: "number too short",
		TooLong: "number too long", NoNumber: "no number", MissingValue: "missing value",
		BadOccurrence: "bad occurrence", SeriesAndOccurrence: "series and occurrence",
		Repeated: "repeated flag", ReasonTooLong: "reason too long", LineTooLong: "line too long",
	}
	if k <= 0 || int(k) >= len(names) {
		return "unknown fault"
	}
	return names[k]
}

// MaxPart is the greatest length of Fault.Part, in characters.
const MaxPart = 60

// A Fault is why a line is no command. It is the only error of this package.
type Fault struct {
	// Kind is what is wrong.
	Kind Kind
	// Part is the piece that is wrong as it was typed, cut to MaxPart
	// characters. It is empty where there is no such piece, and where the
	// piece could be a password or a link. It is not escaped for Slack.
	Part string
	// Corrected is the whole line to copy instead, or empty where only the
	// person can know what was meant. Parse reads it without a fault.
	Corrected string
	// Numbers are the meeting numbers that were found, where Kind is
	// TwoNumbers: those of labels and links first.
	Numbers []string
}

// Error returns the kind of fault. It leaves out what was typed, so that it
// can be logged.
func (f *Fault) Error() string { return "command: " + f.Kind.String() }
