package doctor

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode"
)

// A status says how bad a finding is.
type status string

// The statuses. Only failed findings decide the exit code.
const (
	ok   status = "ok"
	warn status = "warn"
	fail status = "fail"
)

// A finding is a line of the report.
type finding struct {
	Check  string `json:"check"`
	Status status `json:"status"`
	Text   string `json:"text"`
	Advice string `json:"advice,omitempty"` // what to do; empty where nothing is to be done
}

// good, doubtful and wrong make findings; their check is named later.
func good(text string) finding { return finding{Status: ok, Text: text} }

func doubtful(text, advice string) finding { return finding{Status: warn, Text: text, Advice: advice} }

func wrong(text, advice string) finding { return finding{Status: fail, Text: text, Advice: advice} }

// A report is everything that was found, in a fixed order.
type report struct {
	Version  string    `json:"version"`
	Result   status    `json:"result"` // the worst of the findings
	Findings []finding `json:"findings"`
}

// add names the findings' check and takes them up.
func (r *report) add(check string, found []finding) {
	for _, f := range found {
		f.Check, f.Text, f.Advice = check, oneLine(f.Text), oneLine(f.Advice)
		r.Findings = append(r.Findings, f)
		if f.Status == fail || f.Status == warn && r.Result == ok {
			r.Result = f.Status
		}
	}
}

// print writes the report: a line each, or one JSON object.
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
		fmt.Fprintf(&b, "\nTo be mended: %s.\n", count(of[fail], "line"))
	case of[warn] > 0:
		fmt.Fprintf(&b, "\nNothing failed. Worth a look: %s.\n", count(of[warn], "line"))
	default:
		b.WriteString("\nAll is well.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// oneLine keeps what others wrote from breaking the line or steering the
// terminal.
func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) || r == ' ' }), " ")
}

// count writes "1 user", "2 users".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
