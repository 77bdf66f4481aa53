package command_test

import (
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"meetingbot/internal/command"
)

// grouped draws a number, and the same number in a format that people use.
func grouped(t *rapid.T) (digits, written string) {
	gap := rapid.SampledFrom([]string{" ", "-", ".", " - ", "\u00a0", "\u3000", "–", "\u200b", "  ", ""})
	zero := rapid.SampledFrom([]rune{'0', '０', '٠', '०'}).Draw(t, "script")
	digits = rapid.StringMatching(`[1-9][0-9]{7,14}`).Draw(t, "digits")
	run := 0
	for i, d := range digits {
		if i > 0 {
			g := gap.Draw(t, "gap")
			// A group of nine or more would be a number of its own.
			if run++; strings.Trim(g, "\u200b") == "" && run == 8 {
				g = " "
			}
			if strings.Trim(g, "\u200b") != "" {
				run = 0
			}
			written += g
		}
		written += string(zero + d - '0')
	}
	return digits, written
}

// looksLikeDate matches the one grouping that isn't a number: 2026-12-01.
var looksLikeDate = regexp.MustCompile(`^\D*(\d{4}\D\d{1,2}\D\d{1,2}|\d{1,2}\D\d{1,2}\D\d{4})\D*$`)

func TestAnyGroupingIsTheNumber(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digits, written := grouped(t)
		ascii := toASCII(written)
		if len(digits) == 8 && looksLikeDate.MatchString(ascii) || slices.ContainsFunc(strings.Fields(ascii), looksLikeDate.MatchString) {
			t.Skip("a date")
		}
		end := rapid.SampledFrom([]string{"", " --end", " —end", "—end", " END"}).Draw(t, "end")
		want := command.Command{Verb: command.Cancel, Number: digits, End: end != ""}
		if got, err := command.Parse(written + end); err != nil || !cmp.Equal(got, want) {
			t.Fatalf("Parse(%q) = %+v, %v, want %+v", written+end, got, err, want)
		}
	})
}

// toASCII replaces every digit and dash in s with its ASCII equivalent.
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

// drawCommand draws a command that cancels.
func drawCommand(t *rapid.T) command.Command {
	c := command.Command{
		Verb:   command.Cancel,
		End:    rapid.Bool().Draw(t, "end"),
		Reason: rapid.StringMatching(`(\S{1,20} ){0,5}\S{1,20}`).Draw(t, "reason"),
	}
	switch rapid.SampledFrom([]string{"one", "numbers", "days"}).Draw(t, "what") {
	case "numbers":
		// Short numbers next to long ones look like passwords, and in prose some look
		// like telephone numbers and times: starting with 3 to 9 avoids those.
		pattern := rapid.SampledFrom([]string{`[3-9][0-9]{7}`, `[3-9][0-9]{8,14}`}).Draw(t, "pattern")
		c.Verb, c.Numbers = command.CancelMany, rapid.SliceOfNDistinct(rapid.StringMatching(pattern), 2, 30, rapid.ID[string]).Draw(t, "numbers")
	case "days":
		day := rapid.SampledFrom([]command.Day{command.Today, command.Tomorrow, "2026-12-01", "2026-12-31"})
		c.Verb, c.Days = command.CancelMany, command.Days{From: day.Draw(t, "from"), To: day.Draw(t, "to")}
		if c.Days.From > c.Days.To || c.Days.From == command.Tomorrow {
			c.Days.To = c.Days.From
		}
		c.Of = rapid.SampledFrom([]command.Person{
			{}, {ID: "U0123456789"}, {Name: "carol.smith"}, {Name: "张伟"}, {Email: "Carol@example.com"}, {Email: "c+x@a-b.example.cn"},
		}).Draw(t, "of")
	default:
		c.Number = rapid.StringMatching(`[3-9][0-9]{7,14}`).Draw(t, "number")
		switch rapid.IntRange(0, 2).Draw(t, "scope") {
		case 1:
			c.Series = true
		case 2:
			c.Occurrence = command.Occurrence{Date: "2026-12-01", Time: rapid.SampledFrom([]string{"", "10:00"}).Draw(t, "time")}
		}
	}
	return c
}

func TestStringRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := drawCommand(t)
		line := want.String()
		got, err := command.Parse(line)
		if err != nil {
			// A reason of invisible characters counts as missing.
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
		if !cmp.Equal(got, want) {
			t.Fatalf("Parse(%q) = %+v, want %+v", line, got, want)
		}
	})
}

// TestMarkupChangesNothing formats the words of a line, and the whole line.
func TestMarkupChangesNothing(t *testing.T) {
	t.Parallel()
	marks := rapid.SampledFrom([]string{"", "*", "_", "`", "~", "*_"})
	rapid.Check(t, func(t *rapid.T) {
		want := drawCommand(t)
		want.Reason = ""
		words := strings.Fields(want.String())
		for i, w := range words {
			mark := marks.Draw(t, "mark")
			if rapid.Bool().Draw(t, "upper") && strings.HasPrefix(w, "--") {
				w = strings.ToUpper(w)
			}
			words[i] = mark + w + mark
		}
		fence := rapid.SampledFrom([]string{"", "`", "```", "*"}).Draw(t, "fence")
		line := fence + strings.Join(words, " ") + fence
		if got, err := command.Parse(line); err != nil || !cmp.Equal(got, want) {
			t.Fatalf("Parse(%q) = %+v, %v, want %+v", line, got, err, want)
		}
	})
}

// TestCorrectedKeepsAll puts a word that doesn't belong into a valid line.
func TestCorrectedKeepsAll(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := drawCommand(t)
		want.Reason = rapid.SampledFrom([]string{"", "ill", "it's off"}).Draw(t, "why")
		stray := rapid.SampledFrom([]string{"--foo", "--edn", "please", "--password=hunter2"}).Draw(t, "stray")
		line := command.Name + " " + stray + strings.TrimPrefix(want.String(), command.Name)
		if stray == "--edn" {
			want.End = true
		}
		_, err := command.Parse(line)
		var fault *command.Fault
		if !errors.As(err, &fault) || fault.Corrected != want.String() || fault.More != nil {
			t.Fatalf("Parse(%q) = %+v, want the corrected line %q", line, fault, want)
		}
	})
}

// canonical parses line and formats the result.
func canonical(t *rapid.T, line string) string {
	c, err := command.Parse(line)
	if err != nil {
		t.Fatalf("Parse(%q) = %v, want a Command", line, err)
	}
	return c.String()
}

func TestAnyLine(t *testing.T) {
	t.Parallel()
	word := rapid.OneOf(
		rapid.SampledFrom([]string{
			"914087436", "914 087 437", "--end", "—END", "--edn", "--reason", `--reason="x y"`, `"`, "“", "'", "--", "-",
			"--occurrence", "2026-12-01", "2026-12-01T10:00", "10:00", "--series", "list", "history", "help", "/cancel-meeting",
			"Meeting ID:", "会议ID：", "password", "密码：1234", "https://x.example/#/j/914087436", "<https://x.example/j/914087438|a b>",
			"+86", "<@U1>", "today", "tomorrow", "2026-12-01..2026-12-05", "2026-12-05..today", "..", "--of", "—of", "@carol", "carol@example.com",
			"<mailto:a@example.com|a b>", "<tel:914087439|914 087 439>", "`", "*--end*", "```", "_", "12345678", ",", "Customer ID",
			"--series", "\n", "=", "--=", "--reason=", "914087436—end", "９１４", "1234",
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
		"914087436, 914087437 `--end`", "today..2026-12-05 --of <@U0123456789|carol>", "2026-12-05..2026-12-01 --of @carol", "today please @carol",
		"Meeting ID: <tel:914087436|914 087 436>", "Customer ID 12345678\nMeeting ID 914087436", "914087436 914087437 --series --reason x",
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

// longLines are 4,000 characters each of input that would make a careless parser
// quadratic.
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
