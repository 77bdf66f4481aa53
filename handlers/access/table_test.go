package access

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/rights.md")

// String returns the verb as docs/rights.md names it.
func (v Verb) String() string {
	return [...]string{
		"", "ask", "confirm", "keep", "undo, stop", "give a reason", "check again", "list, history, pick",
		"delegate", "see Home", "don't ask me again", "tick", "another person's meetings",
	}[v]
}

// String returns the right as docs/rights.md names it.
func (r Right) String() string {
	return [...]string{"nobody", "any member", "asker", "who confirmed", "who is asked", "delegate", "owner", "on a list"}[r]
}

// verbs returns the verbs in the table, in order.
func verbs() []Verb { return slices.Sorted(maps.Keys(table)) }

// rights returns every right that can grant anything.
func rights() []Right { return []Right{Member, Asker, Presser, Addressee, Delegate, Owner, Listed} }

// page renders the table of rights for security reviewers.
func page() string {
	var b strings.Builder
	b.WriteString(`# Who may do what

This page is generated from handlers/access/table.go (` + "`go test ./handlers/access -update`" + `); a test fails if it
is out of date. For a person with several rights, the strongest one that the table grants the verb counts. Anything not in
the table is refused.

Refused before that, whatever they want to do: guests, people from other workspaces, deactivated accounts, bots, and
everyone outside the channels in ALLOW_CHANNELS, if it is set; keep, undo and stop work wherever a card is.

A list of meetings with buttons is shown to its asker alone, and only they can use it. To press a button there is to ask.

On a card with several meetings, a person needs a right to each of those that are ticked: one owner among several can't
keep or undo what the others own.

- **lead**: not within LEAD_TIME before the start of anything that would be cancelled. A date whose time is unknown might
  start soon.
- **second**: not by the asker, if SECOND_PERSON requires another person. What counts is what would be left, not which
  button is pressed: all remaining dates are the series.

| | ` + strings.Join(names(rights()), " | ") + ` |
|---|` + strings.Repeat("---|", len(rights())) + "\n")
	for _, v := range verbs() {
		fmt.Fprintf(&b, "| %s |", v)
		for _, r := range rights() {
			fmt.Fprintf(&b, " %s |", cell(table[v][r]))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func names(of []Right) (all []string) {
	for _, r := range of {
		all = append(all, r.String())
	}
	return all
}

func cell(r Rules) string {
	words := []string{"yes"}
	if r.LeadTime {
		words = append(words, "lead")
	}
	if r.SecondPerson {
		words = append(words, "second")
	}
	if !r.Allowed {
		words = []string{"–"}
	}
	return strings.Join(words, ", ")
}

// TestPage checks that the page in docs matches the table.
func TestPage(t *testing.T) {
	t.Parallel()
	path := filepath.Join("..", "..", "docs", "rights.md")
	if *update {
		if err := os.WriteFile(path, []byte(page()), 0o644); err != nil { // world-readable, like any file in docs
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != page() {
		t.Errorf("%s is stale; go test ./handlers/access -update writes it", path)
	}
}

// TestEveryVerbIsAsked: a row that no code asks about would promise a check that isn't made.
func TestEveryVerbIsAsked(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("table.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, pattern := range []string{"../*.go", "../step/*.go", "../step/*/*.go", "*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("Glob(%s) = %v, %v", pattern, files, err)
		}
		for _, f := range files {
			if f == "table.go" || strings.HasSuffix(f, "_test.go") {
				continue
			}
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			code.Write(b)
		}
	}
	rows := regexp.MustCompile(`(?m)^\t([A-Z]\w+): +\{`).FindAllSubmatch(source, -1)
	if len(rows) != len(table) {
		t.Fatalf("%d rows in table.go, but %d in the table", len(rows), len(table))
	}
	for _, row := range rows {
		if !regexp.MustCompile(`(access\.|Verb: |table\[)` + string(row[1]) + `\b`).MatchString(code.String()) {
			t.Errorf("nothing asks about %s", row[1])
		}
	}
}

// TestTable checks promises that the table must keep whatever is added to it.
func TestTable(t *testing.T) {
	t.Parallel()
	for _, v := range verbs() {
		if v.String() == "" {
			t.Errorf("verb %d has no name", v)
		}
		if table[v][Nobody].Allowed {
			t.Errorf("%s: nobody may", v)
		}
		delegate, owner, listed := table[v][Delegate], table[v][Owner], table[v][Listed]
		switch {
		case delegate != owner:
			t.Errorf("%s: a delegate has %+v, want the owner's rules, %+v", v, delegate, owner)
		case listed.LeadTime:
			t.Errorf("%s: LEAD_TIME applies to people on a list", v)
		case owner.Allowed && !listed.Allowed:
			t.Errorf("%s: an owner may, but people on a list may not", v)
		case table[v][Member].LeadTime || table[v][Asker].LeadTime:
			t.Errorf("%s: LEAD_TIME is set for a right that needs no look-up, where it isn't checked", v)
		}
	}
	// Rules narrow verbs that remove something, never verbs that keep it.
	for _, v := range []Verb{Keep, Undo, Reason} {
		for _, r := range rights() {
			if rules := table[v][r]; rules.LeadTime || rules.SecondPerson {
				t.Errorf("%s by %s is narrowed, though it removes nothing", v, r)
			}
		}
	}
}
