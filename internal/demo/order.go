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
	verbShortcut verb = "shortcut" // on the newest message that a person wrote
	verbHelp     verb = "help"
)

// An order is one typed line.
type order struct {
	who    stage.Person
	verb   verb
	number int
	text   string // what is said or filled in
}

// pressed is a number, alone or with what to fill in. Longer numbers are those
// of meetings: a line that begins with one is a message.
var pressed = regexp.MustCompile(`^([0-9]{1,2})(?:\s+(.*))?$`)

// parseOrder reads one line: "@bob 1" is Bob's, one without a name is that of
// whoever sits at the terminal.
func parseOrder(line string) (order, error) {
	line = strings.TrimSpace(line)
	o := order{}
	o.who, _ = stage.Find(stage.You)
	if name, rest, named := strings.Cut(line, " "); strings.HasPrefix(name, "@") {
		who, known := stage.Find(name[1:])
		if !known {
			return o, fmt.Errorf("there is nobody called %q here; there are %s", name[1:], names())
		}
		if !named {
			return o, fmt.Errorf("what is %s to do? For example: %s 1", who.Name, name)
		}
		o.who, line = who, strings.TrimSpace(rest)
	}
	switch line {
	case "":
		return o, nil
	case "?":
		o.verb = verbHelp
		return o, nil
	case "!":
		o.verb = verbShortcut
		return o, nil
	}
	o.verb, o.text = verbSay, line
	if m := pressed.FindStringSubmatch(line); m != nil {
		o.verb, o.text = verbPress, m[2]
		o.number, _ = strconv.Atoi(m[1]) // one or two digits
		if m[2] != "" {
			o.verb = verbFill
		}
	}
	return o, nil
}

func names() string {
	var all []string
	for _, p := range stage.People() {
		all = append(all, "@"+strings.ToLower(p.Name))
	}
	return strings.Join(all, ", ")
}
