package slacksim

import (
	"maps"
	"reflect"
	"slices"
)

// elementsConsistent checks rules that span several properties: a menu has either options or
// option groups, option values are unique, initial values are literally among the
// options, and an input's lengths are consistent.
func elementsConsistent(c *checker, at string, v any) {
	elements := elementsOf(v)
	for _, place := range slices.Sorted(maps.Keys(elements)) {
		e, at := elements[place], at+place
		switch e["type"] {
		case "static_select", "multi_static_select":
			if (e["options"] == nil) == (e["option_groups"] == nil) {
				c.fail(at, "must define either `options` or `option_groups`")
			}
			c.checkInitialValues(at, e)
		case "radio_buttons", "checkboxes":
			c.checkUniqueValues(at, e)
			c.checkInitialValues(at, e)
		case "plain_text_input":
			c.checkLengths(at, e)
		}
	}
}

// checkUniqueValues checks that option values are unique, so that the app can tell them apart.
func (c *checker) checkUniqueValues(at string, e map[string]any) {
	seen := make(map[any]bool)
	for _, o := range optionsOf(e) {
		option, _ := o.(map[string]any)
		if value, ok := option["value"].(string); ok && seen[value] {
			c.fail(at+"/options", "`value` %q already exists for another option", value)
		}
		seen[option["value"]] = true
	}
}

// checkInitialValues checks that initial values are options of the element, each at most once.
func (c *checker) checkInitialValues(at string, e map[string]any) {
	chosen, several := e["initial_options"].([]any)
	if several && len(chosen) == 0 {
		c.note(at+"/initial_options", problemConstraint, &constraint{"min_items", 1, 0}, "no fewer than 1 items allowed")
	}
	if first, ok := e["initial_option"]; ok {
		chosen = append(slices.Clone(chosen), first)
	}
	for i, o := range chosen {
		same := func(other any) bool { return reflect.DeepEqual(o, other) }
		if !slices.ContainsFunc(optionsOf(e), same) || slices.ContainsFunc(chosen[:i], same) {
			c.fail(at, "an initial value must be one of the options")
		}
	}
}

// checkLengths checks that the minimum doesn't exceed the maximum and the initial value fits.
func (c *checker) checkLengths(at string, e map[string]any) {
	least, _ := e["min_length"].(float64)
	most, limited := e["max_length"].(float64)
	if limited && least > most {
		c.fail(at+"/min_length", "`min_length` must not be greater than `max_length`")
	}
	if value, ok := e["initial_value"].(string); ok && limited && float64(len([]rune(value))) > most {
		c.fail(at+"/initial_value", "must be less than %g characters", most+1)
	}
}

// optionsOf returns the options of an element, grouped or not.
func optionsOf(e map[string]any) []any {
	options, _ := e["options"].([]any)
	all := slices.Clone(options)
	groups, _ := e["option_groups"].([]any)
	for _, g := range groups {
		group, _ := g.(map[string]any)
		options, _ := group["options"].([]any)
		all = append(all, options...)
	}
	return all
}
