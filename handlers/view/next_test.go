package view_test

import (
	"strconv"
	"strings"
	"testing"

	"meetingbot/handlers/view/hometab"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/notice"
	"meetingbot/handlers/view/sample"
	"meetingbot/internal/cancellation"
)

// TestNextDate: no message says when a series began, even though the service gives that as its
// start.
func TestNextDate(t *testing.T) {
	t.Parallel()
	v := newRenderer(t, "en")
	began := sample.Noon.AddDate(0, 0, -70)
	old := func(r *cancellation.Request) {
		r.Meeting.Start, r.Meeting.End = began, began.Add(r.Meeting.Length())
		r.Card.Way = cancellation.ByMessage
	}
	all := map[string]cancellation.Request{
		"asked":           sample.Recurring(),
		"series asked":    sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series)),
		"being cancelled": sample.Change(sample.Recurring(), sample.Scoped(cancellation.Series), sample.InState(cancellation.Calling)),
		"kept":            sample.Change(sample.Recurring(), sample.InState(cancellation.Declined)),
	}
	for name, r := range sample.Finals() {
		if r.Meeting.Recurring {
			all[name] = r
		}
	}
	for name, r := range all {
		r = sample.Change(r, old)
		for view, m := range map[string]any{
			"Card": v.Card(r, sample.Noon), "ThreadReply": v.ThreadReply(r), "OwnerNotice": notice.Owner(v.Person("en"), r, ""),
			"AskerNotice": notice.Asker(v.Person("en"), r, ""), "InvitedNotice": notice.Invited(v.Person("en"), r),
			"Home": hometab.Draw(v.Person("en"), hometab.Facts{Now: sample.Noon, Waiting: []cancellation.Request{r}}), "History": list.History(v.Person("en"), []cancellation.Request{r}),
		} {
			text := string(encode(t, m))
			if strings.Contains(text, strconv.FormatInt(began.Unix(), 10)) || strings.Contains(text, began.Format("2006-01-02")) {
				t.Errorf("%s of a series, %s, says when it began:\n%s", view, name, text)
			}
		}
	}
}
