package meetingapi

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode"
)

// maxFound is how many meetings of one room Find returns: the next ones.
// maxScanned is how many rows it looks at when the service's search does not
// know the number.
const (
	maxFound   = 25
	maxScanned = 4 * pageSize
)

// Find reads the meetings behind a number as people know it: a meeting's own,
// or that of a room or a person, which many meetings may share. Spaces and
// dashes do not matter. It returns at least one meeting, earliest first and at
// most the next 25, or an error that is IsNotFound if there is none.
func (c *Client) Find(ctx context.Context, number string) ([]Meeting, error) {
	number = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, number)
	m, missing := c.Meeting(ctx, ID(number))
	if missing == nil {
		return []Meeting{m}, nil
	}
	// A number that is no meeting's own may be malformed to that call.
	if class := ClassOf(missing); number == "" || (class != ClassNotFound && class != ClassBadRequest) {
		return nil, missing
	}
	rows, err := c.behind(ctx, number)
	if err != nil {
		return nil, err
	}
	meetings, err := c.details(ctx, rows)
	if err == nil && len(meetings) == 0 {
		return nil, missing
	}
	return meetings, err
}

// behind lists the meetings that show number. Huawei's page does not say
// whether its search knows rooms' numbers, so an empty result is followed by a
// look at the unfiltered list.
func (c *Client) behind(ctx context.Context, number string) ([]Meeting, error) {
	var found []Meeting
	for _, o := range []ListOptions{{All: true, Search: number}, {All: true, Max: maxScanned}} {
		rows, err := c.Upcoming(ctx, o)
		if err != nil {
			return nil, err
		}
		for _, m := range rows {
			if (string(m.ID) == number || m.Number == number) && len(found) < maxFound {
				found = append(found, m)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found, nil
}

// details reads each row's meeting, a few at a time. One that is gone by now
// is left out.
func (c *Client) details(ctx context.Context, rows []Meeting) ([]Meeting, error) {
	meetings, errs := make([]Meeting, len(rows)), make([]error, len(rows))
	places := make(chan struct{}, 8)
	var all sync.WaitGroup
	for i, row := range rows {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			meetings[i], errs[i] = c.Meeting(ctx, row.ID)
		})
	}
	all.Wait()
	var found []Meeting
	for i, err := range errs {
		switch {
		case err == nil:
			found = append(found, meetings[i])
		case !IsNotFound(err):
			return nil, err
		}
	}
	return found, nil
}

// PeopleOnline counts the people in a running meeting. It asks the list of
// running meetings and, where that does not tell, the list of attendees. The
// error is IsNotFound if the meeting is not running.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0025.html
func (c *Client) PeopleOnline(ctx context.Context, id ID) (int, error) {
	rows, err := c.Running(ctx, ListOptions{All: true, Search: string(id)})
	listed := false
	for _, m := range rows {
		if m.ID == id {
			if m.PeopleOnline > 0 {
				return m.PeopleOnline, nil
			}
			listed = true
		}
	}
	if err != nil && ClassOf(err) != ClassBadRequest && ClassOf(err) != ClassServer && ClassOf(err) != ClassNotFound {
		return 0, err
	}
	n, err := c.attendees(ctx, id)
	if listed && err != nil {
		return 0, nil //nolint:nilerr // that it runs is known; how many are in it is not
	}
	return n, err
}

// attendees asks ListOnlineConfAttendee, which is in Huawei's SDK and API
// explorer and has no public page. One row is enough: the count is beside it.
func (c *Client) attendees(ctx context.Context, id ID) (int, error) {
	if id == "" {
		return 0, &Error{Op: OpAttendees, Class: ClassBadRequest, Message: "empty meeting id; nothing was sent", final: true}
	}
	var n int
	err := c.read(ctx, call{
		op: OpAttendees, target: string(id), method: http.MethodGet, limit: largeBody,
		path: "/v1/mmc/management/conferences/online/conf-attendee", query: url.Values{"conf_id": {string(id)}, "limit": {"1"}},
	}, func(r reply) error {
		var p struct {
			Count number     `json:"count"`
			Data  list[text] `json:"data"`
		}
		if err := r.decode(&p); err != nil {
			return err
		}
		if n = p.Count.n; !p.Count.set {
			return r.nonsense("attendees without a count")
		}
		return nil
	})
	return n, err
}
