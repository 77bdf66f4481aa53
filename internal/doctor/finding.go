package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// A status is the severity of a finding.
type status string

// The statuses. Only failed findings decide the exit code.
const (
	ok   status = "ok"
	warn status = "warn"
	fail status = "fail"
)

type finding struct {
	Check  string `json:"check"`
	Status status `json:"status"`
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"` // what to do; empty if nothing
}

// passed, warning and failed make findings; report.add names their check.
func passed(text string) finding { return finding{Status: ok, Text: text} }

func warning(text, advice string) finding { return finding{Status: warn, Text: text, Advice: advice} }

func failed(text, advice string) finding { return finding{Status: fail, Text: text, Advice: advice} }

// A report has all findings, in a fixed order.
type report struct {
	Version  string    `json:"version"`
	Result   status    `json:"result"` // the worst status
	Findings []finding `json:"findings"`
}

func (r *report) add(check string, found []finding) {
	for _, f := range found {
		f.Check, f.Text, f.Advice = check, oneLine(f.Text), oneLine(f.Advice)
		r.Findings = append(r.Findings, f)
		if f.Status == fail || f.Status == warn && r.Result == ok {
			r.Result = f.Status
		}
	}
}

// print writes the report: a line per finding, or one JSON object.
func (r *report) print(w io.Writer, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	var b strings.Builder
	of := map[status]int{}
	for _, f := range r.Findings {
		of[f.Status]++
		fmt.Fprintf(&b, "%-4s  %-15s  %s", f.Status, f.Check, f.Text)
		if f.Advice != "" {
			b.WriteString(" → " + f.Advice)
		}
		b.WriteString("\n")
	}
	switch {
	case of[fail] > 0:
		fmt.Fprintf(&b, "\n%s to fix.\n", count(of[fail], "problem"))
	case of[warn] > 0:
		fmt.Fprintf(&b, "\nNothing failed; %s to look at.\n", count(of[warn], "warning"))
	default:
		b.WriteString("\nEverything is fine.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// cut keeps the first of many findings, and replaces the rest with their number, giving
// it the status of the first one left out.
func cut(found []finding, most int) []finding {
	if n := len(found) - most; n > 0 {
		found = append(found[:most], finding{Status: found[most].Status, Text: fmt.Sprintf("and %d more like this", n)})
	}
	return found
}

// oneLine keeps user-supplied text from breaking the line or controlling the terminal.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == ' ' }), " ")
}

// count returns "1 user" or "2 users".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
