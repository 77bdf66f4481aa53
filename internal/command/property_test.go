package command_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"meetingbot/internal/command"
)

// grouped draws digits, and the same digits as somebody might write them.
func grouped(t *rapid.T) (digits, written string) {
	gap := rapid.SampledFrom([]string{" ", "-", ".", " - ", "\u00a0", "\u3000", "–", "\u200b", "  ", ""})
	zero := rapid.SampledFrom([]rune{'0', '０', '٠', '०'}).Draw(t, "script")
	digits = rapid.StringMatching(`[1-9][0-9]{7,14}`).Draw(t, "digits")
	room := 0
	for i, d := range digits {
		if i > 0 {
			g := gap.Draw(t, "gap")
			// A group of nine or more would be a number of its own.
			if room++; strings.Trim(g, "\u200b") == "" && room == 8 {
				g = " "
			}
			if strings.Trim(g, "\u200b") != "" {
				room = 0
			}
			written += g
		}
		written += string(zero + d - '0')
	}
	return digits, written
}

// looksLikeDate tells the one grouping that is no number: 2026-12-01.
var looksLikeDate = regexp.MustCompile(`^\D*(\d{4}\D\d{1,2}\D\d{1,2}|\d{1,2}\D\d{1,2}\D\d{4})\D*$`)

func TestAnyGroupingIsTheNumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits, written := grouped(t)
		if len(digits) == 8 && looksLikeDate.MatchString(toASCII(written)) {
			t.Skip("a date")
		}
		end := rapid.SampledFrom([]string{"", " --end", " —end", "—end", " END"}).Draw(t, "end")
		want := command.Command{Verb: command.Cancel, Number: digits, End: end != ""}
		if got, err := command.Parse(written + end); err != nil || got != want {
			t.Fatalf("Parse(%q) = %+v, %v, want %+v", written+end, got, err, want)
		}
	})
}

// toASCII writes every digit and dash of s in ASCII.
func toASCII(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '–':
			return '-'
		case r == '\u200b':
			return -1
		case r >= '０' && r <= '９':
			return '0' + r - '０'
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		case r >= '०' && r <= '९':
			return '0' + r - '०'
		}
		return r
	}, s)
}

func TestStringIsReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := command.Command{
			Verb:   command.Cancel,
			Number: rapid.StringMatching(`[0-9]{8,15}`).Draw(t, "number"),
			End:    rapid.Bool().Draw(t, "end"),
			Series: rapid.Bool().Draw(t, "series"),
			Reason: rapid.StringMatching(`(\S{1,20} ){0,5}\S{1,20}`).Draw(t, "reason"),
		}
		if !want.Series && rapid.Bool().Draw(t, "occurs") {
			want.Occurrence = command.Occurrence{Date: "2026-12-01", Time: rapid.SampledFrom([]string{"", "10:00"}).Draw(t, "time")}
		}
		line := want.String()
		got, err := command.Parse(line)
		if err != nil {
			// A reason of characters that nobody can see is none.
			var fault *command.Fault
			if errors.As(err, &fault) && fault.Kind == command.MissingValue {
				return
			}
			t.Fatalf("Parse(%q) = %v, want %+v", line, err, want)
		}
		if again := got.String(); again != canonical(t, again) {
			t.Fatalf("Parse(%q).String() = %q, then %q", line, again, canonical(t, again))
		}
		got.Reason, want.Reason = "", ""
		if got != want {
			t.Fatalf("Parse(%q) = %+v, want %+v", line, got, want)
		}
	})
}

// canonical returns what line reads as, written again.
func canonical(t *rapid.T, line string) string {
	c, err := command.Parse(line)
	if err != nil {
		t.Fatalf("Parse(%q) = %v, want a Command", line, err)
	}
	return c.String()
}

// checkParse asserts what holds for every line.
func checkParse(t interface{ Errorf(string, ...any) }, line string) {
	c, err := command.Parse(line)
	if err == nil {
		if (c.Verb == command.Cancel) != (c.Number != "") && c.Verb != command.History {
			t.Errorf("Parse(%q) = %+v, want a number with Cancel and only there", line, c)
		}
		if c.Series && !c.Occurrence.IsZero() {
			t.Errorf("Parse(%q) = %+v, want not both of series and occurrence", line, c)
		}
		if utf8.RuneCountInString(c.Reason) > command.MaxReason || !utf8.ValidString(c.Reason) || strings.ContainsAny(c.Reason, "\n\r\x00") {
			t.Errorf("Parse(%q) reason %q, want one short valid line", line, c.Reason)
		}
		if again, err := command.Parse(c.String()); err != nil || again.String() != c.String() {
			t.Errorf("Parse(%q) = %+v, %v, want what it was written from", c.String(), again, err)
		}
		return
	}
	var fault *command.Fault
	if !errors.As(err, &fault) || fault.Kind.String() == "unknown fault" {
		t.Errorf("Parse(%q) = %v, want a *Fault of a known kind", line, err)
		return
	}
	if utf8.RuneCountInString(fault.Part) > command.MaxPart {
		t.Errorf("Parse(%q) part %q, want %d characters at most", line, fault.Part, command.MaxPart)
	}
	if fault.Corrected == "" {
		return
	}
	if _, err := command.Parse(fault.Corrected); err != nil {
		t.Errorf("Parse(%q) = %v, corrected from %q, want no fault", fault.Corrected, err, line)
	}
}

func TestAnyLine(t *testing.T) {
	t.Parallel()
	word := rapid.OneOf(
		rapid.SampledFrom([]string{
			"914087436", "914 087 437", "--end", "—END", "--edn", "--reason", `--reason="x y"`, `"`, "“", "'", "--", "-",
			"--occurrence", "2026-12-01", "2026-12-01T10:00", "10:00", "--series", "list", "history", "help", "/cancel-meeting",
			"Meeting ID:", "会议ID：", "password", "密码：1234", "https://x.example/#/j/914087436", "<https://x.example/j/914087438|a b>",
			"+86", "<@U1>", "\n", "=", "--=", "--reason=", "914087436—end", "９１４", "1234",
		}),
		rapid.String(),
	)
	rapid.Check(t, func(t *rapid.T) {
		line := strings.Join(rapid.SliceOfN(word, 0, 12).Draw(t, "words"), rapid.SampledFrom([]string{" ", "", "\n"}).Draw(t, "gap"))
		checkParse(t, line)
	})
}

func FuzzParse(f *testing.F) {
	for _, line := range []string{
		"", "914087436 --end", "914 087 436 —reason “x”", "--occurrence 2026-12-01T10:00 914087436", "9140874361 914087436",
		"<https://x.example/#/j/914087436|Join> ", "会议ID：914 087 436 密码：1234", "list", "history 914087436", "\xff\xfe",
	} {
		f.Add(line)
	}
	for _, text := range invitations(f) {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, line string) {
		checkParse(t, line)
		number, err := command.FindNumber(line)
		if (err == nil) != (number != "") || strings.Trim(number, "0123456789") != "" {
			t.Errorf("FindNumber(%q) = %q, %v, want digits or an error", line, number, err)
		}
	})
}

// longLines are 4,000 characters each of what could make a careless reader go
// over the line again and again.
func longLines() map[string]string {
	lines := map[string]string{}
	for name, piece := range map[string]string{
		"digits": "9", "groups": "91 ", "letters": "x", "dashes": "-", "flags": "--e ", "quotes": `--reason "`,
		"markup": "<@", "links": "https://", "labels": "会议id ", "dates": "2026-12-", "clocks": "1:23:", "at": "1@",
		"dotted": "1.2.3.", "glued": "1-a",
	} {
		lines[name] = strings.Repeat(piece, 4000/len([]rune(piece)))
	}
	return lines
}

func TestLongLines(t *testing.T) {
	t.Parallel()
	for _, line := range longLines() {
		checkParse(t, line)
	}
}

func BenchmarkParse(b *testing.B) {
	lines := longLines()
	lines["short"] = "914 087 436 --end"
	lines["invitation"] = invitations(b)["en.txt"]
	for name, line := range lines {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = command.Parse(line)
			}
		})
	}
}

func BenchmarkFindNumber(b *testing.B) {
	text := strings.Repeat(invitations(b)["zh.txt"], 20)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		_, _ = command.FindNumber(text)
	}
}
