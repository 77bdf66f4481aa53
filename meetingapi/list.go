package meetingapi

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// pageSize is the most that a list call returns at once; maxListed is where
// paging ends whatever the service says.
const (
	pageSize  = 500
	maxListed = 10_000
)

// ListOptions narrows a list. The zero value lists what the login itself booked
// or is invited to.
type ListOptions struct {
	All       bool   // every user's meetings; of a login that is refused them, its own
	OwnerUUID string // one user's meetings; for administrators, and for Upcoming only
	Search    string // in subject, booker's name and number; cut at 128 characters
	Max       int    // stop after so many; 0: 10,000
}

func (o ListOptions) query() url.Values {
	q := url.Values{}
	if o.All {
		q.Set("queryAll", "true")
	}
	if o.Search != "" {
		r := []rune(o.Search)
		q.Set("searchKey", string(r[:min(len(r), 128)]))
	}
	return q
}

// Upcoming lists meetings that have not ended, running ones too, earliest
// first. The rows have no Invitees and say nothing about PeopleOnline.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0017.html
func (c *Client) Upcoming(ctx context.Context, o ListOptions) ([]Meeting, error) {
	q := o.query()
	q.Set("queryConfMode", "ALL")
	q.Set("sortType", "ASC_StartTIME")
	if o.OwnerUUID != "" {
		q.Set("userUUID", o.OwnerUUID)
	}
	meetings, err := c.list(ctx, OpUpcoming, "/v1/mmc/management/conferences", q, o)
	byStart(meetings)
	return meetings, err
}

// Running lists the meetings that are being held, earliest first, with
// PeopleOnline as far as the service tells it.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0025.html
func (c *Client) Running(ctx context.Context, o ListOptions) ([]Meeting, error) {
	meetings, err := c.list(ctx, OpRunning, "/v1/mmc/management/conferences/online", o.query(), o)
	for i := range meetings {
		// The list is of running meetings, whether its rows say so or not.
		if meetings[i].State == StateUnknown {
			meetings[i].State = Running
		}
	}
	byStart(meetings)
	return meetings, err
}

// History lists meetings that were held between from and to, latest first.
// Meetings cancelled before they began are not among them.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0051.html
func (c *Client) History(ctx context.Context, from, to time.Time, o ListOptions) ([]Meeting, error) {
	q := o.query()
	q.Set("startDate", strconv.FormatInt(from.UnixMilli(), 10))
	q.Set("endDate", strconv.FormatInt(to.UnixMilli(), 10))
	q.Set("sortType", "DSC_StartTIME")
	meetings, err := c.list(ctx, OpHistory, "/v1/mmc/management/conferences/history", q, o)
	for i := range meetings {
		if meetings[i].State == StateUnknown {
			meetings[i].State = Ended
		}
	}
	return meetings, err
}

// page is the answer of every list. One without rows and without a count says
// nothing, which is not the same as saying that there are none.
type page struct {
	Count number             `json:"count"`
	Data  *list[wireMeeting] `json:"data"`
}

func (r reply) page() (rows []wireMeeting, count number, err error) {
	var p page
	if err := r.decode(&p); err != nil {
		return nil, number{}, err
	}
	if p.Data == nil {
		if !p.Count.set {
			return nil, number{}, r.nonsense("list without rows")
		}
		return nil, p.Count, nil
	}
	return *p.Data, p.Count, nil
}

// list reads a list. Everybody's meetings are an administrator's to see; a login
// that is refused them gets those that it may see itself.
func (c *Client) list(ctx context.Context, op Operation, path string, q url.Values, o ListOptions) ([]Meeting, error) {
	all, err := c.pages(ctx, op, path, q, o)
	if o.All && IsDenied(err) {
		q.Del("queryAll")
		q.Del("offset")
		return c.pages(ctx, op, path, q, o)
	}
	return all, err
}

// pages turns pages until the end. A page that brings nothing new is the end
// too: a service that ignores the offset would send the first one for ever.
func (c *Client) pages(ctx context.Context, op Operation, path string, q url.Values, o ListOptions) ([]Meeting, error) {
	most := maxListed
	if o.Max > 0 {
		most = min(o.Max, maxListed)
	}
	limit := min(most, pageSize)
	q.Set("limit", strconv.Itoa(limit))

	type row struct {
		id    ID
		uuid  string
		start time.Time
	}
	seen := map[row]bool{}
	var all []Meeting
	for offset := 0; len(all) < most; {
		if offset > 0 {
			q.Set("offset", strconv.Itoa(offset))
		}
		var data []wireMeeting
		var count number
		var requestID string
		err := c.read(ctx, call{op: op, target: o.Search, method: http.MethodGet, path: path, query: q, limit: largeBody}, func(r reply) (err error) {
			requestID = r.requestID
			data, count, err = r.page()
			return err
		})
		if err != nil {
			return nil, err
		}
		before := len(all)
		for _, w := range data {
			m := w.meeting(requestID)
			if k := (row{m.ID, m.UUID, m.Start}); m.ID != "" && !seen[k] {
				seen[k] = true
				all = append(all, m)
			}
		}
		offset += len(data)
		last := len(data) < limit
		if count.set {
			last = offset >= count.n
		}
		if last || len(all) == before {
			break
		}
	}
	return all[:min(len(all), most)], nil
}
