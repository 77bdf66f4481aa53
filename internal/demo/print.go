package demo

import (
	"fmt"
	"strings"

	"meetingbot/internal/meetingsim"
)

// show prints what is new since it was called last, and returns all there is:
// first what has changed, then what arrived at the Meeting service, then new
// messages, which is the order in which one leads to the other.
func (t *terminal) show() []sight {
	all := look(t.Stage)
	var fresh []sight
	for _, s := range all {
		before, old := t.shown[s.key]
		t.shown[s.key] = s.text()
		switch {
		case !old:
			fresh = append(fresh, s)
		case before != s.text():
			t.write("(changed) "+s.heading, s)
		}
	}
	t.showCalls()
	for _, s := range fresh {
		t.write(s.heading, s)
	}
	return all
}

func (t *terminal) write(heading string, s sight) {
	t.printf("%s\n", heading)
	for _, line := range s.lines {
		t.printf("    %s\n", line)
	}
}

// showCalls prints the calls that ask the Meeting service to remove something,
// and what they have changed.
func (t *terminal) showCalls() {
	calls := t.Meetings.Journal()
	for _, c := range calls[t.calls:] {
		if removes(c.Operation) {
			t.printf("Meeting service received: %s\n", request(c))
		}
	}
	t.calls = len(calls)
	effects := t.Meetings.Effects()
	for _, e := range effects[t.effects:] {
		m, _ := t.Meetings.Meeting(e.Meeting)
		t.printf("Meeting service did: %s of %s, %q\n", e.Kind, e.Meeting, m.Subject)
	}
	t.effects = len(effects)
}

func removes(operation string) bool {
	switch operation {
	case meetingsim.OpCancel, meetingsim.OpCancelSeries, meetingsim.OpCancelOccurrence:
		return true
	}
	return false
}

// request is a call as it came over the wire.
func request(c meetingsim.Entry) string {
	text := c.Method + " " + c.Path
	if c.Query != "" {
		text += "?" + c.Query
	}
	return strings.TrimSpace(text + " " + c.Body)
}

// prompt asks whoever types by hand for the next line.
func (t *terminal) prompt() {
	if !t.echo && !t.asking {
		t.printf("> ")
		t.asking = true
	}
}

// printf writes over a prompt that stands there.
func (t *terminal) printf(format string, args ...any) {
	if t.asking {
		format = "\r" + format
		t.asking = false
	}
	if _, err := fmt.Fprintf(t.out, format, args...); err != nil {
		t.deaf = err
	}
}
