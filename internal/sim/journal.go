package sim

import (
	"cmp"
	"regexp"
	"slices"

	"meetingbot/internal/meetingsim"
)

// removalCalls counts the calls that removed some part of a meeting.
func (w *world) removalCalls(meeting string) int {
	calls := map[int]bool{}
	for _, e := range w.removals(meeting) {
		calls[e.Call] = true
	}
	return len(calls)
}

// removals returns the effects on a meeting (any meeting if empty), in order.
func (w *world) removals(meeting string) (all []meetingsim.Effect) {
	for _, e := range w.meetings.Effects() {
		if (meeting == "" || e.Meeting == meeting) && e.Kind != meetingsim.EffectStop {
			all = append(all, e)
		}
	}
	slices.SortStableFunc(all, func(a, b meetingsim.Effect) int { return cmp.Compare(a.At.UnixNano(), b.At.UnixNano()) })
	return all
}

var subject = regexp.MustCompile(`Review (\d)-\d+`)

// aboutMeetings returns the meetings that a text names by subject.
func aboutMeetings(text string) (all []string) {
	for _, found := range subject.FindAllStringSubmatch(text, -1) {
		if id := "91400000" + found[1]; !slices.Contains(all, id) {
			all = append(all, id)
		}
	}
	return all
}
