package meetingapi

import (
	"cmp"
	"context"
	"maps"
	"net/url"
	"strconv"
	"time"

	"meetingbot/meetingapi/internal/wire"
)

// ListOptions narrows a list. The zero value lists the meetings that the login's own
// user has booked or is invited to.
type ListOptions struct {
	All    bool   // every user's meetings; a login without the permission gets its own
	User   string // instead of All: one user's meetings, by UUID; for administrators, and only for Upcoming
	Search string // in subject, booker's name and number; cut at 128 characters
	Max    int    // stop after this many; 0: 10,000, in up to 20 calls
}

// List is the result of a list call. It may be incomplete: because of Max, because a
// page could not be read, or because a meeting left the list while it was being read and
// shifted others between pages.
type List struct {
	Meetings []Meeting
	Total    Optional[int] // how many there are, according to the service
	More     bool          // there are, or may be, more than Meetings
	Err      error         // the error of a page that could not be read
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

// Upcoming lists meetings that have not ended, including running ones, earliest first.
// The rows don't have PeopleOnline and SomeInvitees. With User, the service does the
// filtering, so the time it takes depends on that person's meetings rather than the
// enterprise's. The result may include meetings that they are only invited to: check
// Owner.
//
// The error is about the first page. If a later page can't be read, the others are
// returned: see List.More and List.Err.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0017.html
func (r *Reader) Upcoming(ctx context.Context, o ListOptions) (List, error) {
	q := o.query()
	q.Set("queryConfMode", "ALL")
	q.Set("sortType", "ASC_StartTIME")
	if o.User != "" {
		q.Set("userUUID", o.User)
		q.Del("queryAll")
	}
	l, err := r.list(ctx, OpUpcoming, "/v1/mmc/management/conferences", q, o, StateUnknown)
	byStart(l.Meetings)
	return l, err
}

// Running lists the meetings in progress, earliest first, with PeopleOnline if the
// service reports it. Errors are as with Upcoming.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0025.html
func (r *Reader) Running(ctx context.Context, o ListOptions) (List, error) {
	l, err := r.list(ctx, OpRunning, "/v1/mmc/management/conferences/online", o.query(), o, Running)
	byStart(l.Meetings)
	return l, err
}

// History lists meetings that took place between from and to, latest first. It doesn't
// include meetings that were cancelled before they started. Errors are as with Upcoming.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0051.html
func (r *Reader) History(ctx context.Context, from, to time.Time, o ListOptions) (List, error) {
	q := o.query()
	q.Set("startDate", strconv.FormatInt(from.UnixMilli(), 10))
	q.Set("endDate", strconv.FormatInt(to.UnixMilli(), 10))
	q.Set("sortType", "DSC_StartTIME")
	return r.list(ctx, OpHistory, "/v1/mmc/management/conferences/history", q, o, Ended)
}

// page reads a page of meetings and skips rows without an id.
func (r reply) page() (wire.Part[Meeting], error) {
	var w wire.Page[wire.Meeting]
	if err := r.decode(&w); err != nil {
		return wire.Part[Meeting]{}, err
	}
	if w.Silent(r.call.firstPage()) {
		return wire.Part[Meeting]{}, r.malformed("list without rows")
	}
	var meetings []Meeting
	for _, row := range w.Data.Rows {
		if row.ConferenceID != "" {
			meetings = append(meetings, meetingOf(row, r.RequestID()))
		}
	}
	return wire.PartOf(w, meetings), nil
}

// list reads a list. Only administrators may see everyone's meetings; other logins get
// their own. state is for rows without one: all rows of the running list are running.
func (r *Reader) list(ctx context.Context, op Operation, path string, q url.Values, o ListOptions, state State) (List, error) {
	got, err := r.pages(ctx, op, path, q, o)
	if IsDenied(err) && q.Has("queryAll") {
		q.Del("queryAll")
		got, err = r.pages(ctx, op, path, q, o)
	}
	for i, m := range got.Rows {
		got.Rows[i].State = cmp.Or(m.State, state)
	}
	return List{Meetings: got.Rows, Total: count(got.Total), More: got.More, Err: got.Err}, err
}

func (r *Reader) pages(ctx context.Context, op Operation, path string, q url.Values, o ListOptions) (wire.Parts[Meeting], error) {
	page := func(ctx context.Context, offset, limit int) (wire.Part[Meeting], error) {
		return read(ctx, r.s, get(op, o.Search, path, paged(q, offset, limit)), reply.page)
	}
	// Numbers are reused, so they don't identify a meeting.
	type key struct {
		id    ID
		uuid  string
		start time.Time
	}
	keyOf := func(m Meeting) any { return key{m.ID, m.UUID, m.Start} }
	return wire.Pager[Meeting]{Most: o.Max, Read: page, Key: keyOf}.All(ctx)
}

// paged returns q for one page. Like the service's own clients, it omits the offset of
// the first page.
func paged(q url.Values, offset, limit int) url.Values {
	page := url.Values{"limit": {strconv.Itoa(limit)}}
	if offset > 0 {
		page.Set("offset", strconv.Itoa(offset))
	}
	maps.Copy(page, q)
	return page
}

// firstPage reports whether the call asks for the first page of a list; see paged.
func (c call) firstPage() bool { return !c.Query.Has("offset") }
