package config

import "fmt"

// A Fault is one problem with the environment.
type Fault struct {
	// Name is the variable's name.
	Name string
	// Problem says what is wrong with it, without its value.
	Problem string
	// Hint is an example, or where to get the value.
	Hint string
}

func (f Fault) String() string {
	line := f.Name + " " + f.Problem
	if f.Hint != "" {
		line += " → " + f.Hint
	}
	return line
}

// Faults is the error of [Load]: every fault, in the order of Config's fields. There is
// at least one.
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
