package press

import (
	"slices"
	"testing"

	"meetingbot/handlers/step"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/cancellation"
)

// TestDecision checks how much each button cancels, given the card and the ticks.
func TestDecision(t *testing.T) {
	t.Parallel()
	single := cancellation.Request{Scope: cancellation.Whole}
	weekly := cancellation.Request{Meeting: cancellation.Meeting{Recurring: true, DatesKnown: true, Occurrences: []cancellation.OccurrenceRef{{ID: "d0"}, {ID: "d1"}, {ID: "d2"}}}}
	with := func(r cancellation.Request, change func(*cancellation.Request)) cancellation.Request {
		change(&r)
		return r
	}
	running := func(r *cancellation.Request) { r.Meeting.Running = true }
	typed := func(r *cancellation.Request) { r.Scope, r.Chosen = cancellation.Occurrence, []string{"d1"} }
	series := func(r *cancellation.Request) { r.Scope = cancellation.Series }
	for _, tt := range []struct {
		name    string
		action  string
		r       cancellation.Request
		ticks   []string
		scope   cancellation.Scope
		chosen  []string
		end     bool
		refusal answer.Kind
	}{
		{name: "cancel", action: action.Cancel, r: single, scope: cancellation.Whole},
		{name: "end", action: action.End, r: single, scope: cancellation.Whole, end: true},
		{name: "cancel, of a series", action: action.Cancel, r: weekly, refusal: answer.UnknownButton},
		{name: "end, of a series with nothing chosen", action: action.End, r: with(weekly, running), refusal: answer.UnknownButton},
		{name: "end, of a series that was typed", action: action.End, r: with(weekly, series), scope: cancellation.Series, end: true},
		{name: "end, of a date that was typed", action: action.End, r: with(weekly, typed), scope: cancellation.Occurrence, chosen: []string{"d1"}, end: true},
		{name: "the series", action: action.CancelSeries, r: weekly, scope: cancellation.Series},
		{name: "the series, with a tick", action: action.CancelSeries, r: weekly, ticks: []string{"1"}, scope: cancellation.Series},
		{name: "the series, running", action: action.CancelSeries, r: with(weekly, running), scope: cancellation.Series, end: true},
		{name: "dates", action: action.CancelOccurrences, r: weekly, ticks: []string{"2", "0"}, scope: cancellation.Occurrence, chosen: []string{"d0", "d2"}},
		{name: "one date twice", action: action.CancelOccurrences, r: weekly, ticks: []string{"1", "1"}, scope: cancellation.Occurrence, chosen: []string{"d1"}},
		{name: "dates, none ticked", action: action.CancelOccurrences, r: weekly, refusal: answer.PickFirst},
		{name: "dates, not in the list", action: action.CancelOccurrences, r: weekly, ticks: []string{"3", "-1", "d1", ""}, refusal: answer.PickFirst},
		{name: "a date that was typed", action: action.CancelOccurrences, r: with(weekly, typed), ticks: []string{"2"}, scope: cancellation.Occurrence, chosen: []string{"d1"}},
	} {
		in := &step.Envelope{Action: tt.action, Selected: map[string][]string{action.Inputs()[0]: tt.ticks}}
		d, refusal := decision(in, tt.r)
		if refusal != nil {
			if refusal.Kind != tt.refusal {
				t.Errorf("%s: refused with %s, want %q", tt.name, refusal.Kind, tt.refusal)
			}
			continue
		}
		if tt.refusal != "" || d.Scope != tt.scope || !slices.Equal(d.Chosen, tt.chosen) || d.End != tt.end {
			t.Errorf("%s: %+v, want %s of %v, ending %t, refused %q", tt.name, d, tt.scope, tt.chosen, tt.end, tt.refusal)
		}
	}
}
