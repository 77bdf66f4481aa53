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
	ID       string // of its element
	Author   string
	Class    string // of the author's picture
	InThread bool   // shown in the thread's column
}

func newMessage(v view, m slacksim.Message) message {
	author, class := v.author(m)
	return message{Message: m, View: v, Author: author, Class: class}
}

// Letter replaces the author's picture.
func (m message) Letter() string { return strings.ToUpper(m.Author[:min(1, len(m.Author))]) }

// IsApp reports whether an app wrote it.
func (m message) IsApp() bool { return m.Class == "app" }

// At is when it was written.
func (m message) At() time.Time {
	seconds, _, _ := strings.Cut(m.TS, ".")
	unix, _ := strconv.ParseInt(seconds, 10, 64) // the simulator made it
	return time.Unix(unix, 0).In(m.View.zone())
}

// Body is the blocks. A message without any is its text.
func (m message) Body() []block {
	blocks := m.Blocks
	if len(blocks) == 0 {
		blocks = []slacksim.Block{{Type: "section", Text: &slacksim.Text{Type: "mrkdwn", Text: m.Text}}}
	}
	return blocksOf(blocks, m.View, holder{ref: m.Ref, chosen: m.Chosen}, m.ID)
}

// Clock is when it was written, in the reader's time zone.
func (m message) Clock() string { return m.View.read.Clock(m.At()) }

// Thread is the page with the message's thread open.
func (m message) Thread() string { return m.View.WithThread(m.TS).Address() }

// CanShortcut reports whether Slack offers shortcuts for it.
func (m message) CanShortcut() bool { return !m.Ephemeral }

// ShortcutName is the shortcut's name in the menu.
func (m message) ShortcutName() string { return stage.ShortcutName }

// A window is a modal for its template.
type window struct {
	slacksim.Modal
	View view
}

func newWindow(v view, m slacksim.Modal) window { return window{m, v} }

// Body is the blocks.
func (w window) Body() []block {
	return blocksOf(w.Blocks, w.View, holder{view: w.ID, chosen: w.Chosen}, "window")
}

// A home is an app's Home tab for its template.
type home struct {
	slacksim.Home
	View view
}

// Body is the blocks.
func (h home) Body() []block {
	return blocksOf(h.Blocks, h.View, holder{view: h.ID, chosen: h.Chosen}, "home")
}

// A holder is the message or the view that blocks stand in.
type holder struct {
	ref    slacksim.Ref // of a message
	view   string       // id, of a modal or a Home tab
	chosen func(blockID, actionID string) []string
}

// A block is a part of a message or a window as one person sees it.
type block struct {
	slacksim.Block
	ID    string // of its element
	view  view
	in    holder
	above *slacksim.Text // of the last section, which names checkboxes in a row of their own
}

func blocksOf(blocks []slacksim.Block, v view, in holder, owner string) []block {
	all := make([]block, 0, len(blocks))
	var above *slacksim.Text
	for i, b := range blocks {
		all = append(all, block{b, fmt.Sprintf("%s-%d", owner, i), v, in, above})
		if b.Type == "section" && b.Text != nil {
			above = b.Text
		}
	}
	return all
}

// Say reads a text object as its type demands.
func (b block) Say(t slacksim.Text) []mrkdwn.Span {
	if t.Type == "mrkdwn" {
		return b.view.local(b.view.read.Read(t.Text))
	}
	return []mrkdwn.Span{{Kind: mrkdwn.Plain, Text: t.Text}}
}

// Parts are the elements of an actions or a context block.
func (b block) Parts() []element {
	var all []element
	for i, e := range b.Elements {
		all = append(all, element{e, b, fmt.Sprintf("%s-%d", b.ID, i)})
	}
	return all
}

// Beside is the element beside a section or in an input block, if there is one.
func (b block) Beside() []element {
	var all []element
	for _, e := range []*slacksim.Element{b.Accessory, b.Element} {
		if e != nil {
			all = append(all, element{*e, b, b.ID + "-own"})
		}
	}
	return all
}

// functions are those that templates use beside methods.
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
