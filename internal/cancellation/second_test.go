package cancellation

import "testing"

func TestSecondPersonNeeds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		s               SecondPerson
		running, series bool
		want            bool
	}{
		{"", true, true, false},
		{SecondNever, true, true, false},
		{SecondEnd, true, false, true},
		{SecondEnd, false, true, false},
		{SecondSeries, false, true, true},
		{SecondSeries, true, false, false},
		{SecondMany, true, true, false},
		{SecondAlways, false, false, true},
	} {
		if got := test.s.Needs(test.running, test.series); got != test.want {
			t.Errorf("SecondPerson(%q).Needs(%t, %t) = %t, want %t", test.s, test.running, test.series, got, test.want)
		}
	}
}
