package bot_test

import (
	"testing"

	"meetingbot/bot"
)

func TestDedupKey(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]bot.Origin{
		"e1":          {EnvelopeID: "e1"},
		"trigger:1.2": {EnvelopeID: "e1", TriggerID: "1.2"},
		"event:Ev1":   {EnvelopeID: "e1", EventID: "Ev1"},
	} {
		if got := o.DedupKey(); got != want {
			t.Errorf("DedupKey(%+v) = %q, want %q", o, got, want)
		}
		o.EnvelopeID += "again"
		if got := o.DedupKey(); got != want && want != "e1" {
			t.Errorf("DedupKey(%+v) = %q in a new envelope, want %q", o, got, want)
		}
	}
}
