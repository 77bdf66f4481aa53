// Package viewtest reads messages the way people do, for tests of the views: what they say,
// which buttons they have, and what they repeat. It is not part of the program.
package viewtest

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// load reads the catalogues once.
var load = sync.OnceValues(words.Load)

// Page returns a page in one language, for everyone in a channel.
func Page(locale string) page.Page {
	catalogue, err := load()
	if err != nil {
		panic(err) // the catalogues are part of the program
	}
	return page.Page{Language: catalogue.In(locale), Second: cancellation.SecondNever, Command: command.Name}
}

// Texts returns what a person reads in the blocks, from top to bottom, without the text on
// buttons.
func Texts(blocks []slack.Block) (all []string) {
	add := func(texts ...*slack.TextBlockObject) {
		for _, t := range texts {
			if t != nil {
				all = append(all, t.Text)
			}
		}
	}
	for _, b := range blocks {
		switch b := b.(type) {
		case *slack.HeaderBlock:
			add(b.Text)
		case *slack.SectionBlock:
			add(b.Text)
			add(b.Fields...)
		case *slack.ContextBlock:
			for _, e := range b.ContextElements.Elements {
				if t, ok := e.(*slack.TextBlockObject); ok {
					add(t)
				}
			}
		case *slack.InputBlock:
			add(b.Label, b.Hint)
		case *slack.ActionBlock:
			for _, group := range groups(b) {
				for _, o := range group.Options {
					add(o.Text, o.Description)
				}
			}
		}
	}
	return all
}

// Text returns the text of all blocks, rendered.
func Text(blocks []slack.Block) string { return Render(strings.Join(Texts(blocks), "\n")) }

var tag = regexp.MustCompile(`<(?:!date\^[^|>]*\|([^>]*)|@U0([A-Z]+)[0-9]+)>`)

// Render returns text with people and dates as readers see them: @BOB, and the time in UTC.
func Render(text string) string {
	return tag.ReplaceAllStringFunc(text, func(s string) string {
		m := tag.FindStringSubmatch(s)
		if m[2] != "" {
			return "@" + m[2]
		}
		return m[1]
	})
}

// Buttons lists the buttons of the blocks in order, like "cancel_meeting: Cancel meeting".
func Buttons(blocks []slack.Block) (all []string) {
	for _, b := range buttonsIn(blocks) {
		all = append(all, b.ActionID+": "+b.Text.Text)
	}
	return all
}

// Dangerous lists the action ids of the red buttons.
func Dangerous(blocks []slack.Block) (all []string) {
	for _, b := range buttonsIn(blocks) {
		if b.Style == slack.StyleDanger {
			all = append(all, b.ActionID)
		}
	}
	return all
}

func buttonsIn(blocks []slack.Block) (all []*slack.ButtonBlockElement) {
	for _, b := range blocks {
		switch b := b.(type) {
		case *slack.SectionBlock:
			if b.Accessory != nil && b.Accessory.ButtonElement != nil {
				all = append(all, b.Accessory.ButtonElement)
			}
		case *slack.ActionBlock:
			for _, e := range b.Elements.ElementSet {
				if button, ok := e.(*slack.ButtonBlockElement); ok {
					all = append(all, button)
				}
			}
		}
	}
	return all
}

// Boxes lists the checkboxes of the blocks in order: "[x] " or "[ ] ", the text, and the text
// below it in brackets.
func Boxes(blocks []slack.Block) (all []string) {
	for _, b := range blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, group := range groups(row) {
			for _, o := range group.Options {
				text := "[ ] "
				if slices.Contains(group.InitialOptions, o) {
					text = "[x] "
				}
				text += Render(o.Text.Text)
				if o.Description != nil {
					text += " (" + o.Description.Text + ")"
				}
				all = append(all, text)
			}
		}
	}
	return all
}

func groups(row *slack.ActionBlock) (all []*slack.CheckboxGroupsBlockElement) {
	for _, e := range row.Elements.ElementSet {
		if group, ok := e.(*slack.CheckboxGroupsBlockElement); ok {
			all = append(all, group)
		}
	}
	return all
}

// Repeated returns the sentences that occur repeated in the texts. Single words, such as a label
// or a title, are not sentences, and neither are the rows of a list, whose parts are separated
// by dots.
func Repeated(texts []string) (repeated []string) {
	seen := map[string]bool{}
	for _, text := range texts {
		for _, s := range sentences(text) {
			if seen[s] {
				repeated = append(repeated, s)
			}
			seen[s] = true
		}
	}
	return repeated
}

func sentences(text string) (all []string) {
	for _, s := range regexp.MustCompile(`\. |\.$|\n|[。！？；]`).Split(text, -1) {
		if s = strings.Trim(s, " *•"); strings.Contains(s, " · ") {
			continue
		}
		chinese := strings.ContainsFunc(s, func(r rune) bool { return unicode.Is(unicode.Han, r) })
		if strings.Contains(s, " ") && utf8.RuneCountInString(s) > 10 || chinese && utf8.RuneCountInString(s) > 5 {
			all = append(all, s)
		}
	}
	return all
}

// FindCode returns the first thing in text that no person should read: an identifier from the
// program, or the mark of a key that the catalogue lacks. Text between backticks is to be
// copied, so it is ignored.
func FindCode(text string) string {
	text = regexp.MustCompile("`[^`]*`").ReplaceAllString(text, "")
	return regexp.MustCompile(`<no value>|\[[a-z_]+\.[a-z_0-9]+\]|\b[a-z]+(_[a-z]+)+\b|[{}%]|\bmap\[`).FindString(regexp.MustCompile(`<!date\^[^>]*>`).ReplaceAllString(text, ""))
}
