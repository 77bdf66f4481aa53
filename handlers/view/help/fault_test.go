package help

import (
	"errors"
	"strings"
	"testing"

	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/command"
)

// TestFaultSentences holds every kind of fault, as the parser gives it, to a
// sentence of its own in every language, and not the one for what nobody thought
// of; and no sentence has a gap where there is nothing to name.
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
