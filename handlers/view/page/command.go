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

// Example returns a command to copy, with r's number.
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

// Flags returns the flags that ask for the same as r does.
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

// AllFlags is [Flags] with the reason, for people who may give it: the asker, or everyone who
// reads it on the card.
func AllFlags(r cancellation.Request) string {
	reason := block.Verbatim(strings.ReplaceAll(r.Reason, `"`, "'"), block.MaxReason)
	if reason != "" {
		reason = `--reason "` + reason + `"`
	}
	return block.Join(" ", Flags(r, r.End), reason)
}

// TypedDate returns the date that r's asker typed; empty if the dates were chosen on the card,
// or if the card took over from another one, which asked for them again.
func TypedDate(r cancellation.Request) string {
	if r.Supersedes != "" || strings.Trim(r.Wanted, "0123456789-T:") != "" {
		return ""
	}
	return block.Plain(r.Wanted, block.MaxNumber)
}

// ExampleNumber is used in examples if no number is known.
const ExampleNumber = "914087436"

// ToType formats lines to type as code. It shows as many as fit, each of them whole, because
// half a command is another command. It names a person only to readers who may see it.
func (p Page) ToType(typed string) string {
	all := strings.Split(typed, "\n")
	var shown []string
	left := maxToType
	for _, line := range all[:min(maxTypeLines, len(all))] {
		if p.Bare {
			line = ofPerson.ReplaceAllString(line, "--of …")
		}
		line = block.Verbatim(line, maxToType)
		if left -= utf8.RuneCountInString(line); left < 0 {
			break
		}
		shown = append(shown, "`"+line+"`")
	}
	return block.Join("\n", append(shown, p.CountAny("many.portions_more", len(all)-len(shown)))...)
}

// ToCopy returns lines to copy, one block each with the label above the first, and how many
// were left out: it shows as many as fit in one message with everything else. first is the
// first line for the notification.
func ToCopy(label string, lines []string) (first string, blocks []slack.Block, more int) {
	left := maxToCopy
	for _, line := range lines[:min(MaxCopyLines, len(lines))] {
		line = block.Verbatim(line, maxCopied)
		if left -= utf8.RuneCountInString(line); left < 0 {
			break
		}
		blocks = append(blocks, block.Section(label, "```"+line+"```"))
		first, label = cmp.Or(first, "`"+line+"`"), ""
	}
	return first, blocks, len(lines) - len(blocks)
}

// MaxCopyLines is how many lines to copy an answer shows.
const MaxCopyLines = 20

const (
	maxCopied = 2800  // of a line: twenty numbers and the longest reason, each character escaped
	maxToCopy = 10000 // of all lines: Slack takes 12,000 characters in a message
)

// How many lines to type are shown, and how many characters. Twenty numbers and a reason of
// moderate length fit.
const (
	maxTypeLines = 10
	maxToType    = 1000
)

// ofPerson matches the person in a line written by [command.Command].
var ofPerson = regexp.MustCompile(`--of \S+`)
