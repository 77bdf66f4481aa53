package page

import (
	"cmp"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/block"
	"meetingbot/internal/cancellation"
)

// Example is a command to copy, with r's number.
func (p Page) Example(r cancellation.Request, flags string) string {
	if r.Batch != nil && r.Batch.Line != "" {
		return p.ToType(r.Batch.Line)
	}
	number := NumberOf(r)
	if !block.IsNumber(number) {
		number = ExampleNumber
	}
	return "`" + block.Join(" ", cmp.Or(r.As, p.Command), number, flags) + "`"
}

// Flags are what to type to ask for the same as r did.
func Flags(r cancellation.Request, end bool) string {
	var how, which string
	if end {
		how = "--end"
	}
	switch {
	case r.Scope == cancellation.Series:
		which = "--series"
	case r.Scope == cancellation.Occurrence && TypedDate(r) != "":
		which = "--occurrence " + TypedDate(r)
	}
	return block.Join(" ", how, which)
}

// TypedDate is the date that r's asker typed; empty if the dates were chosen on the
// card, or if the card took over from another, which asked for them again.
func TypedDate(r cancellation.Request) string {
	if r.Supersedes != "" || strings.Trim(r.Wanted, "0123456789-T:") != "" {
		return ""
	}
	return block.Plain(r.Wanted, block.MaxNumber)
}

// ExampleNumber is used in examples if no number is known.
const ExampleNumber = "914087436"

// ToType are lines to type: as many as fit, each of them whole, because half a command is
// another command. In them a person is named only to those who may read it.
func (p Page) ToType(typed string) string {
	all := strings.Split(typed, "\n")
	var shown []string
	left := maxToType
	for _, line := range all[:min(shownMore, len(all))] {
		if p.Bare {
			line = ofSomebody.ReplaceAllString(line, "--of …")
		}
		line = block.Verbatim(line, maxToType)
		if left -= utf8.RuneCountInString(line); left < 0 {
			break
		}
		shown = append(shown, "`"+line+"`")
	}
	return block.Join("\n", append(shown, p.CountAny("many.portions_more", len(all)-len(shown)))...)
}

// ToCopy are the first of lines to copy, a block each with the label above them, and how
// many are left out: as many as fit into one message besides everything else. The first
// line is for the notification as well.
func ToCopy(label string, lines []string) (first string, blocks []slack.Block, more int) {
	left := maxToCopy
	for _, line := range lines[:min(MaxToCopy, len(lines))] {
		line = block.Verbatim(line, maxCopied)
		if left -= utf8.RuneCountInString(line); left < 0 {
			break
		}
		blocks = append(blocks, block.Section(label, "```"+line+"```"))
		first, label = cmp.Or(first, "`"+line+"`"), ""
	}
	return first, blocks, len(lines) - len(blocks)
}

// MaxToCopy is how many lines to copy an answer has.
const MaxToCopy = 20

const (
	maxCopied = 2800  // of a line: twenty numbers and the longest reason, each character escaped
	maxToCopy = 10000 // of all lines: Slack takes 12,000 characters in a message
)

// How many lines to type are shown, and how many characters: twenty numbers and a reason
// of some length fit.
const (
	shownMore = 10
	maxToType = 1000
)

// ofSomebody is the person in a line as [command.Command] writes it.
var ofSomebody = regexp.MustCompile(`--of \S+`)
