package cancellation

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestStarts: LEAD_TIME protects the dates that would be removed, and no others.
func TestStarts(t *testing.T) {
	t.Parallel()
	single := series()
	single.Recurring, single.Occurrences = false, nil
	next := noon().AddDate(0, 0, 7)
	for _, tt := range []struct {
		name string
		r    Request
		want []time.Time
	}{
		{"a single meeting", Request{Meeting: single, Scope: Whole}, []time.Time{noon()}},
		{"a series", Request{Meeting: series(), Scope: Series}, []time.Time{noon(), next}},
		{"a date", Request{Meeting: series(), Scope: Occurrence, Chosen: []string{"o2"}}, []time.Time{next}},
		{"undecided", Request{Meeting: series()}, nil},
	} {
		got, _ := tt.r.Starts()
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s: Starts() (-want +got):\n%s", tt.name, diff)
		}
	}
}
