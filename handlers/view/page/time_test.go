package page_test

import (
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

func TestLength(t *testing.T) {
	t.Parallel()
	en, pt := viewtest.Page("en"), viewtest.Page("pt-BR")
	for _, test := range []struct {
		d      time.Duration
		en, pt string
	}{
		{-time.Second, "1 second", "1 segundo"},
		{time.Millisecond, "1 second", "1 segundo"},
		{59*time.Second + 1, "60 seconds", "60 segundos"},
		{time.Minute, "1 minute", "1 minuto"},
		{45 * time.Minute, "45 minutes", "45 minutos"},
		{time.Hour, "1 hour", "1 hora"},
		{90 * time.Minute, "1 hour 30 minutes", "1 hora e 30 minutos"},
		{48*time.Hour + time.Minute, "48 hours 1 minute", "48 horas e 1 minuto"},
	} {
		if got := en.Length(test.d); got != test.en {
			t.Errorf("Length(%s) in English = %q, want %q", test.d, got, test.en)
		}
		if got := pt.Length(test.d); got != test.pt {
			t.Errorf("Length(%s) in Portuguese = %q, want %q", test.d, got, test.pt)
		}
	}
}

func TestMoment(t *testing.T) {
	t.Parallel()
	p := viewtest.Page("en")
	if got, want := p.Moment("long", sample.Noon), "<!date^1796126400^{date_long_pretty} at {time}|Tue 2026-12-01 12:00 UTC>"; got != want {
		t.Errorf("Moment(%s) = %q, want %q", sample.Noon, got, want)
	}
	otherZone := sample.Noon.In(time.FixedZone("", 8*60*60))
	if got, want := p.Moment("long", otherZone), p.Moment("long", sample.Noon); got != want {
		t.Errorf("Moment(%s) = %q, want %q", otherZone, got, want)
	}
	if got, want := p.Moment("long", time.Time{}), "time unknown"; got != want {
		t.Errorf("Moment(zero) = %q, want %q", got, want)
	}
}

func TestRule(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		rule cancellation.Rule
		want string
	}{
		{cancellation.Rule{}, "Recurring"},
		{cancellation.Rule{Cycle: "Year"}, "Recurring"},
		{cancellation.Rule{Cycle: "Day"}, "Every day"},
		{cancellation.Rule{Cycle: "Day", Interval: 3}, "Every 3 days"},
		{cancellation.Rule{Cycle: "Week", Interval: 1, Points: []int{0, 6}}, "Every week on Sunday, Saturday, in the meeting's time zone"},
		{cancellation.Rule{Cycle: "Week", Interval: 2, Points: []int{1, 9, -1}}, "Every 2 weeks on Monday, in the meeting's time zone"},
		{cancellation.Rule{Cycle: "Month", Interval: 1, Points: []int{1, 15, 40}}, "Every month on days 1, 15, in the meeting's time zone"},
		{cancellation.Rule{Cycle: "Month", Interval: 1, Points: []int{15}}, "Every month on day 15, in the meeting's time zone"},
		{cancellation.Rule{Cycle: "Day", Points: []int{1}, Until: "2027-03-31"}, "Every day, until 2027-03-31, in the meeting's time zone"},
		{cancellation.Rule{Cycle: "Day", Until: "soon <!here>"}, "Every day"},
	} {
		r := cancellation.Request{Meeting: cancellation.Meeting{Recurring: true, Rule: test.rule}}
		if got := viewtest.Page("en").Rule(r); got != test.want {
			t.Errorf("Rule(%+v) = %q, want %q", test.rule, got, test.want)
		}
	}
}

// TestDays: a sentence about a day, or about a range, reads well in every language.
func TestDays(t *testing.T) {
	t.Parallel()
	for language, want := range map[string][2]string{
		"en":    {"None of your meetings starts on 2026-12-01, in your time zone.", "None of your meetings starts between 2026-12-01 and 2026-12-05, in your time zone."},
		"es":    {"Ninguna reunión tuya empieza el 2026-12-01, en tu zona horaria.", "Ninguna reunión tuya empieza entre el 2026-12-01 y el 2026-12-05, en tu zona horaria."},
		"pt-BR": {"Nenhuma reunião sua começa em 2026-12-01, no seu fuso horário.", "Nenhuma reunião sua começa entre 2026-12-01 e 2026-12-05, no seu fuso horário."},
		"zh-CN": {"按你的时区，你没有会议在 2026-12-01 当天开始。", "按你的时区，你没有会议在 2026-12-01 至 2026-12-05 期间开始。"},
	} {
		p := viewtest.Page(language)
		for i, typed := range []string{"2026-12-01", "2026-12-01..2026-12-05"} {
			if got := p.Say("many.nothing_days_own", words.Vars{"Days": p.Days(typed)}); !strings.HasPrefix(got, want[i]) {
				t.Errorf("with %s: %q, want %q", typed, got, want[i])
			}
		}
	}
}
