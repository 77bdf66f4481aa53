package command

import (
	"slices"
	"strings"

	"meetingbot/internal/command/shape"
)

// A typed is the result of reading hand-typed meeting numbers.
type typed struct {
	clean   bool     // nothing but digits and separators
	numbers []string // different meeting numbers
	strays  []string // digits that are not a number: too few, too many, left over
}

// only returns the number if it is all there is, or "".
func (t typed) only() string {
	if !t.clean || len(t.numbers) != 1 || len(t.strays) > 0 {
		return ""
	}
	return t.numbers[0]
}

// readTyped reads digits in any grouping. Blanks, dashes, dots, brackets and quotes
// separate groups; commas, slashes, bullets and line ends separate numbers.
func readTyped(r []rune) typed {
	out := typed{clean: true}
	var groups []string
	flush := func() {
		numbers, strays := resolve(groups)
		out.numbers = add(out.numbers, numbers...)
		out.strays = append(out.strays, strays...)
		groups = nil
	}
	for i := 0; i < len(r); {
		if n := shape.Run(r, i); n > 0 {
			groups = append(groups, string(r[i:i+n]))
			i += n
			continue
		}
		switch {
		case strings.ContainsRune(",;/&•\n", r[i]):
			flush()
		case !strings.ContainsRune(" -.()[]{}<>\"'*_~#:!", r[i]):
			out.clean = false
		}
		i++
	}
	flush()
	out.demote()
	return out
}

// demote turns the shortest numbers into strays if there is a longer one: eight digits
// next to a meeting number are more likely its password than a second meeting.
func (t *typed) demote() {
	var long, short []string
	for _, n := range t.numbers {
		if len(n) < minBareDigits {
			short = append(short, n)
		} else {
			long = append(long, n)
		}
	}
	if len(long) > 0 {
		t.numbers, t.strays = long, append(t.strays, short...)
	}
}

// resolve decides which numbers a sequence of digit groups forms: one number in groups,
// several grouped numbers of the same length, or whole numbers side by side.
func resolve(groups []string) (numbers, strays []string) {
	joined := strings.Join(groups, "")
	if len(groups) == 0 {
		return nil, nil
	}
	longest := len(slices.MaxFunc(groups, func(a, b string) int { return len(a) - len(b) }))
	switch {
	case len(groups) == 1 || longest <= minDigits && len(joined) <= maxDigits:
		if complete(joined) {
			return []string{joined}, nil
		}
		return nil, []string{joined}
	case !slices.ContainsFunc(groups, func(g string) bool { return len(g) != minDigits }):
		return groups, nil
	case longest <= minDigits:
		if numbers := sameLength(groups); numbers != nil {
			return numbers, nil
		}
		return nil, []string{joined}
	}
	for i := 0; i < len(groups); {
		n := i
		for n < len(groups) && minGroupInText <= len(groups[n]) && len(groups[n]) <= maxGroupInText {
			n++
		}
		switch grouped := strings.Join(groups[i:n], ""); {
		case minBareDigits <= len(grouped) && len(grouped) <= maxBareDigits:
			numbers, i = append(numbers, grouped), n
		case complete(groups[i]):
			numbers, i = append(numbers, groups[i]), i+1
		default:
			strays, i = append(strays, groups[i]), i+1
		}
	}
	return numbers, strays
}

// together returns the numbers that groups of digits, length in all, form.
func together(groups []string, length int) []string {
	if len(groups) == 1 || length <= maxDigits {
		return []string{strings.Join(groups, "")}
	}
	return sameLength(groups)
}

// sameLength joins neighbouring groups into numbers of one length, or returns nil if they
// don't add up.
func sameLength(groups []string) []string {
	for size := minBareDigits; size <= maxDigits; size++ {
		if numbers := slice(groups, size); numbers != nil {
			return numbers
		}
	}
	return nil
}

// slice joins neighbouring groups into numbers of size digits each, or returns nil if
// the groups don't add up.
func slice(groups []string, size int) (numbers []string) {
	current := ""
	for _, g := range groups {
		if current += g; len(current) == size {
			numbers, current = append(numbers, current), ""
		}
	}
	if current != "" { // too long, or left over
		return nil
	}
	return numbers
}
