// Package viewtest reads messages the way people do, for the tests of the views: what is
// said, which buttons there are, and what is said twice. It is in no program.
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

// Page is a page in one language, for everybody in a channel.
func Page(locale string) page.Page {
	catalogue, err := load()
	if err != nil {
		panic(err) // the catalogues are part of the program
	}
	return page.Page{Language: catalogue.In(locale), Second: cancellation.SecondNever, Command: command.Name}
}

// Texts are what a person reads in the blocks, from top to bottom: not what stands on
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

// Said is all of the blocks in one text, names of people and dates as they are read.
func Said(blocks []slack.Block) string { return Read(strings.Join(Texts(blocks), "\n")) }

var tag = regexp.MustCompile(`<(?:!date\^[^|>]*\|([^>]*)|@U0([A-Z]+)[0-9]+)>`)

// Read is a text with names of people and dates as they are read: @BOB, and UTC.
func Read(text string) string {
	return tag.ReplaceAllStringFunc(text, func(s string) string {
		m := tag.FindStringSubmatch(s)
		if m[2] != "" {
			return "@" + m[2]
		}
		return m[1]
	})
}

// Buttons are the buttons of the blocks in their order: "cancel_meeting: Cancel meeting".
func Buttons(blocks []slack.Block) (all []string) {
	for _, b := range buttonsIn(blocks) {
		all = append(all, b.ActionID+": "+b.Text.Text)
	}
	return all
}

// Dangerous are the action ids of the red buttons.
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

// Boxes are the boxes of the blocks in their order: "[x] " or "[ ] ", the text, and in
// brackets what stands below it.
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
				text += Read(o.Text.Text)
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

// Twice are the sentences that stand twice in the texts. Words alone, such as a label or
// a title, are no sentence, and neither is a row of a list, whose parts have dots between.
func Twice(texts []string) (twice []string) {
	said := map[string]bool{}
	for _, text := range texts {
		for _, s := range sentences(text) {
			if said[s] {
				twice = append(twice, s)
			}
			said[s] = true
		}
	}
	return twice
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

// Code finds what no person should read: a name out of the program, a word that the
// catalogue lacks. What stands between backticks is to be copied.
func Code(text string) string {
	text = regexp.MustCompile("`[^`]*`").ReplaceAllString(text, "")
	return regexp.MustCompile(`<no value>|\[[a-z_]+\.[a-z_0-9]+\]|\b[a-z]+(_[a-z]+)+\b|[{}%]|\bmap\[`).FindString(regexp.MustCompile(`<!date\^[^>]*>`).ReplaceAllString(text, ""))
}
