package command_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"meetingbot/internal/command"
)

var (
	someNumber = regexp.MustCompile(`\b\d{8,15}\b`)
	someDay    = regexp.MustCompile(`^(today|tomorrow|\d{4}-\d\d-\d\d)`)
)

// TestUnderstoodIsKept mixes pieces that can be understood with others that can't. The
// lines to copy must have all of the former, unless the fault says what they leave out,
// and no number that wasn't typed.
func TestUnderstoodIsKept(t *testing.T) {
	t.Parallel()
	piece := rapid.SampledFrom([]string{
		"914000001", "914000002", "<tel:914000003|914 000 003>", "today", "tomorrow", "2026-12-01", "2026-12-05", "2026-12-01..2026-12-03",
		"2026-02-30..2026-03-01", "--of @dave", "--of dave@example.com", "@dave", "--end", "--edn", "--series", "--occurrence 2026-12-08",
		`--reason "ill"`, "--reason ill", "please", "or", "--foo", "hunter2", "1234", "--of", "--reason", "--occurrence 2026-02-30",
		`--reason "` + strings.Repeat("x", command.MaxReason+1) + `"`, `--reason "` + strings.Repeat("x", command.MaxLine) + `"`,
	})
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfNDistinct(piece, 1, 5, rapid.ID[string]).Draw(t, "pieces")
		line := strings.Join(pieces, " ")
		_, err := command.Parse(line)
		var fault *command.Fault
		if !errors.As(err, &fault) || len(line) > 4*command.MaxLine { // too long to be read
			return
		}
		checkFault(t, line, fault)
		copied := slices.Concat([]string{fault.Corrected}, fault.More, []string{fault.Kept})
		if fault.Corrected == "" {
			copied = []string{fault.Example(number)}
		}
		checkKept(t, line, pieces, command.Readable(strings.Join(copied, "\n")), fault)
	})
}

// checkKept asserts that copied, the lines to copy, have everything that was understood
// of pieces.
func checkKept(t *rapid.T, line string, pieces []string, copied string, fault *command.Fault) {
	plain := strings.NewReplacer("914 000 003", "914000003")
	copied = plain.Replace(copied)
	numbers := someNumber.FindAllString(plain.Replace(command.Readable(line)), -1)
	for _, n := range numbers {
		if !strings.Contains(copied, n) && !says(fault, command.ReasonTooLong) { // it may be in what was cut off
			t.Fatalf("Parse(%q) = %+v, want %s in the line", line, fault, n)
		}
	}
	for _, n := range someNumber.FindAllString(copied, -1) {
		understood := len(numbers) > 0 || slices.ContainsFunc(beforeReason(pieces), someDay.MatchString)
		if !slices.Contains(numbers, n) && (understood || n != number) {
			t.Fatalf("Parse(%q) = %+v, want no %s, which was not typed", line, fault, n)
		}
	}
	for _, p := range beforeReason(pieces) {
		flag, _, _ := strings.Cut(p, " ")
		if strings.HasPrefix(p, "--occurrence") && fault.Corrected != "" && !strings.Contains(copied, flag) && !slices.Contains(fault.Without, flag) && !explains(fault, len(numbers) > 0) {
			t.Fatalf("Parse(%q) = %+v, want it to say that %s is left out", line, fault, flag)
		}
	}
	for _, p := range pieces {
		if slices.Contains(pieces, "--of") && someDay.MatchString(p) || fault.Corrected == "" && says(fault, command.Repeated) {
			continue // an example is one line
		}
		if !strings.Contains(copied, kept(p)) && !explains(fault, len(numbers) > 0) {
			t.Fatalf("Parse(%q) = %+v, want %s in the line", line, fault, p)
		}
	}
}

// beforeReason returns the pieces that no unquoted reason can have numbersInReason.
func beforeReason(pieces []string) []string {
	i := slices.IndexFunc(pieces, func(p string) bool { return p == "--reason" || p == "--reason ill" })
	if i < 0 {
		return pieces
	}
	return pieces[:i]
}

// kept returns what a corrected line must contain for a piece, or "" if it may drop it.
func kept(piece string) string {
	switch {
	case strings.HasPrefix(piece, "--of "), strings.HasPrefix(piece, "--e"):
		return strings.Replace(piece, "--edn", "--end", 1)
	case someDay.MatchString(piece):
		return piece[strings.LastIndex(piece, ".")+1:]
	case piece == "--series":
		return piece
	case strings.HasPrefix(piece, "--reason ") && len(piece) < 20:
		return "ill" // perhaps after another reason
	}
	return ""
}

func says(fault *command.Fault, k command.Kind) bool {
	return fault.Kind == k || slices.ContainsFunc(fault.Also, func(f command.Fault) bool { return f.Kind == k })
}

// explains reports whether fault says that something is left out.
func explains(fault *command.Fault, number bool) bool {
	for _, k := range []command.Kind{
		command.OfWithNumber, command.SingleOnly, command.ReasonTooLong, command.SeriesAndOccurrence, command.OfWithoutDays,
	} {
		if says(fault, k) {
			return true
		}
	}
	return number && says(fault, command.DayWithNumber)
}
