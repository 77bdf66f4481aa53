package demo

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"meetingbot/internal/demo/stage"
)

// A verb is what a typed line asks the demo to do.
type verb string

const (
	verbNothing  verb = "" // an empty line
	verbSay      verb = "say"
	verbPress    verb = "press"    // a button, by its number
	verbFill     verb = "fill"     // a menu or an input, by its number
	verbTick     verb = "tick"     // boxes, by their numbers
	verbUntick   verb = "untick"   // boxes, by their numbers
	verbShortcut verb = "shortcut" // on the newest message that a person wrote
	verbHome     verb = "home"     // open the app's Home tab
	verbHelp     verb = "help"
	verbQuit     verb = "quit"
)

// verbs are the lines that consist of just a verb.
var verbs = map[string]verb{
	"": verbNothing, "?": verbHelp, "!": verbShortcut, "home": verbHome, "quit": verbQuit, "exit": verbQuit,
}

// An order is one parsed line.
type order struct {
	who     stage.Person
	verb    verb
	numbers []int  // of the controls to press, fill or tick; several only for boxes
	text    string // what to say or fill in
}

// pressed matches a control's number, alone or with what to fill in. A line that starts
// with a longer number, such as a meeting number, is a message.
var pressed = regexp.MustCompile(`^([0-9]{1,3})(?:\s+(.*))?$`)

// ticked matches tick or untick with a list of numbers.
var ticked = regexp.MustCompile(`^(tick|untick)\s+([0-9]{1,3}(?:[\s,]+[0-9]{1,3})*)$`)

// parseOrder parses one line. "@bob 1" is an order from Bob; a line without a name is from
// the person at the terminal.
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

// bare matches a line that consists of the command's argument: a word, or a meeting number.
var bare = regexp.MustCompile(`^(?i:help|list|history|today|tomorrow|[0-9][0-9 -]{7,})$`)

// meant returns the command that a message was probably meant to be, or "" if it is an
// ordinary message.
func meant(text string) string {
	if bare.MatchString(text) {
		return "/cancel-meeting " + strings.ToLower(text)
	}
	if strings.HasPrefix(text, "cancel-meeting") {
		return "/" + text
	}
	return ""
}

// isGap reports whether r can separate numbers.
func isGap(r rune) bool { return r == ',' || r == ' ' || r == '\t' }

// atoi converts digits that a pattern has matched.
func atoi(digits string) int {
	n, _ := strconv.Atoi(digits) // three digits at most
	return n
}

// handle returns what a person's orders begin with.
func handle(p stage.Person) string { return "@" + strings.ToLower(p.Name) }

func names() string {
	var all []string
	for _, p := range stage.People() {
		all = append(all, handle(p))
	}
	return strings.Join(all, ", ")
}
