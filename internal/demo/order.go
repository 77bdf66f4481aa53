package demo

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"meetingbot/internal/demo/stage"
)

// A verb is what a typed line asks for.
type verb string

const (
	verbNothing  verb = "" // an empty line
	verbSay      verb = "say"
	verbPress    verb = "press"    // a button, by its number
	verbFill     verb = "fill"     // a menu or an input, by its number
	verbTick     verb = "tick"     // boxes, by their numbers
	verbUntick   verb = "untick"   // likewise
	verbShortcut verb = "shortcut" // on the newest message that a person wrote
	verbHome     verb = "home"     // open the app's Home tab
	verbHelp     verb = "help"
	verbQuit     verb = "quit"
)

// verbs are the lines that consist of a verb only.
var verbs = map[string]verb{
	"": verbNothing, "?": verbHelp, "!": verbShortcut, "home": verbHome, "quit": verbQuit, "exit": verbQuit,
}

// An order is one typed line.
type order struct {
	who     stage.Person
	verb    verb
	numbers []int  // what to press, fill or tick; only boxes can be several
	text    string // what to say or fill in
}

// pressed is a number, alone or with what to fill in. Longer numbers are meeting
// numbers: a line that starts with one is a message.
var pressed = regexp.MustCompile(`^([0-9]{1,3})(?:\s+(.*))?$`)

// ticked is a list of numbers after tick or untick.
var ticked = regexp.MustCompile(`^(tick|untick)\s+([0-9]{1,3}(?:[\s,]+[0-9]{1,3})*)$`)

// parseOrder reads one line. "@bob 1" is Bob's; a line without a name belongs to the
// person at the terminal.
func parseOrder(line string) (order, error) {
	line = strings.TrimSpace(line)
	o := order{}
	o.who, _ = stage.Find(stage.You)
	if name, rest, named := strings.Cut(line, " "); strings.HasPrefix(name, "@") {
		who, known := stage.Find(name[1:])
		if !known {
			return o, fmt.Errorf("there is nobody called %q here; the people are %s", name[1:], names())
		}
		if !named {
			return o, fmt.Errorf("what should %s do? For example: %s 1", who.Name, name)
		}
		o.who, line = who, strings.TrimSpace(rest)
	}
	if v, known := verbs[line]; known {
		o.verb = v
		return o, nil
	}
	o.verb, o.text = verbSay, line
	if m := ticked.FindStringSubmatch(line); m != nil {
		o.verb, o.text = verb(m[1]), ""
		for number := range strings.FieldsFuncSeq(m[2], isGap) {
			o.numbers = append(o.numbers, atoi(number))
		}
	}
	if m := pressed.FindStringSubmatch(line); m != nil {
		o.verb, o.numbers, o.text = verbPress, []int{atoi(m[1])}, m[2]
		if m[2] != "" {
			o.verb = verbFill
		}
	}
	return o, nil
}

// bare is what the command takes, alone on a line: a word, or a meeting's number.
var bare = regexp.MustCompile(`^(?i:help|list|history|today|tomorrow|[0-9][0-9 -]{7,})$`)

// meant is the command that somebody had in mind who wrote this message; empty if it
// is a message like any other.
func meant(text string) string {
	if bare.MatchString(text) {
		return "/cancel-meeting " + strings.ToLower(text)
	}
	if strings.HasPrefix(text, "cancel-meeting") {
		return "/" + text
	}
	return ""
}

// isGap reports whether r separates numbers.
func isGap(r rune) bool { return r == ',' || r == ' ' || r == '\t' }

// atoi reads digits that a pattern has matched.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits) // three digits at most
	return n
}

func names() string {
	var all []string
	for _, p := range stage.People() {
		all = append(all, "@"+strings.ToLower(p.Name))
	}
	return strings.Join(all, ", ")
}
