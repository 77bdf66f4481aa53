package command

import "strings"

// exampleName stands in for a person that could not be parsed.
var exampleName = Person{Name: "carol"}

// result returns the command that was read.
func (p *parser) result() Command {
	c := p.command
	if c.Verb == Cancel && !c.Days.IsZero() {
		c.Verb = Many
		return c
	}
	return c.with(p.numbers)
}

// contradictions records what can be parsed but not carried out.
func (p *parser) contradictions() {
	c := &p.command
	if !c.Of.IsZero() && c.Days.IsZero() {
		p.faults = append(p.faults, Fault{Kind: OfWithoutDays, Part: "--of"})
	}
	if len(p.numbers) < 2 && c.Days.IsZero() {
		return
	}
	if c.Series {
		p.faults = append(p.faults, Fault{Kind: SingleOnly, Part: "--series"})
	}
	if !c.Occurrence.IsZero() {
		p.faults = append(p.faults, Fault{Kind: SingleOnly, Part: "--occurrence"})
	}
}

// correct adds to fault the line or lines that were probably meant, or else the flags
// for an example.
func (p *parser) correct(fault *Fault) {
	c := p.result()
	switch {
	case p.unnamed && c.Of.IsZero() && len(p.numbers) == 0 && c.Verb != List && c.Verb != History:
		// Without --of it would mean the meetings of the person who copies the line.
		c.Series, c.Occurrence, c.Of = false, Occurrence{}, exampleName
		if c.Verb = Many; c.Days.IsZero() {
			c.Days = Days{Today, Today}
		}
		fault.Kept = strings.TrimPrefix(c.String(), c.name()+" ")
		return
	case c.Verb == Pick, c.Verb == Cancel && len(p.numbers) == 0:
		if !c.Of.IsZero() || fault.Kind.aboutDays() {
			c.Series, c.Occurrence = false, Occurrence{}
		}
		fault.Kept = c.flags()
		return
	case c.Verb == Many && len(p.numbers) == 0:
		c.Series, c.Occurrence = false, Occurrence{}
	default:
		c.Of = Person{}
	}
	for i, portion := range p.lines(c) {
		if line := portion.String(); i == 0 {
			fault.Corrected = line
		} else {
			fault.More = append(fault.More, line)
		}
	}
}

// lines returns c as commands that Parse accepts: one per meeting if a series is
// meant, or if a short number next to a long one would look like its password.
func (p *parser) lines(c Command) []Command {
	const inOneLine = 100 // of 15 digits, with the longest reason
	short := 0
	for _, n := range p.numbers {
		if len(n) < minBareDigits {
			short++
		}
	}
	switch {
	case len(p.numbers) < 2:
		return []Command{c}
	case c.Verb == History:
		var all []Command
		for _, n := range p.numbers {
			all = append(all, c.with([]string{n}))
		}
		return all
	case c.Series, !c.Occurrence.IsZero(), short > 0 && short < len(p.numbers):
		return c.Portions(1)
	}
	return c.Portions(inOneLine)
}
