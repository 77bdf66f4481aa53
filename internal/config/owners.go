package config

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// Owners maps meeting accounts and user UUIDs, in lower case, to people in Slack: either
// a user id, or an e-mail address (with an @) to look the person up by.
type Owners map[string]string

// owners reads the file named by OWNER_MAP. With OWNER_MAP_FILE, the value is already
// the CSV text, which has a comma or a line break and isn't the name of a file.
func (l *loader) owners() {
	l.config.Owners = Owners{}
	value := l.config.OwnerMap
	if value == "" {
		return
	}
	text, err := readValue(value)
	if err != nil {
		if _, statErr := os.Stat(value); statErr == nil || !strings.ContainsAny(value, ",\n") {
			l.hinted("OWNER_MAP", err.Error(), pathHint(value, ""))
			return
		}
		text = value
	}
	for _, problem := range l.config.Owners.read(text) {
		l.faults = append(l.faults, Fault{
			Name: "OWNER_MAP", Problem: problem,
			Hint: "each line is a meeting account or user UUID, a comma, a Slack user id or e-mail",
		})
	}
}

// maxOwnerFaults is how many faulty lines are named; the rest are counted.
const maxOwnerFaults = 20

// read adds the lines of a CSV text to o, and says what is wrong with which lines.
func (o Owners) read(text string) (problems []string) {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	r.TrimLeadingSpace = true
	r.Comment = '#'
	note := func(line int, what string) { problems = append(problems, fmt.Sprintf("line %d %s", line, what)) }
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			if at, ok := errors.AsType[*csv.ParseError](err); ok {
				note(at.Line, "is not CSV: "+at.Err.Error())
				continue
			}
			note(0, "can't be read")
			break
		}
		line, _ := r.FieldPos(0)
		if what := o.add(record); what != "" {
			note(line, what)
		}
	}
	if more := len(problems) - maxOwnerFaults; more > 0 {
		problems = append(problems[:maxOwnerFaults], fmt.Sprintf("has more wrong lines, not listed here: %d", more))
	}
	return problems
}

// add adds one record, or says what is wrong with it.
func (o Owners) add(record []string) string {
	if len(record) != 2 {
		return fmt.Sprintf("needs two columns, not %d", len(record))
	}
	name, target := strings.ToLower(strings.TrimSpace(record[0])), strings.TrimSpace(record[1])
	isEmail := strings.Count(target, "@") == 1 && !strings.HasPrefix(target, "@") && !strings.HasSuffix(target, "@") && !strings.ContainsAny(target, " <>")
	switch before, known := o[name]; {
	case name == "":
		return "has no meeting account"
	case !isEmail && !isSlackID(target, "UW"):
		return "has neither a Slack user id nor an e-mail address in its second column"
	case known && before != target:
		return "maps an account that another line already maps to someone else"
	}
	o[name] = target
	return ""
}
