package command

import "strings"

// exampleName stands in for a person that could not be parsed.
var exampleName = Person{Name: "carol"}

// result returns the command that was read.
func (r *reading) result() Command {
	c := r.command
	if c.Verb == Cancel && !c.Days.IsZero() {
		c.Verb = Many
		return c
	}
	return c.with(r.numbers)
}

// contradictions records what can be parsed but not carried out.
func (r *reading) contradictions() {
	c := &r.command
	if !c.Of.IsZero() && c.Days.IsZero() {
		r.faults = append(r.faults, Fault{Kind: OfWithoutDays, Part: "--of"})
	}
	if len(r.numbers) < 2 && c.Days.IsZero() {
		return
	}
	if c.Series {
		r.faults = append(r.faults, Fault{Kind: SingleOnly, Part: "--series"})
	}
	if !c.Occurrence.IsZero() {
		r.faults = append(r.faults, Fault{Kind: SingleOnly, Part: "--occurrence"})
	}
}

// correct adds to fault the line or lines that were probably meant, or else the flags
// for an example.
func (r *reading) correct(fault *Fault) {
	c := r.result()
	switch {
	case r.unnamed && c.Of.IsZero() && len(r.numbers) == 0 && c.Verb != List && c.Verb != History:
		// Without --of it would mean the meetings of the person who copies the line.
		c.Series, c.Occurrence, c.Of = false, Occurrence{}, exampleName
		if c.Verb = Many; c.Days.IsZero() {
			c.Days = Days{Today, Today}
		}
		fault.Kept = strings.TrimPrefix(c.String(), c.name()+" ")
		return
	case c.Verb == Pick, c.Verb == Cancel && len(r.numbers) == 0:
		if !c.Of.IsZero() || fault.Kind.aboutDays() {
			c.Series, c.Occurrence = false, Occurrence{}
		}
		fault.Kept = c.flags()
		return
	case c.Verb == Many && len(r.numbers) == 0:
		c.Series, c.Occurrence = false, Occurrence{}
	default:
		c.Of = Person{}
	}
	for i, portion := range r.lines(c) {
		if line := portion.String(); i == 0 {
			fault.Corrected = line
		} else {
			fault.More = append(fault.More, line)
		}
	}
}

// lines returns c as commands that Parse accepts: one per meeting if a series is
// meant, or if a short number next to a long one would look like its password.
func (r *reading) lines(c Command) []Command {
	const inOneLine = 100 // of 15 digits, with the longest reason
	short := 0
	for _, n := range r.numbers {
		if len(n) < minBareDigits {
			short++
		}
	}
	switch {
	case len(r.numbers) < 2:
		return []Command{c}
	case c.Verb == History:
		var all []Command
		for _, n := range r.numbers {
			all = append(all, c.with([]string{n}))
		}
		return all
	case c.Series, !c.Occurrence.IsZero(), short > 0 && short < len(r.numbers):
		return c.Portions(1)
	}
	return c.Portions(inOneLine)
}
