package cancellation

import "testing"

// TestUnlistedDates: ticking all listed dates doesn't choose later ones that the service may
// not have listed, so the series stays. The rules still treat it as possibly the whole series.
func TestUnlistedDates(t *testing.T) {
	t.Parallel()
	all := Decision{Scope: Occurrence, Chosen: []string{"o1", "o2"}}
	for _, more := range []bool{false, true} {
		m := series()
		m.MoreDates = more
		r := Request{Meeting: m}.Decided(all, noon())
		if series := r.Scope == Series; series == more || r.WholeSeries() == more || !MayBeWholeSeries(r) {
			t.Errorf("later dates may exist: %t, all listed ones ticked: scope %s, whole %t, may be whole %t", more, r.Scope, r.WholeSeries(), MayBeWholeSeries(r))
		}
		last := m.Occurrences[1].Start
		if m.HidesBefore(last) || m.HidesBefore(last.AddDate(1, 0, 0)) != more {
			t.Errorf("later dates may exist: %t, but hidden until the last %t, and in a year %t", more, m.HidesBefore(last), m.HidesBefore(last.AddDate(1, 0, 0)))
		}
		if r = (Request{Meeting: m}).Decided(Decision{Scope: Series}, noon()); !r.WholeSeries() {
			t.Errorf("the series was chosen explicitly: scope %s", r.Scope)
		}
	}
}
