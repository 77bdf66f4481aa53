package many

import (
	"testing"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// limits is what is left of each operation's budget.
type limits map[meetingapi.Operation]meetingapi.Budget

// limited is a meeting service with these limits. Nothing else is asked of it.
type limited struct {
	step.Meetings
	limits
}

func (s limited) Budget(op meetingapi.Operation) (meetingapi.Budget, bool) {
	b, known := s.limits[op]
	return b, known
}

// parts returns requests for so many meetings, and for dates of so many series.
func parts(meetings, series int) (all []cancellation.Request) {
	for range meetings {
		all = append(all, cancellation.Request{Scope: cancellation.Whole})
	}
	for range series {
		all = append(all, cancellation.Request{Scope: cancellation.Occurrence})
	}
	return all
}

// TestRoom: at most three parts may be in progress, fewer near the end of the service's
// budget, and none once only the quarter reserved for others is left.
func TestRoom(t *testing.T) {
	t.Parallel()
	until := time.Now().Add(30 * time.Second)
	left := func(n, limit int) limits {
		return limits{meetingapi.OpMeeting: {Left: 100, Limit: 100, Until: until}, meetingapi.OpCancel: {Left: n, Limit: limit, Until: until}}
	}
	for name, tt := range map[string]struct {
		limits limits
		begun  bool // the meeting has begun; only the date is left
		want   int
	}{
		"nothing known":        {nil, false, 3},
		"plenty":               {left(100, 100), false, 3},
		"the last":             {left(27, 100), false, 2},
		"the others' share":    {left(25, 100), false, 0},
		"used up":              {left(0, 100), false, 0},
		"a small one":          {left(5, 12), false, 2},
		"too small to plan":    {left(1, 6), false, 3},
		"readings are used up": {limits{meetingapi.OpMeeting: {Limit: 100, Until: until}}, false, 0},
		"dates have their own": {limits{meetingapi.OpCancelOccurrences: {Left: 20, Limit: 100, Until: until}}, false, 0},
		"only dates are left":  {left(0, 100), true, 3},
	} {
		d := &step.Deps{Meetings: limited{limits: tt.limits}}
		b := &cancellation.Batch{Meetings: make([]cancellation.Meeting, 2), Items: []cancellation.Item{
			{Ticked: true, Started: tt.begun}, {Meeting: 1, Ticked: true, Date: cancellation.OccurrenceRef{ID: "d1"}},
		}}
		m := &partsRun{&step.Task{Deps: d, R: store.Request{Request: cancellation.Request{Batch: b}}}}
		got, waits := room(d, cancellation.Rest(&m.R.Request))
		if got != tt.want || (got < 3) != waits.Equal(until) {
			t.Errorf("%s: room for %d until %v, want %d", name, got, waits, tt.want)
		}
		if again := m.nextCheck(); (got == 0) != (again > 20*time.Second) || again > step.LongestWait {
			t.Errorf("%s: next check in %v", name, again)
		}
	}
	if n, _ := room(&step.Deps{Meetings: limited{}}, parts(1, 1)); n != 3 {
		t.Errorf("without a budget there is room for %d, want 3", n)
	}
	d := &step.Deps{Meetings: limited{limits: limits{meetingapi.OpCancelOccurrences: {Left: 20, Limit: 100, Until: until}}}}
	if n, _ := room(d, parts(2, 0)); n != 3 {
		t.Errorf("without dates there is room for %d, want 3: they don't need the budget of dates", n)
	}
}

// TestTimeNeeded covers the estimate that the card shows.
func TestTimeNeeded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		left, limit, parts int
		period             time.Duration
		least, most        time.Duration
	}{
		"one":                 {100, 100, 1, time.Minute, time.Second, time.Second},
		"twenty, unhurried":   {100, 100, 20, time.Minute, 7 * time.Second, 7 * time.Second},
		"the next window":     {35, 100, 20, time.Minute, 30 * time.Second, 40 * time.Second},
		"several windows":     {0, 12, 20, time.Minute, 2 * time.Minute, 3 * time.Minute},
		"three a minute":      {3, 3, 8, time.Minute, 90 * time.Second, 95 * time.Second},
		"no limit stated":     {0, 0, 8, time.Minute, 3 * time.Second, 3 * time.Second},
		"windows of a second": {0, 12, 20, time.Second, 8 * time.Second, 10 * time.Second},
	} {
		b := meetingapi.Budget{Left: tt.left, Limit: tt.limit, Period: tt.period, Until: time.Now().Add(tt.period / 2)}
		d := &step.Deps{Meetings: limited{limits: limits{meetingapi.OpMeeting: b, meetingapi.OpCancel: b}}}
		if got := timeNeeded(d, parts(tt.parts, 0)); got < tt.least || got > tt.most {
			t.Errorf("%s: %d parts take %v, want %v to %v", name, tt.parts, got, tt.least, tt.most)
		}
	}
	plenty := meetingapi.Budget{Left: 100, Limit: 100, Period: time.Minute, Until: time.Now().Add(30 * time.Second)}
	few := plenty
	few.Left = 27
	d := &step.Deps{Meetings: limited{limits: limits{meetingapi.OpMeeting: plenty, meetingapi.OpCancel: plenty, meetingapi.OpCancelOccurrences: few}}}
	for _, tt := range []struct {
		meetings, series int
		waits            bool
	}{{6, 0, false}, {4, 2, false}, {3, 3, true}, {0, 6, true}} {
		if got := timeNeeded(d, parts(tt.meetings, tt.series)); (got > 20*time.Second) != tt.waits {
			t.Errorf("%d meetings and dates of %d series take %v, want them to wait: %v", tt.meetings, tt.series, got, tt.waits)
		}
	}
}
