package slacksim

import "fmt"

// Problem codes, as in blocks.validate.
const (
	problemConstraint = "failed_constraint"
	problemMissing    = "missing_field"
	problemProperty   = "invalid_property"
	problemType       = "invalid_type"
)

// A problem is one fault in blocks or a view.
//
// https://docs.slack.dev/reference/methods/blocks.validate
type problem struct {
	Pointer    string      `json:"pointer"`
	Code       string      `json:"code"`
	Message    string      `json:"message"`
	Constraint *constraint `json:"constraint,omitempty"`
}

// A constraint is the limit or the set of choices that was violated.
type constraint struct {
	Type     string `json:"type"` // "min_length", "max_length", "min_items", "max_items", "range", "enum"
	Expected any    `json:"expected"`
	Got      any    `json:"got"`
}

// String is the form that all methods but blocks.validate use.
func (p problem) String() string { return p.Message + " [json-pointer:" + p.Pointer + "]" }

// checker collects problems.
type checker struct{ problems []problem }

// fail records a violation that no single constraint describes.
func (c *checker) fail(at, format string, args ...any) {
	c.note(at, problemConstraint, nil, format, args...)
}

func (c *checker) note(at, code string, broken *constraint, format string, args ...any) {
	c.problems = append(c.problems, problem{Pointer: at, Code: code, Message: fmt.Sprintf(format, args...), Constraint: broken})
}
