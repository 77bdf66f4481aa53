package page

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"meetingbot/internal/demo/mrkdwn"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// A message is one of Slack's as its template needs it.
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

// Letter stands for the author's picture.
func (m message) Letter() string { return strings.ToUpper(m.Author[:min(1, len(m.Author))]) }

// IsApp reports whether an app wrote it.
func (m message) IsApp() bool { return m.Class == "app" }

// At is when it was written.
func (m message) At() time.Time {
	seconds, _, _ := strings.Cut(m.TS, ".")
	unix, _ := strconv.ParseInt(seconds, 10, 64) // the simulator made it
	zone := m.View.read.Zone
	if zone == nil {
		zone = time.UTC
	}
	return time.Unix(unix, 0).In(zone)
}

// Body is the blocks. A message without any is its text.
func (m message) Body() []block {
	blocks := m.Blocks
	if len(blocks) == 0 {
		blocks = []slacksim.Block{{Type: "section", Text: &slacksim.Text{Type: "mrkdwn", Text: m.Text}}}
	}
	return blocksOf(blocks, m.View, m.Ref, m.ID)
}

// Thread is the page with the message's thread open.
func (m message) Thread() string { return m.View.WithThread(m.TS).Address() }

// CanShortcut reports whether Slack offers shortcuts on it.
func (m message) CanShortcut() bool { return !m.Ephemeral }

// ShortcutName is what the menu calls the app's shortcut.
func (m message) ShortcutName() string { return stage.ShortcutName }

// A window is a modal as its template needs it.
type window struct {
	slacksim.Modal
	View view
}

func newWindow(v view, m slacksim.Modal) window { return window{m, v} }

// Body is the blocks.
func (w window) Body() []block {
	return blocksOf(w.Blocks, w.View, slacksim.Ref{}, "window")
}

// A block is a part of a message or a window as one person sees it.
type block struct {
	slacksim.Block
	ID   string // of its element
	view view
	ref  slacksim.Ref
}

func blocksOf(blocks []slacksim.Block, v view, ref slacksim.Ref, owner string) []block {
	all := make([]block, 0, len(blocks))
	for i, b := range blocks {
		all = append(all, block{b, fmt.Sprintf("%s-%d", owner, i), v, ref})
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

// An element is a button, a menu, an input or a piece of text.
type element struct {
	slacksim.Element
	Block block
	ID    string // of its element in the page
}

// Own is the text of an element that is nothing but text.
func (e element) Own() []mrkdwn.Span {
	text := slacksim.Text{Type: e.Type, Text: e.AltText}
	if e.Text != nil {
		text.Text = e.Text.Text
	}
	return e.Block.Say(text)
}

// Plain reads a text object without how it looks.
func (e element) Plain(t slacksim.Text) string { return mrkdwn.Text(e.Block.Say(t)) }

// Press is what its button sends.
func (e element) Press() string {
	return url.Values{"ts": {e.Block.ref.TS}, "block": {e.Block.BlockID}, "action": {e.ActionID}, "value": {e.Value}}.Encode()
}

// Name is the name of its field in a form.
func (e element) Name() string {
	return "field " + url.Values{"block": {e.Block.BlockID}, "action": {e.ActionID}}.Encode()
}

// Label is what it is called: by itself, or by the block around it.
func (e element) Label() string {
	for _, t := range []*slacksim.Text{e.Text, e.Block.Label, e.Placeholder} {
		if t != nil {
			return mrkdwn.Text(e.Block.Say(*t))
		}
	}
	return e.Type
}

// Choices are the options of a menu, grouped or not.
func (e element) Choices() []slacksim.Option {
	all := slices.Clone(e.Options)
	for _, g := range e.OptionGroups {
		all = append(all, g.Options...)
	}
	return all
}

// Chosen reports whether the viewer has chosen the option.
func (e element) Chosen(o slacksim.Option) bool {
	if values, made := e.Block.view.chosen(e.Block.ref, e.Block.BlockID, e.ActionID); made {
		return slices.Contains(values, o.Value)
	}
	first := e.InitialOptions
	if e.InitialOption != nil {
		first = append(first[:len(first):len(first)], *e.InitialOption)
	}
	return slices.ContainsFunc(first, func(initial slacksim.Option) bool { return initial.Value == o.Value })
}

// functions are those that templates use beside methods.
func functions() template.FuncMap {
	return template.FuncMap{
		"clock": func(t time.Time) string { return t.Format("15:04") },
		"local": func(url string) bool { return strings.HasPrefix(url, "/") },
		"grouped": func(number string) string {
			if len(number) != 9 {
				return number
			}
			return number[:3] + " " + number[3:6] + " " + number[6:]
		},
	}
}
