package config

import "fmt"

// A Fault is one thing that is wrong with the environment.
type Fault struct {
	// Name is the variable's name.
	Name string
	// Wrong says what is wrong with it, without its value.
	Wrong string
	// Hint is an example, or where to get the value.
	Hint string
}

func (f Fault) String() string {
	line := f.Name + " " + f.Wrong
	if f.Hint != "" {
		line += " → " + f.Hint
	}
	return line
}

// Faults is the error of [Load]: everything that is wrong, in the order of
// Config's fields. There is at least one.
type Faults struct{ List []Fault }

// Error returns one block: a headline, then one line per fault.
func (f *Faults) Error() string {
	text := "the configuration has 1 problem:"
	if n := len(f.List); n > 1 {
		text = fmt.Sprintf("the configuration has %d problems:", n)
	}
	for _, fault := range f.List {
		text += "\n  " + fault.String()
	}
	return text
}
