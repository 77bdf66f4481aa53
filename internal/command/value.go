package command

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"meetingbot/internal/command/day"
	"meetingbot/internal/command/shape"
)

func (p *parser) occurrence(f flag) {
	value := f.value
	if value == (span{}) {
		if !p.isValueAhead() {
			p.badValue(MissingValue, f, f.span)
			return
		}
		value, p.words = p.words[0], p.words[1:]
	}
	typed := strings.Trim(string(p.shown(value)), "\"'<>()[]{}*_~,;.:!?")
	// People also write the time as a separate word.
	if len(p.words) > 0 && !strings.Contains(typed, ":") {
		if w := p.trimPunctuation(p.words[0]); shape.Clock(p.folded, w.from) == w.to-w.from {
			typed, value.to, p.words = typed+"t"+p.word(w), p.words[0].to, p.words[1:]
		}
	}
	o, ok := readOccurrence(typed)
	switch {
	case !ok:
		p.badValue(BadOccurrence, f, value)
		if p.command.Occurrence.IsZero() {
			p.command.Occurrence = dayOf(typed)
		}
	case p.command.Occurrence != o && !p.command.Occurrence.IsZero():
		p.fault(Repeated, f.span)
		p.again = append(p.again, func(c *Command) { c.Occurrence = o })
	default:
		p.command.Occurrence = o
	}
}

// dayOf returns the day of an occurrence whose time is wrong, or zero if the day is wrong
// too. A time zone after the time could make it another day, so that is zero as well.
func dayOf(typed string) Occurrence {
	date, clock, _ := strings.Cut(typed, "t")
	if strings.Trim(clock, "0123456789:.") != "" {
		return Occurrence{}
	}
	o, _ := readOccurrence(date)
	return o
}

// readOccurrence reads a date, or a date and a time, year first.
func readOccurrence(typed string) (Occurrence, bool) {
	date, clock, hasTime := strings.Cut(typed, "t")
	d, err := day.ParseDate(date)
	if err != nil {
		return Occurrence{}, false
	}
	o := Occurrence{Date: d.Format(time.DateOnly)}
	if hasTime {
		t, err := time.Parse("15:04", clock)
		if err != nil {
			t, err = time.Parse("15:04:00", clock)
		}
		if err != nil {
			return Occurrence{}, false
		}
		o.Time = t.Format("15:04")
	}
	return o, true
}

// reason reads the value of --reason: the text in quotes or, without quotes, everything
// up to the next flag.
func (p *parser) reason(f flag) {
	from, to := f.value.from, f.value.to
	if f.value == (span{}) {
		if !p.isValueAhead() {
			p.badValue(MissingValue, f, f.span)
			return
		}
		from, to = p.words[0].from, p.words[0].from
	}
	var reason string
	if end, quoted := p.quoted(from); quoted {
		p.skip(end)
		reason = p.original(span{from + 1, end - 1})
	} else {
		to = p.untilFlag(to)
		if from < to && p.folded[from] == '"' {
			from++ // a quote that was never closed
		}
		reason = trimUnpaired(p.original(p.withMarks(span{from, to})))
		p.unquoted = append(p.unquoted, reason)
	}
	switch {
	case reason == "":
		p.badValue(MissingValue, f, f.span)
		return
	case p.command.Reason != "" && p.command.Reason != reason:
		p.fault(Repeated, f.span)
		reason = p.command.Reason + "; " + reason
	}
	if utf8.RuneCountInString(reason) > MaxReason {
		p.faults = append(p.faults, Fault{Kind: ReasonTooLong})
	}
	p.command.Reason = shape.Cut(reason, MaxReason)
}

// numbersInReason looks for numbers in an unquoted reason if nothing else says which
// meetings are meant.
func (r *reading) numbersInReason() {
	if c := r.command; c.Verb != Cancel || len(r.numbers) > 0 || !c.Days.IsZero() || !r.likely.IsZero() {
		return
	}
	for _, unquoted := range r.unquoted {
		reason := newText(unquoted)
		numbers, rest := trailing(reason)
		if len(numbers) > 0 {
			whole := strings.Replace(r.command.Reason, shape.Cut(unquoted, MaxReason), rest, 1)
			r.command.Reason = strings.Trim(shape.Cut(whole, MaxReason), "; ")
		}
		if len(numbers) == 0 {
			numbers = scan(reason.folded) // in the middle; the reason keeps those
		}
		r.numbers = add(r.numbers, numbers...)
	}
}

// trailing returns the numbers at the end of a reason, and the reason without them.
func trailing(reason text) (numbers []string, rest string) {
	words := split(reason.folded)
	for _, word := range slices.Backward(words) {
		last := readTyped(reason.shown(word)).only()
		if last == "" || shape.Date(reason.folded, word.from) > 0 {
			return numbers, reason.original(span{0, word.to})
		}
		numbers = add([]string{last}, numbers...)
	}
	return numbers, ""
}

// quoted returns where the quoted text at from ends, including the closing quote. A quote
// closes only before a blank or the end, so the one in "it's" doesn't.
func (t text) quoted(from int) (to int, ok bool) {
	r := t.folded
	if from >= len(r) || r[from] != '"' && r[from] != '\'' {
		return 0, false
	}
	for i := from + 1; i < len(r); i++ {
		if r[i] == r[from] && (i+1 == len(r) || shape.IsBlank(r[i+1])) {
			return i + 1, true
		}
	}
	return 0, false
}

// skip drops the words before at, cutting a word that spans it.
func (p *parser) skip(at int) {
	for len(p.words) > 0 && p.words[0].from < at {
		if p.words[0].to > at {
			p.words[0].from = at
			return
		}
		p.words = p.words[1:]
	}
}

// untilFlag drops the words up to the next flag, or up to the end of the quotes around
// the flag and its value. It returns where the last of them ended, or to if there was
// none.
func (p *parser) untilFlag(to int) int {
	for p.isValueAhead() && (p.wrappedTo == 0 || to != p.wrappedTo) {
		to, p.words = p.words[0].to, p.words[1:]
	}
	return to
}
