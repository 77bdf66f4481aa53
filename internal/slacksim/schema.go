package slacksim

import (
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// A rule checks one value of decoded JSON and reports its problems in Slack's words,
// with a pointer to the place.
type rule func(c *checker, at string, v any)

// shape describes an object: each property it may have and the rule for it. Names with
// "!" are required.
type shape map[string]rule

func (s shape) check(c *checker, at string, v any) {
	object, ok := v.(map[string]any)
	if !ok {
		c.note(at, problemType, nil, "must provide an object")
		return
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		bare, required := strings.CutSuffix(name, "!")
		value, given := object[bare]
		switch {
		case given:
			s[name](c, at+"/"+bare, value)
		case required:
			c.note(at, problemMissing, nil, "missing required field: %s", bare)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		if s[name] == nil && s[name+"!"] == nil {
			c.note(at, problemProperty, nil, "invalid additional property: %s", name)
		}
	}
}

// text accepts a string of least to most characters.
func text(least, most int) rule {
	return func(c *checker, at string, v any) {
		s, ok := v.(string)
		n := utf8.RuneCountInString(s)
		switch {
		case !ok:
			c.note(at, problemType, nil, "must provide a string")
		case n < least:
			c.note(at, problemConstraint, &constraint{"min_length", least, n}, "must be more than %d characters", least-1)
		case n > most:
			c.note(at, problemConstraint, &constraint{"max_length", most, n}, "must be less than %d characters", most+1)
		}
	}
}

// link accepts an absolute URL.
func link(c *checker, at string, v any) {
	text(1, maxURL)(c, at, v)
	s, _ := v.(string)
	if u, err := url.Parse(s); s != "" && (err != nil || u.Scheme == "") {
		c.fail(at, "must be a valid URL")
	}
}

func oneOf(words ...string) rule {
	return func(c *checker, at string, v any) {
		if s, ok := v.(string); !ok || !slices.Contains(words, s) {
			c.note(at, problemConstraint, &constraint{"enum", words, v}, "must be one of: %s", strings.Join(words, ", "))
		}
	}
}

func boolean(c *checker, at string, v any) {
	if _, ok := v.(bool); !ok {
		c.note(at, problemType, nil, "must be a boolean")
	}
}

func number(least, most float64) rule {
	return func(c *checker, at string, v any) {
		if n, ok := v.(float64); !ok || n < least || n > most {
			c.note(at, problemConstraint, &constraint{"range", []float64{least, most}, v}, "must be a number from %g to %g", least, most)
		}
	}
}

// list accepts least to most items.
func list(least, most int, item rule) rule {
	return func(c *checker, at string, v any) {
		items, ok := v.([]any)
		switch {
		case !ok:
			c.note(at, problemType, nil, "must be an array")
			return
		case len(items) < least:
			c.note(at, problemConstraint, &constraint{"min_items", least, len(items)}, "no fewer than %d items allowed", least)
		case len(items) > most:
			c.note(at, problemConstraint, &constraint{"max_items", most, len(items)}, "no more than %d items allowed", most)
		}
		for i, v := range items {
			item(c, fmt.Sprintf("%s/%d", at, i), v)
		}
	}
}

// kinds accepts an object whose type is one of the keys.
type kinds map[string]shape

func (k kinds) check(c *checker, at string, v any) {
	object, ok := v.(map[string]any)
	if !ok {
		c.note(at, problemType, nil, "must provide an object")
		return
	}
	name, _ := object["type"].(string)
	s, ok := k[name]
	if !ok {
		c.note(at+"/type", problemConstraint, &constraint{"enum", slices.Sorted(maps.Keys(k)), name}, "unsupported type: %s", name)
		return
	}
	s.check(c, at, v)
}

// date accepts a calendar date.
func date(c *checker, at string, v any) {
	s, _ := v.(string)
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		c.fail(at, "must be in the format YYYY-MM-DD")
	}
}

// clockTime accepts a time of day.
func clockTime(c *checker, at string, v any) {
	s, _ := v.(string)
	if _, err := time.Parse("15:04", s); err != nil {
		c.fail(at, "must be in the format HH:mm")
	}
}

// person accepts a user id.
func person(c *checker, at string, v any) {
	if s, _ := v.(string); !userID.MatchString(s) {
		c.fail(at, "invalid user ID")
	}
}

var userID = regexp.MustCompile(`^[UW][A-Z0-9]+$`)

// anything accepts any value: the simulator shows these parts but doesn't check them.
func anything(*checker, string, any) {}
