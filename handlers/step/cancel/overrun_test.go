package cancel_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/meetingapi"
)

// TestOverrun covers a date of a series that runs longer than planned: whether the service
// still lists it × what is ticked → what is sent. Ticking the running date ends it; ticking
// only the others leaves it alone.
func TestOverrun(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name   string
		listed bool
		ticks  []string
		sent   string
	}{
		{"listed, all ticked", true, []string{"0", "1", "2"}, "series end"},
		{"listed, the running one ticked", true, []string{"0"}, "dates [d0] end"},
		{"listed, the others ticked", true, []string{"1", "2"}, "dates [d1 d2]"},
		{"not listed, all ticked", false, []string{"0", "1"}, "dates [d1 d2]"},
		{"not listed, one ticked", false, []string{"0"}, "dates [d1]"},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			steptest.Run(t, nil, func(h *steptest.Fixture) {
				h.Service.Change(steptest.Weekly, func(m *meetingapi.Meeting) {
					m.State = meetingapi.Running
					dates, _ := m.Series.Occurrences.Get()
					dates[0].Start, dates[0].End = h.Store.Now().Add(-2*time.Hour), h.Store.Now().Add(-time.Hour)
					if !row.listed {
						dates = dates[1:]
					}
					m.Series.Occurrences = meetingapi.Known(dates)
				})
				id := h.Types(steptest.Ana, steptest.Weekly)
				if marked := strings.Contains(h.Chat.Card(), "One date is running now"); marked != row.listed {
					t.Errorf("the card says %q; a running date marked: %t, want %t", h.Chat.Card(), marked, row.listed)
				}
				h.Presses(steptest.Ana, action.CancelOccurrences, id, steptest.Ticks(row.ticks...))
				h.Pass(time.Minute)
				if !slices.Equal(h.Service.Sent(), []string{row.sent}) {
					t.Errorf("sent %q, want %q", h.Service.Sent(), row.sent)
				}
				if got := h.Stored(id); !got.Outcome.Removed() {
					t.Errorf("the request is %s", steptest.Outcome(got))
				}
			})
		})
	}
}
