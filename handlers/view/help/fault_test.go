package help

import (
	"errors"
	"strings"
	"testing"

	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/command"
)

// TestFaultSentences: every kind of fault that the parser finds has its own sentence in every
// language instead of the general one, and no sentence has a gap if there is nothing to quote.
func TestFaultSentences(t *testing.T) {
	t.Parallel()
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, locale := range words.Languages() {
		p, kinds := page.Page{Language: catalogue.In(locale), Command: command.Name}, map[command.Kind]bool{}
		for name, line := range sample.FaultLines() {
			_, err := command.Parse(line)
			fault, ok := errors.AsType[*command.Fault](err)
			if !ok {
				t.Errorf("%s: Parse(%q) = %v, want a fault", name, line, err)
				continue
			}
			kinds[fault.Kind] = true
			if got := whatIsWrong(p, fault); got == p.Say("fault.general", nil) {
				t.Errorf("%s: what is wrong with %q in %s = %q, want a sentence of its own", name, line, locale, got)
			}
		}
		for k := command.UnknownFlag; k <= command.SeveralDays; k++ {
			if !kinds[k] && k != command.DaysPast { // Parse has no clock
				t.Errorf("no line is an example of %q", k)
			}
			got := whatIsWrong(p, &command.Fault{Kind: k})
			for _, gap := range []string{"“”", ": .", "：。"} {
				if strings.Contains(got, gap) {
					t.Errorf("fault %q without a part in %s = %q, which has a gap %s", k, locale, got, gap)
				}
			}
		}
	}
}

// TestFaultLines: every line to copy is shown, or the answer says how many are not.
func TestFaultLines(t *testing.T) {
	t.Parallel()
	line := "/cancel-meeting 914087436 --series"
	for more, want := range map[int]string{0: "", 19: "", 24: "5 more lines are not shown."} {
		f := &command.Fault{Kind: command.SingleOnly, Part: "--series", Corrected: line}
		for range more {
			f.More = append(f.More, line)
		}
		said := viewtest.Text(Fault(viewtest.Page("en"), f).Blocks)
		if n := strings.Count(said, "```"+line+"```"); n != min(20, more+1) || !strings.HasSuffix(said, want) || strings.Contains(said, "not shown") != (want != "") {
			t.Errorf("of %d lines %d are shown, want %q at the end of:\n%s", more+1, n, want, said)
		}
	}
}

// TestFaultSaysWhatIsLeftOut: an option that the corrected line can't have is named in every
// language, in the notification as well.
func TestFaultSaysWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{
		"en": "The corrected command leaves out --occurrence.", "es": "El comando corregido no incluye --occurrence.",
		"pt-BR": "O comando corrigido não inclui --occurrence.", "zh-CN": "更正后的命令不包含 --occurrence。",
	} {
		for line, leftOut := range map[string]bool{
			"914087436 --occurrence 2026-11-31": true, "914087436 --foo --occurrence 2026-11-31": true,
			"914087436 --occurrence 2026-11-30T25:00": false, "914087436 --foo": false,
		} {
			_, err := command.Parse(line)
			fault, _ := errors.AsType[*command.Fault](err)
			m := Fault(viewtest.Page(locale), fault)
			if said := viewtest.Text(m.Blocks); strings.Contains(said, want) != leftOut || strings.Contains(m.Text, want) != leftOut {
				t.Errorf("%q in %s says:\n%s\n%s\nwant %q in it: %t", line, locale, said, m.Text, want, leftOut)
			}
		}
	}
}
