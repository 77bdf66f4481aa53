package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// A Choice is one option of checkboxes, radio buttons or a menu as one person sees it.
type Choice struct {
	Type        string `json:"type"` // of the element: "checkboxes", "radio_buttons", "static_select", …
	BlockID     string `json:"block_id"`
	ActionID    string `json:"action_id"`
	Value       string `json:"value"`
	Text        string `json:"text"`        // rendered for the person
	Description string `json:"description"` // rendered too; empty without one
	Chosen      bool   `json:"chosen"`      // by this person, or initially
}

func (r reader) choicesOf(blockID string, e Element) []Choice {
	if e.Type == "overflow" {
		return nil
	}
	var all []Choice
	chosen := r.valuesIn(blockID, e)
	for _, o := range e.AllOptions() {
		c := Choice{
			Type: e.Type, BlockID: blockID, ActionID: e.ActionID, Value: o.Value,
			Text: r.text(o.Text), Chosen: slices.Contains(chosen, o.Value),
		}
		if o.Description != nil {
			c.Description = r.text(*o.Description)
		}
		all = append(all, c)
	}
	return all
}

// valuesIn returns the element's current values: the reader's choice, or else the
// initial value.
func (r reader) valuesIn(blockID string, e Element) []string {
	v, ok := r.chosen[inputKey{blockID, e.ActionID}]
	if !ok {
		v = initial(e)
	}
	return v.values()
}

// values returns the values of the selected options, or the single value of any other input.
func (v inputValue) values() []string {
	var several []Option
	var one *Option
	var text string
	switch {
	case string(v.Raw) == "null":
		return nil
	case v.Name == "selected_options" && json.Unmarshal(v.Raw, &several) == nil:
		values := make([]string, 0, len(several))
		for _, o := range several {
			values = append(values, o.Value)
		}
		return values
	case v.Name == "selected_option" && json.Unmarshal(v.Raw, &one) == nil && one != nil:
		return []string{one.Value}
	case json.Unmarshal(v.Raw, &text) == nil && text != "":
		return []string{text}
	}
	return nil
}

// Tick ticks or unticks a checkbox of a message as the user. text is the option's
// value, or words in its text or description. It fails if no box or more than one
// matches, or if nothing would change.
func (s *Server) Tick(user string, ref Ref, text string, on bool) (*Action, error) {
	return s.onMessage(user, ref, func(at place) (*Action, error) { return s.tickIn(at, text, on) })
}

// TickView is [Server.Tick] in the user's Home tab or topmost modal.
func (s *Server) TickView(user, viewID, text string, on bool) (*Action, error) {
	return s.onView(user, viewID, func(at place) (*Action, error) { return s.tickIn(at, text, on) })
}

// tickIn sends the previous selection with the box added or removed. The lock is held.
func (s *Server) tickIn(at place, text string, on bool) (*Action, error) {
	boxes := slices.DeleteFunc(at.Choices(), func(c Choice) bool { return c.Type != "checkboxes" })
	box, err := oneBox(boxes, text)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, at.name)
	}
	if box.Chosen == on {
		return nil, fmt.Errorf("slacksim: the box %q is ticked: %v already", text, on)
	}
	var values []string
	for _, c := range boxes { // in the order of the options, as Slack sends them
		if c.BlockID != box.BlockID || c.ActionID != box.ActionID {
			continue
		}
		if c.Value == box.Value && on || c.Value != box.Value && c.Chosen {
			values = append(values, c.Value)
		}
	}
	return s.selectIn(at, box.BlockID, box.ActionID, values)
}

// oneBox finds the box by its value, or else by its text.
func oneBox(boxes []Choice, text string) (Choice, error) {
	var found []Choice
	for _, c := range boxes {
		if c.Value == text {
			return c, nil
		}
		if strings.Contains(c.Text+"\n"+c.Description, text) {
			found = append(found, c)
		}
	}
	switch len(found) {
	case 0:
		return Choice{}, fmt.Errorf("%w: box %q", ErrNoElement, text)
	case 1:
		return found[0], nil
	}
	return Choice{}, fmt.Errorf("slacksim: %d boxes read %q", len(found), text)
}
