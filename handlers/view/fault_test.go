package view

import (
	"errors"
	"strings"
	"testing"

	"meetingbot/internal/command"
)

// TestFaultSentences holds every kind of fault, as the parser gives it, to a
// sentence of its own in every language, and not the one for what nobody thought
// of; and no sentence has a gap where there is nothing to name.
func TestFaultSentences(t *testing.T) {
	t.Parallel()
	for _, locale := range Languages() {
		v := newRenderer(t, locale)
		p, kinds := v.person(locale), map[command.Kind]bool{}
		for name, line := range faultLines() {
			_, err := command.Parse(line)
			fault, ok := errors.AsType[*command.Fault](err)
			if !ok {
				t.Errorf("%s: Parse(%q) = %v, want a fault", name, line, err)
				continue
			}
			kinds[fault.Kind] = true
			if got := p.fault(fault); got == p.say("fault.general", nil) {
				t.Errorf("%s: what is wrong with %q in %s = %q, want a sentence of its own", name, line, locale, got)
			}
		}
		for k := command.UnknownFlag; k <= command.OfWithoutDays; k++ {
			if !kinds[k] && k != command.DaysPast { // Parse has no clock
				t.Errorf("no line is an example of %q", k)
			}
			got := p.fault(&command.Fault{Kind: k})
			for _, gap := range []string{"“”", ": .", "：。"} {
				if strings.Contains(got, gap) {
					t.Errorf("fault %q without a part in %s = %q, which has a gap %s", k, locale, got, gap)
				}
			}
		}
	}
}

// TestFlow says where a blank parts sentences.
func TestFlow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		sentences []string
		want      string
	}{
		{nil, ""},
		{[]string{"", "One.", "", "Two."}, "One. Two."},
		{[]string{"没有执行任何操作。", "例如：", "`/x`"}, "没有执行任何操作。例如：`/x`"},
		{[]string{"请输入 `/x`", "如需取消。"}, "请输入 `/x` 如需取消。"},
	} {
		if got := flow(test.sentences...); got != test.want {
			t.Errorf("flow(%q) = %q, want %q", test.sentences, got, test.want)
		}
	}
}
