package demo

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"meetingbot/internal/meetingsim"
)

// show prints what is new since the last call, and returns everything visible. It prints calls
// to the Meeting service first, so that a card's end doesn't come before the call that brought
// it about, then changes, then new messages.
func (t *terminal) show() []item {
	all := t.look()
	t.showCalls()
	var fresh []item
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
	for _, s := range fresh {
		t.write(s.heading, s)
	}
	return all
}

// write prints an item in one piece, so that the line being typed is redrawn only once.
func (t *terminal) write(heading string, s item) {
	var text strings.Builder
	text.WriteString(heading + "\n")
	for _, line := range s.lines {
		text.WriteString("    " + line + "\n")
	}
	t.printf("%s", text.String())
}

// did describes the effects of calls.
var did = map[string]string{
	meetingsim.EffectCancel:     "cancelled",
	meetingsim.EffectEnd:        "ended and cancelled",
	meetingsim.EffectSeries:     "cancelled the series",
	meetingsim.EffectOccurrence: "cancelled a date of",
	meetingsim.EffectStop:       "ended",
}

// showCalls prints new calls that ask the Meeting service to cancel something, and their
// effects.
func (t *terminal) showCalls() {
	calls := t.Meetings.Journal()
	for _, c := range calls[t.calls:] {
		if slices.Contains(meetingsim.Removals, c.Operation) {
			t.printf("Meeting service received: %s\n", request(c))
		}
	}
	t.calls = len(calls)
	effects := t.Meetings.Effects()
	for _, e := range effects[t.effects:] {
		m, _ := t.Meetings.Meeting(e.Meeting)
		t.printf("Meeting service %s %s, %q\n", did[e.Kind], e.Meeting, m.Subject)
	}
	t.effects = len(effects)
}

// request returns a call as it was on the wire.
func request(c meetingsim.Entry) string {
	text := c.Method + " " + c.Path
	if c.Query != "" {
		text += "?" + c.Query
	}
	return strings.TrimSpace(text + " " + c.Body)
}

// prompt prints a prompt, unless the editor draws its own.
func (t *terminal) prompt() {
	if t.keys.byHand && t.keys.editor == nil && !t.asking {
		t.printf("> ")
		t.asking = true
	}
}

// printf prints text over the prompt. It escapes it, because much of it comes from outside.
func (t *terminal) printf(format string, args ...any) {
	text := escapeControls(fmt.Sprintf(format, args...))
	if t.asking {
		text = "\r" + text
		t.asking = false
	}
	if _, err := io.WriteString(t.keys, text); err != nil {
		t.printErr = err
	}
}

// escapeControls escapes characters that would control a terminal or change the direction of
// the text around them.
func escapeControls(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case r == '\n', r == '\t':
			b.WriteRune(r)
		case unicode.IsControl(r), unicode.In(r, unicode.Bidi_Control, unicode.Zl, unicode.Zp):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
