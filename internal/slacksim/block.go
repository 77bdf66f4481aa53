package slacksim

import (
	"encoding/json"
	"slices"
)

// A Block is one Block Kit block as it was sent, with Slack's generated ids filled in.
// Fields that don't belong to its type are zero.
type Block struct {
	Type           string          `json:"type"`
	BlockID        string          `json:"block_id"`
	Text           *Text           `json:"text"`
	Title          *Text           `json:"title"`
	Fields         []Text          `json:"fields"`
	Elements       []Element       `json:"elements"`
	Accessory      *Element        `json:"accessory"`
	Label          *Text           `json:"label"`
	Hint           *Text           `json:"hint"`
	Element        *Element        `json:"element"`
	Optional       bool            `json:"optional"`
	DispatchAction bool            `json:"dispatch_action"`
	ImageURL       string          `json:"image_url"`
	AltText        string          `json:"alt_text"`
	Raw            json.RawMessage `json:"-"` // the whole block
}

// A Text is a text object, or a bare string (then Type is empty).
type Text struct {
	Type     string `json:"type"` // "plain_text", "mrkdwn" or empty
	Text     string `json:"text"`
	Emoji    bool   `json:"emoji"`
	Verbatim bool   `json:"verbatim"`
}

// An Element is a part of a block: a button, a menu, an input, an image, or a piece of
// text in a context or rich text block.
type Element struct {
	Type               string          `json:"type"`
	ActionID           string          `json:"action_id"`
	Text               *Text           `json:"text"`
	Value              string          `json:"value"`
	Style              string          `json:"-"` // "primary", "danger" or empty
	URL                string          `json:"url"`
	Confirm            *Confirm        `json:"confirm"`
	AccessibilityLabel string          `json:"accessibility_label"`
	Placeholder        *Text           `json:"placeholder"`
	Options            []Option        `json:"options"`
	OptionGroups       []OptionGroup   `json:"option_groups"`
	InitialOption      *Option         `json:"initial_option"`
	InitialOptions     []Option        `json:"initial_options"`
	InitialValue       string          `json:"initial_value"`
	InitialDate        string          `json:"initial_date"`
	InitialTime        string          `json:"initial_time"`
	InitialUser        string          `json:"initial_user"`
	InitialChannel     string          `json:"initial_channel"`
	InitialTalk        string          `json:"initial_conversation"`
	Multiline          bool            `json:"multiline"`
	MinLength          int             `json:"min_length"`
	MaxLength          int             `json:"max_length"`
	MaxSelectedItems   int             `json:"max_selected_items"`
	ImageURL           string          `json:"image_url"`
	AltText            string          `json:"alt_text"`
	Elements           []Element       `json:"elements"` // of rich text
	UserID             string          `json:"user_id"`  // of rich text
	Name               string          `json:"name"`     // of an emoji in rich text
	Timestamp          int64           `json:"timestamp"`
	Format             string          `json:"format"`
	Fallback           string          `json:"fallback"`
	Raw                json.RawMessage `json:"-"`
}

// A Confirm is the dialog that Slack shows before it sends a click to the app.
type Confirm struct {
	Title   Text   `json:"title"`
	Text    Text   `json:"text"`
	Confirm Text   `json:"confirm"`
	Deny    Text   `json:"deny"`
	Style   string `json:"style"`
}

// An Option is one choice in a menu, radio buttons or checkboxes.
type Option struct {
	Text        Text            `json:"text"`
	Value       string          `json:"value"`
	Description *Text           `json:"description"`
	Raw         json.RawMessage `json:"-"`
}

// An OptionGroup is a labelled group of a menu's options.
type OptionGroup struct {
	Label   Text     `json:"label"`
	Options []Option `json:"options"`
}

// A Button is a button in a message, a modal or the Home tab.
type Button struct {
	ActionID string   `json:"action_id"`
	BlockID  string   `json:"block_id"`
	Text     string   `json:"text"`
	Value    string   `json:"value"`
	Style    string   `json:"style"`
	URL      string   `json:"url"`
	Confirm  *Confirm `json:"confirm"`
}

// UnmarshalJSON accepts a text object or a bare string.
func (t *Text) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		*t = Text{}
		return json.Unmarshal(data, &t.Text)
	}
	type plain Text
	return json.Unmarshal(data, (*plain)(t))
}

// UnmarshalJSON decodes the parts and keeps the raw block.
func (b *Block) UnmarshalJSON(data []byte) error {
	type plain Block
	if err := json.Unmarshal(data, (*plain)(b)); err != nil {
		return err
	}
	b.Raw = slices.Clone(data)
	return nil
}

// MarshalJSON returns the raw block.
func (b Block) MarshalJSON() ([]byte, error) { return b.Raw, nil }

// UnmarshalJSON decodes the parts and keeps the raw element. Style is kept if it is a
// string; in rich text it is an object.
func (e *Element) UnmarshalJSON(data []byte) error {
	type plain Element
	if err := json.Unmarshal(data, (*plain)(e)); err != nil {
		return err
	}
	var style struct {
		Style any `json:"style"`
	}
	if err := json.Unmarshal(data, &style); err != nil {
		return err
	}
	e.Style, _ = style.Style.(string)
	e.Raw = slices.Clone(data)
	return nil
}

// UnmarshalJSON also keeps the raw option, because Slack sends it back unchanged.
func (o *Option) UnmarshalJSON(data []byte) error {
	type plain Option
	if err := json.Unmarshal(data, (*plain)(o)); err != nil {
		return err
	}
	o.Raw = slices.Clone(data)
	return nil
}

// AllOptions returns the options of e in order, grouped or not.
func (e Element) AllOptions() []Option {
	all := slices.Clone(e.Options)
	for _, g := range e.OptionGroups {
		all = append(all, g.Options...)
	}
	return all
}

// Interactive returns the elements of b that a person can use.
func (b Block) Interactive() []Element {
	var found []Element
	if b.Type == "actions" {
		found = append(found, b.Elements...)
	}
	if b.Accessory != nil && b.Accessory.Type != "image" {
		found = append(found, *b.Accessory)
	}
	if b.Element != nil {
		found = append(found, *b.Element)
	}
	return found
}
