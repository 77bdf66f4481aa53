package command

import (
	"cmp"
	"slices"
	"strings"
)

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

// daysMeant reports whether the line is about the meetings on some days, also where it is
// not clear which, or whose.
func (r *reading) daysMeant() bool {
	return !r.command.Days.IsZero() || len(r.several) > 0 || !r.command.Of.IsZero() || r.unnamed ||
		slices.ContainsFunc(r.faults, func(f Fault) bool { return f.Kind.aboutDays() })
}

// correct adds to fault what to copy, and what is left out of it.
func (r *reading) correct(fault *Fault) {
	r.copied(fault)
	if fault.Corrected != "" {
		fault.Without = r.without()
	}
	for _, other := range r.faults {
		if other.leavesOut(len(r.numbers)) && !other.among(append(fault.Also, *fault)) {
			fault.Also = append(fault.Also, other)
		}
	}
}

// without returns the flags that were typed and that no line to copy has, because their
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

// copied adds to fault the line or lines that were probably meant, or else what was
// understood, for an example.
func (r *reading) copied(fault *Fault) {
	c := r.result()
	c.Reason = strings.Join(strings.Fields(Readable(c.Reason)), " ")
	if typed, ok := r.kept(c); ok {
		fault.Kept = typed
		return
	}
	if len(r.numbers) > 0 {
		c.Of = Person{} // the number says whose meeting it is
	}
	lines := r.lines(c)
	fault.Corrected = lines[0].String()
	for _, more := range lines[1:] {
		fault.More = append(fault.More, more.String())
	}
}

// kept returns what was understood of c, as it would be typed, if only the person knows
// which meetings were meant. If a line can be made of c, ok is false.
func (r *reading) kept(c Command) (typed string, ok bool) {
	if len(r.numbers) > 0 || c.Verb == List || c.Verb == History || c.Verb == Help {
		return "", false
	}
	switch {
	case r.unnamed && c.Of.IsZero():
		// Without --of it would mean the meetings of the person who copies the line.
		c.Of = Person{Name: "carol"}
		return c.on(cmp.Or(c.Days, r.likely, Days{From: Today, To: Today})).typed(), true
	case c.Verb == Many, len(r.several) > 0:
		return "", false
	case !r.likely.IsZero():
		return c.on(r.likely).typed(), true
	case r.daysMeant():
		c.Series, c.Occurrence = false, Occurrence{}
	}
	return c.flags(), true
}

func (c Command) on(days Days) Command {
	c.Verb, c.Days, c.Series, c.Occurrence = Many, days, false, Occurrence{}
	return c
}

// typed returns what is typed after the command's name to ask for c.
func (c Command) typed() string { return strings.TrimPrefix(c.String(), c.name()+" ") }

// lines returns c as commands that Parse accepts: one per meeting if a series is
// meant, or if a short number next to a long one would look like its password.
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
	atOnce := 100 // numbers of 15 digits in one line, with the longest reason
	together := typed{numbers: r.numbers}
	together.demote()
	if len(together.strays) > 0 || c.Verb == History || c.Series || !c.Occurrence.IsZero() {
		atOnce = 1
	}
	for numbers := range slices.Chunk(r.numbers, atOnce) {
		all = append(all, c.with(numbers))
	}
	return all
}
