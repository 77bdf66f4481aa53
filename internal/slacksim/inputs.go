package slacksim

import (
	"encoding/json"
	"fmt"
	"slices"
)

// inputs holds one person's choices in one message or modal.
type inputs map[inputKey]inputValue

type inputKey struct{ block, action string }

// inputValue is one value of state.values. Its field is null if nothing is chosen, and
// missing if the type has no such field.
//
// https://docs.slack.dev/reference/views#state-object
type inputValue struct {
	Type string
	Name string // the type's field: "selected_option", "value", …
	Raw  json.RawMessage
}

// MarshalJSON writes the type and its one field.
func (v inputValue) MarshalJSON() ([]byte, error) {
	return json.Marshal(map[string]any{"type": v.Type, v.Name: v.Raw})
}

// stateFields are the names of the fields that hold the values of elements, by type. Other
// elements have no value.
var stateFields = map[string]string{
	"static_select":        "selected_option",
	"radio_buttons":        "selected_option",
	"multi_static_select":  "selected_options",
	"checkboxes":           "selected_options",
	"users_select":         "selected_user",
	"channels_select":      "selected_channel",
	"conversations_select": "selected_conversation",
	"datepicker":           "selected_date",
	"timepicker":           "selected_time",
	"plain_text_input":     "value",
}

// choose checks the values against the element and returns them in Slack's form. No
// values clear it.
func choose(e Element, values []string) (inputValue, error) {
	v := inputValue{Type: e.Type, Name: stateFields[e.Type], Raw: json.RawMessage("null")}
	if e.Type == "overflow" {
		v.Name = "selected_option"
	}
	switch v.Name {
	case "":
		return v, fmt.Errorf("slacksim: a %s takes no value", e.Type)
	case "selected_options":
		raw := make([]json.RawMessage, 0, len(values))
		for _, value := range values {
			o, err := e.option(value)
			if err != nil {
				return v, err
			}
			raw = append(raw, o.Raw)
		}
		if e.MaxSelectedItems > 0 && len(raw) > e.MaxSelectedItems {
			return v, fmt.Errorf("slacksim: %d items chosen in %s, %d may be", len(raw), e.ActionID, e.MaxSelectedItems)
		}
		v.Raw = encode(raw)
		return v, nil
	}
	if len(values) == 0 || values[0] == "" {
		if e.Type == "overflow" {
			return v, fmt.Errorf("slacksim: nothing chosen in %s", e.ActionID)
		}
		return v, nil
	}
	if len(values) > 1 {
		return v, fmt.Errorf("slacksim: %s takes one value, not %d", e.ActionID, len(values))
	}
	if v.Name != "selected_option" {
		v.Raw = encode(values[0])
		return v, nil
	}
	o, err := e.option(values[0])
	v.Raw = o.Raw
	return v, err
}

func (e Element) option(value string) (Option, error) {
	all := e.AllOptions()
	if i := slices.IndexFunc(all, func(o Option) bool { return o.Value == value }); i >= 0 {
		return all[i], nil
	}
	return Option{}, fmt.Errorf("slacksim: %s has no option %q", e.ActionID, value)
}

// initial returns the value that the element starts with.
func initial(e Element) inputValue {
	v := inputValue{Type: e.Type, Name: stateFields[e.Type], Raw: json.RawMessage("null")}
	switch {
	case e.InitialOption != nil:
		v.Raw = e.InitialOption.Raw
	case v.Name == "selected_options":
		raw := make([]json.RawMessage, 0, len(e.InitialOptions))
		for _, o := range e.InitialOptions {
			raw = append(raw, o.Raw)
		}
		v.Raw = encode(raw)
	default:
		for _, text := range []string{e.InitialValue, e.InitialDate, e.InitialTime, e.InitialUser, e.InitialChannel, e.InitialTalk} {
			if text != "" { // an element has at most one of them
				v.Raw = encode(text)
			}
		}
	}
	return v
}

// stateOf collects the values of all inputs in the blocks.
func stateOf(blocks []Block, chosen inputs) *state {
	st := &state{Values: make(map[string]map[string]inputValue)}
	for _, b := range blocks {
		for _, e := range b.Interactive() {
			if stateFields[e.Type] == "" {
				continue
			}
			v, ok := chosen[inputKey{b.BlockID, e.ActionID}]
			if !ok {
				v = initial(e)
			}
			if st.Values[b.BlockID] == nil {
				st.Values[b.BlockID] = make(map[string]inputValue)
			}
			st.Values[b.BlockID][e.ActionID] = v
		}
	}
	return st
}

// keepOnly drops the values of elements that the blocks no longer have, and options
// that an element no longer offers. Other values stay.
func (in inputs) keepOnly(blocks []Block) {
	left := make(map[inputKey]Element)
	for _, b := range blocks {
		for _, e := range b.Interactive() {
			left[inputKey{b.BlockID, e.ActionID}] = e
		}
	}
	for key, v := range in {
		e, there := left[key]
		if !there || e.Type != v.Type {
			delete(in, key)
			continue
		}
		if len(e.AllOptions()) > 0 {
			values := slices.DeleteFunc(v.values(), func(value string) bool { _, err := e.option(value); return err != nil })
			if v, err := choose(e, values); err == nil {
				in[key] = v
			}
		}
	}
}
