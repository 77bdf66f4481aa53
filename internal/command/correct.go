package command

import (
	"cmp"
	"slices"
	"strings"
)

func (r *reading) result() Command {
	c := r.command
	if c.Verb == Cancel && !c.Days.IsZero() {
		c.Verb = CancelMany
		return c
	}
	return c.with(r.numbers)
}

// contradictions records combinations that parse but make no sense together.
func (r *reading) contradictions() {
	c := &r.command
	switch {
	case c.Of.IsZero():
	case len(r.numbers) > 0:
		r.faults = append(r.faults, Fault{Kind: OfWithNumber})
	case c.Days.IsZero() && len(r.several) == 0:
		r.faults = append(r.faults, Fault{Kind: OfWithoutDays, Part: "--of"})
	}
	several := len(r.numbers) > 1 || len(r.numbers) == 0 && r.daysMeant()
	if several && c.Series {
		r.faults = append(r.faults, Fault{Kind: SingleOnly, Part: "--series"})
	}
	if several && !c.Occurrence.IsZero() {
		r.faults = append(r.faults, Fault{Kind: SingleOnly, Part: "--occurrence"})
	}
}

// daysMeant reports whether the line is about the meetings on some days, even if it
// isn't clear which days, or whose meetings.
func (r *reading) daysMeant() bool {
	return !r.command.Days.IsZero() || len(r.several) > 0 || !r.command.Of.IsZero() || r.unnamed ||
		slices.ContainsFunc(r.faults, func(f Fault) bool { return f.Kind.aboutDays() })
}

// correct adds the lines to copy to fault, and says what they leave out.
func (r *reading) correct(fault *Fault) {
	r.suggest(fault)
	if fault.Corrected != "" {
		fault.Without = r.without()
	}
	for _, other := range r.faults {
		if other.leavesOut(len(r.numbers)) && !other.among(append(fault.Also, *fault)) {
			fault.Also = append(fault.Also, other)
		}
	}
}

// without returns the flags that were typed but are in no line to copy, because their
// value is missing or can't be read.
func (r *reading) without() (flags []string) {
	c := r.command
	kept := map[string]bool{"occurrence": !c.Occurrence.IsZero(), "of": !c.Of.IsZero(), "reason": c.Reason != ""}
	for _, name := range r.valueless {
		if !kept[name] {
			flags = append(flags, "--"+name)
		}
	}
	return flags
}

// suggest adds the line or lines that were probably meant to fault. If there is none,
// it adds what was understood, for an example.
func (r *reading) suggest(fault *Fault) {
	c := r.result()
	c.Reason = strings.Join(strings.Fields(Readable(c.Reason)), " ")
	if typed, ok := r.kept(c); ok {
		fault.Kept = typed
		return
	}
	for _, set := range append([]func(*Command){func(*Command) {}}, r.again...) {
		one := c
		set(&one)
		if len(r.numbers) > 0 {
			one.Of = Person{} // the number says whose meeting it is
		}
		for _, line := range r.lines(one) {
			switch typed := line.String(); {
			case fault.Corrected == "":
				fault.Corrected = typed
			case typed != fault.Corrected && !slices.Contains(fault.More, typed):
				fault.More = append(fault.More, typed)
			}
		}
	}
}

// kept returns what was understood of c, the way people type it, if only the asker knows
// which meetings were meant. If c makes a complete line, ok is false.
func (r *reading) kept(c Command) (typed string, ok bool) {
	if len(r.numbers) > 0 || c.Verb == List || c.Verb == History || c.Verb == Help {
		return "", false
	}
	switch {
	case r.unnamed && c.Of.IsZero():
		// Without --of, the line would mean the asker's own meetings.
		c.Of = Person{Name: "carol"}
		return c.on(cmp.Or(c.Days, r.likely, Days{From: Today, To: Today})).args(), true
	case c.Verb == CancelMany, len(r.several) > 0:
		return "", false
	case !r.likely.IsZero():
		return c.on(r.likely).args(), true
	case r.daysMeant():
		c.Series, c.Occurrence = false, Occurrence{}
	}
	return c.flags(), true
}

func (c Command) on(days Days) Command {
	c.Verb, c.Days, c.Series, c.Occurrence = CancelMany, days, false, Occurrence{}
	return c
}

// lines splits c into commands that Parse accepts: one per meeting if they are for a
// series, or if a short number next to a long one would look like its password.
func (r *reading) lines(c Command) []Command {
	var all []Command
	switch {
	case len(r.numbers) > 0:
	case !c.Days.IsZero():
		return []Command{c.on(c.Days)}
	case len(r.several) == 0:
		return []Command{c}
	}
	for _, days := range r.several {
		all = append(all, c.on(days))
	}
	perLine := 100 // that many 15-digit numbers and the longest reason fit into MaxLine
	together := typed{numbers: r.numbers}
	together.demote()
	if len(together.strays) > 0 || c.Verb == History || c.Series || !c.Occurrence.IsZero() {
		perLine = 1
	}
	for numbers := range slices.Chunk(r.numbers, perLine) {
		all = append(all, c.with(numbers))
	}
	return all
}
