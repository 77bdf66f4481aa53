package page

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"meetingbot/internal/demo/mrkdwn"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// A message is a Slack message for its template.
type message struct {
	slacksim.Message
	View     view
	ID       string // of the HTML element
	Author   string
	Class    string // of the author's picture, for CSS
	InThread bool   // shown in the thread's column
}

func newMessage(v view, m slacksim.Message) message {
	author, class := v.author(m)
	return message{Message: m, View: v, Author: author, Class: class}
}

// Letter returns the letter to show as the author's picture.
func (m message) Letter() string { return strings.ToUpper(m.Author[:min(1, len(m.Author))]) }

// IsApp reports whether an app wrote it.
func (m message) IsApp() bool { return m.Class == "app" }

// At returns when it was written.
func (m message) At() time.Time {
	seconds, _, _ := strings.Cut(m.TS, ".")
	unix, _ := strconv.ParseInt(seconds, 10, 64) // the simulator made it
	return time.Unix(unix, 0).In(m.View.zone())
}

// Body returns the blocks. A message without blocks gets one with its text.
func (m message) Body() []block {
	return blocksOf(m.View, holder{Layout: m.Message.Body(), ref: m.Ref}, m.ID)
}

// Clock returns when it was written, in the reader's time zone.
func (m message) Clock() string { return m.View.read.Clock(m.At()) }

// Thread returns the address of the page with the message's thread open.
func (m message) Thread() string { return m.View.WithThread(m.TS).Address() }

// CanShortcut reports whether Slack offers shortcuts for the message.
func (m message) CanShortcut() bool { return !m.Ephemeral }

// ShortcutName returns the shortcut's name in the menu.
func (m message) ShortcutName() string { return stage.ShortcutName }

// A window is a modal for its template.
type window struct {
	slacksim.Modal
	View view
}

// Body is the blocks.
func (w window) Body() []block {
	return blocksOf(w.View, holder{Layout: w.Layout, view: w.ID}, "window")
}

// A home is an app's Home tab for its template.
type home struct {
	slacksim.Home
	View view
}

// Body is the blocks.
func (h home) Body() []block {
	return blocksOf(h.View, holder{Layout: h.Layout, view: h.ID}, "home")
}

// A holder is the message or view that contains blocks.
type holder struct {
	slacksim.Layout
	ref  slacksim.Ref // of a message
	view string       // id, of a modal or a Home tab
}

// A block is a part of a message or a window as one person sees it.
type block struct {
	slacksim.Block
	ID    string // of the HTML element
	view  view
	in    holder
	above *slacksim.Text // of the last section; it names checkboxes that have no label
}

func blocksOf(v view, in holder, owner string) []block {
	all := make([]block, 0, len(in.Blocks))
	var above *slacksim.Text
	for i, b := range in.Blocks {
		all = append(all, block{b, fmt.Sprintf("%s-%d", owner, i), v, in, above})
		if b.Type == "section" && b.Text != nil {
			above = b.Text
		}
	}
	return all
}

// Say parses a text object according to its type.
func (b block) Say(t slacksim.Text) []mrkdwn.Span {
	if t.Type == "mrkdwn" {
		return b.view.local(b.view.read.Read(t.Text))
	}
	return []mrkdwn.Span{{Kind: mrkdwn.Plain, Text: t.Text}}
}

// Parts returns the elements of an actions or context block.
func (b block) Parts() []element {
	var all []element
	for i, e := range b.Elements {
		all = append(all, element{e, b, fmt.Sprintf("%s-%d", b.ID, i)})
	}
	return all
}

// Attached returns the element next to a section or in an input block, if there is one.
func (b block) Attached() []element {
	var all []element
	for _, e := range []*slacksim.Element{b.Accessory, b.Element} {
		if e != nil {
			all = append(all, element{*e, b, b.ID + "-own"})
		}
	}
	return all
}

// functions returns the functions that templates use in addition to methods.
func functions() template.FuncMap {
	return template.FuncMap{
		"local": func(url string) bool { return strings.HasPrefix(url, "/") },
		"grouped": func(number string) string {
			if len(number) != 9 {
				return number
			}
			return number[:3] + " " + number[3:6] + " " + number[6:]
		},
	}
}
