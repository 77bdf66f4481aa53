package cancellation

import "testing"

// TestUnseenDates: whoever ticks all dates that the service lists has not chosen those that it
// may not list, so the rest of the series stays; for the rules it may be all of it.
func TestUnseenDates(t *testing.T) {
	t.Parallel()
	all := Decision{Scope: Occurrence, Chosen: []string{"o1", "o2"}}
	for _, more := range []bool{false, true} {
		m := series()
		m.MoreDates = more
		r := Request{Meeting: m}.Decided(all, noon())
		if series := r.Scope == Series; series == more || r.WholeSeries() == more || !MayBeSeries(r) {
			t.Errorf("later dates may exist: %t, and all that are listed are ticked: scope %s, whole %t, may be whole %t", more, r.Scope, r.WholeSeries(), MayBeSeries(r))
		}
		last := m.Occurrences[1].Start
		if m.HidesBefore(last) || m.HidesBefore(last.AddDate(1, 0, 0)) != more {
			t.Errorf("later dates may exist: %t, but hidden until the last %t, and in a year %t", more, m.HidesBefore(last), m.HidesBefore(last.AddDate(1, 0, 0)))
		}
		if r = (Request{Meeting: m}).Decided(Decision{Scope: Series}, noon()); !r.WholeSeries() {
			t.Errorf("the series was chosen in so many words: scope %s", r.Scope)
		}
	}
}
