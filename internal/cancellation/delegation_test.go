package cancellation

import (
	"testing"
	"time"
)

func TestDelegationHolds(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	given := Delegation{GivenAt: noon(), Until: noon().Add(10 * day)}
	ended := given
	ended.EndedAt = noon().Add(time.Hour)
	for _, tt := range []struct {
		name    string
		d       Delegation
		after   time.Duration
		longest time.Duration
		want    bool
	}{
		{"at once", given, 0, 90 * day, true},
		{"to the last moment", given, 10*day - 1, 90 * day, true},
		{"run out", given, 10 * day, 90 * day, false},
		{"taken back", ended, 2 * time.Hour, 90 * day, false},
		{"the operator has shortened it since", given, 7 * day, 7 * day, false},
		{"and not yet that much", given, 7*day - 1, 7 * day, true},
		{"the operator lets nobody", given, 0, 0, false},
	} {
		if got := tt.d.HoldsAt(noon().Add(tt.after), tt.longest); got != tt.want {
			t.Errorf("%s: HoldsAt() = %t, want %t", tt.name, got, tt.want)
		}
	}
}
