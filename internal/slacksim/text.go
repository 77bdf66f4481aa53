package slacksim

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Plain returns everything that the message's reader sees, one line per block: escapes
// resolved, mentions by name, dates in the reader's zone, menus and buttons in
// brackets. Like Slack, it leaves out the top-level text if there are blocks.
func (m Message) Plain() string {
	text := m.reader.blocks(m.Body().Blocks)
	for _, more := range m.reader.more {
		text = strings.TrimPrefix(text+"\n"+more, "\n")
	}
	return text
}

func (r reader) blocks(blocks []Block) string {
	var lines []string
	for _, b := range blocks {
		lines = append(lines, r.block(b)...)
	}
	return strings.Join(lines, "\n")
}

func (r reader) block(b Block) []string {
	r.blockID = b.BlockID
	var lines []string
	add := func(s string) {
		if s != "" {
			lines = append(lines, s)
		}
	}
	for _, t := range []*Text{b.Title, b.Label, b.Text} {
		if t != nil {
			add(r.text(*t))
		}
	}
	for _, f := range b.Fields {
		add(r.text(f))
	}
	var parts []string
	for _, e := range b.Elements {
		parts = append(parts, r.element(e))
	}
	add(strings.Join(parts, " "))
	for _, e := range []*Element{b.Accessory, b.Element} {
		if e != nil {
			add(r.element(*e))
		}
	}
	if b.Hint != nil {
		add(r.text(*b.Hint))
	}
	add(b.AltText)
	return lines
}

func (r reader) element(e Element) string {
	switch e.Type {
	case "button":
		return "[" + r.text(*e.Text) + "]"
	case "image":
		return e.AltText
	case "mrkdwn":
		return r.mrkdwn(e.Text.Text)
	case "plain_text":
		return e.Text.Text
	case "user":
		return "@" + r.name(e.UserID)
	case "emoji":
		return ":" + e.Name + ":"
	case "date":
		return r.date(e.Timestamp, e.Format)
	case "radio_buttons", "checkboxes":
		return r.choices(e)
	case "link":
		if e.Text == nil {
			return e.URL
		}
		return e.Text.Text
	}
	if len(e.Elements) > 0 {
		var out strings.Builder
		for _, part := range e.Elements {
			out.WriteString(r.element(part))
		}
		return out.String()
	}
	if e.Text != nil {
		return e.Text.Text
	}
	return r.menu(e)
}

// menu renders a closed menu or an input: the choice, or else the placeholder.
func (r reader) menu(e Element) string {
	var words []string
	for _, c := range r.choicesOf(r.blockID, e) {
		if c.Chosen {
			words = append(words, c.Text)
		}
	}
	if len(e.AllOptions()) == 0 {
		words = r.valuesIn(r.blockID, e)
	}
	for i, word := range words {
		if e.Type == "users_select" {
			words[i] = "@" + r.name(word)
		}
	}
	switch {
	case len(words) > 0:
		return "[" + strings.Join(words, ", ") + "]"
	case e.Placeholder != nil:
		return "[" + r.text(*e.Placeholder) + "]"
	}
	return "[" + e.Type + "]"
}

// choices renders checkboxes and radio buttons, one per line, each followed by its description.
func (r reader) choices(e Element) string {
	marks := map[bool]string{false: "( ) ", true: "(•) "}
	if e.Type == "checkboxes" {
		marks = map[bool]string{false: "[ ] ", true: "[x] "}
	}
	var lines []string
	for _, c := range r.choicesOf(r.blockID, e) {
		lines = append(lines, marks[c.Chosen]+c.Text)
		if c.Description != "" {
			lines = append(lines, "    "+c.Description)
		}
	}
	return strings.Join(lines, "\n")
}

func (r reader) text(t Text) string {
	if t.Type == "mrkdwn" {
		return r.mrkdwn(t.Text)
	}
	return t.Text
}

// angle matches what Slack treats as markup: <…> with no other angle bracket inside.
var angle = regexp.MustCompile(`<([^<>]*)>`)

// unescape undoes Slack's only three escapes, ampersands last.
var unescape = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&")

func (r reader) mrkdwn(s string) string {
	s = angle.ReplaceAllStringFunc(s, func(token string) string { return r.token(token[1 : len(token)-1]) })
	return unescape.Replace(s)
}

// token renders the inside of <…>.
func (r reader) token(inside string) string {
	body, label, labelled := strings.Cut(inside, "|")
	switch {
	case strings.HasPrefix(body, "@"):
		return "@" + r.name(body[1:])
	case strings.HasPrefix(body, "#"):
		if label != "" {
			return "#" + label
		}
		return "#" + r.name(body[1:])
	case strings.HasPrefix(body, "!date^"):
		return r.dateToken(body, label)
	case strings.HasPrefix(body, "!subteam^"):
		return "@" + strings.TrimPrefix(body, "!subteam^")
	case strings.HasPrefix(body, "!"):
		return "@" + body[1:]
	case labelled:
		return label
	}
	return strings.TrimPrefix(body, "mailto:")
}

// dateToken renders !date^unix^format^link; anything malformed shows its fallback.
func (r reader) dateToken(body, fallback string) string {
	parts := strings.Split(body, "^")
	if len(parts) < 3 {
		return fallback
	}
	unix, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return fallback
	}
	return r.date(unix, parts[2])
}

// date applies Slack's date format for the reader.
func (r reader) date(unix int64, format string) string {
	t := time.Unix(unix, 0).In(r.zone)
	now := r.now().In(r.zone)
	long := t.Format("January ") + ordinal(t.Day()) + t.Format(", 2006")
	fill := []string{
		"{date_num}", t.Format("2006-01-02"),
		"{date_slash}", t.Format("02/01/2006"),
		"{date_short_pretty}", pretty(t, now, t.Format("Jan 2, 2006")),
		"{date_long_pretty}", pretty(t, now, t.Format("Monday, ")+long),
		"{date_pretty}", pretty(t, now, long),
		"{day_divider_pretty}", pretty(t, now, t.Format("Monday, ")+long),
		"{date_long_full}", t.Format("Monday, ") + long,
		"{date_short}", t.Format("Jan 2, 2006"),
		"{date_long}", t.Format("Monday, ") + long,
		"{date}", long,
		"{time_secs}", t.Format("3:04:05 PM"),
		"{time}", t.Format("3:04 PM"),
		"{ago}", now.Sub(t).Truncate(time.Minute).String() + " ago",
	}
	return strings.NewReplacer(fill...).Replace(format)
}

// pretty returns "today", "tomorrow" or "yesterday" if it applies.
func pretty(t, now time.Time, otherwise string) string {
	day := func(t time.Time) string { return t.Format("2006-01-02") }
	switch day(t) {
	case day(now):
		return "today"
	case day(now.AddDate(0, 0, 1)):
		return "tomorrow"
	case day(now.AddDate(0, 0, -1)):
		return "yesterday"
	}
	return otherwise
}

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return fmt.Sprintf("%d%s", n, suffix)
}
