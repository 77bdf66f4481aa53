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
		{"just given", given, 0, 90 * day, true},
		{"until the last moment", given, 10*day - 1, 90 * day, true},
		{"expired", given, 10 * day, 90 * day, false},
		{"revoked", ended, 2 * time.Hour, 90 * day, false},
		{"limit shortened since", given, 7 * day, 7 * day, false},
		{"limit shortened but not reached", given, 7*day - 1, 7 * day, true},
		{"delegations turned off", given, 0, 0, false},
	} {
		if got := tt.d.HoldsAt(noon().Add(tt.after), tt.longest); got != tt.want {
			t.Errorf("%s: HoldsAt() = %t, want %t", tt.name, got, tt.want)
		}
	}
}
