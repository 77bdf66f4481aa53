package slacksim

import "fmt"

// Codes of problems, as blocks.validate names them.
const (
	problemConstraint = "failed_constraint"
	problemMissing    = "missing_field"
	problemProperty   = "invalid_property"
	problemType       = "invalid_type"
)

// A problem is one thing that is wrong with blocks or a view.
//
// https://docs.slack.dev/reference/methods/blocks.validate
type problem struct {
	Pointer    string      `json:"pointer"`
	Code       string      `json:"code"`
	Message    string      `json:"message"`
	Constraint *constraint `json:"constraint,omitempty"`
}

// A constraint is the rule that was broken, where it is one of a number or of a choice.
type constraint struct {
	Type     string `json:"type"` // "min_length", "max_length", "min_items", "max_items", "range", "enum"
	Expected any    `json:"expected"`
	Got      any    `json:"got"`
}

// String is how all other methods tell it.
func (p problem) String() string { return p.Message + " [json-pointer:" + p.Pointer + "]" }

// checker collects what is wrong.
type checker struct{ problems []problem }

// fail notes a rule of the object as a whole.
func (c *checker) fail(at, format string, args ...any) {
	c.note(at, problemConstraint, nil, format, args...)
}

func (c *checker) note(at, code string, broken *constraint, format string, args ...any) {
	c.problems = append(c.problems, problem{Pointer: at, Code: code, Message: fmt.Sprintf(format, args...), Constraint: broken})
}
