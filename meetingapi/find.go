package meetingapi

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"sync"
	"unicode"

	"meetingbot/meetingapi/internal/wire"
)

// maxFound is how many meetings Find returns. maxScanned is how many rows it scans if
// the service's search doesn't know the number.
const (
	maxFound   = 25
	maxScanned = 4 * wire.PageSize
)

// Find reads the meetings with a number that people use: the meeting's own, or that of a
// room or a person, which many meetings can share. Spaces and dashes don't matter. It
// returns at least one and at most the next 25 meetings, earliest first, or an error that
// is IsNotFound. If the service's search doesn't know room numbers, Find scans only the
// enterprise's next 2,000 meetings. If there are several, some may be of KindUnknown; if
// the only one is, that is an error, as with Meeting.
func (r *Reader) Find(ctx context.Context, number string) ([]Meeting, error) {
	number = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, number)
	m, missing := r.Meeting(ctx, ID(number))
	if missing == nil {
		return []Meeting{m}, nil
	}
	// The service may reject a room number here as malformed.
	if class := ClassOf(missing); number == "" || (class != ClassNotFound && class != ClassBadRequest) {
		return nil, missing
	}
	rows, err := r.withNumber(ctx, number)
	if err != nil {
		return nil, err
	}
	meetings, err := r.details(ctx, rows)
	if err == nil && len(meetings) == 0 {
		return nil, missing
	}
	return meetings, err
}

// withNumber lists the meetings with that number, each once. It isn't documented whether
// the service's search knows room numbers, so if it finds nothing, withNumber scans the
// unfiltered list.
func (r *Reader) withNumber(ctx context.Context, number string) ([]Meeting, error) {
	var found []Meeting
	for _, o := range []ListOptions{{All: true, Search: number}, {All: true, Max: maxScanned}} {
		rows, err := r.Upcoming(ctx, o)
		if err := cmp.Or(err, rows.Err); err != nil { // the meeting may be on the missing page
			return nil, err
		}
		for _, m := range rows.Meetings {
			listed := slices.ContainsFunc(found, func(o Meeting) bool { return o.ID == m.ID })
			if (string(m.ID) == number || m.Number == number) && !listed && len(found) < maxFound {
				found = append(found, m)
			}
		}
		if len(found) > 0 {
			break
		}
	}
	return found, nil
}

// details reads each row's meeting, a few at a time, and skips meetings that no longer
// exist or are over; if none is left, the error is that of one that is over. If one of
// several is of unknown kind, its row is returned instead: without it, another meeting
// could look like the only one.
func (r *Reader) details(ctx context.Context, rows []Meeting) ([]Meeting, error) {
	meetings, errs := make([]Meeting, len(rows)), make([]error, len(rows))
	slots := make(chan struct{}, 8)
	var wg sync.WaitGroup
	for i, row := range rows {
		wg.Go(func() {
			slots <- struct{}{}
			defer func() { <-slots }()
			meetings[i], errs[i] = r.Meeting(ctx, row.ID)
		})
	}
	wg.Wait()
	var found []Meeting
	var unclear, over error
	for i, err := range errs {
		switch {
		case err == nil:
			found = append(found, meetings[i])
		case ClassOf(err) == ClassKindUnknown:
			found, unclear = append(found, rows[i]), err
		case IsEnded(err):
			over = err
		case !IsNotFound(err):
			return nil, err
		}
	}
	if len(found) == 0 {
		return nil, over
	}
	if len(found) == 1 && found[0].Kind == KindUnknown && unclear != nil {
		return nil, unclear
	}
	return found, nil
}

// PeopleOnline returns how many people are in a running meeting. It reads the list of
// running meetings and, if the count isn't there, the list of attendees. Without an
// error, the meeting is running, though the count may be unknown. The error is IsNotFound
// if the meeting is not running.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0025.html
func (r *Reader) PeopleOnline(ctx context.Context, id ID) (Optional[int], error) {
	rows, err := r.Running(ctx, ListOptions{All: true, Search: string(id)})
	listed := false
	for _, m := range rows.Meetings {
		if m.ID == id {
			if n, known := m.PeopleOnline.Get(); known && n > 0 {
				return m.PeopleOnline, nil
			}
			listed = true
		}
	}
	switch ClassOf(err) {
	case ClassNone, ClassBadRequest, ClassServer, ClassNotFound, ClassUnavailable: // not every site has both lists
	default:
		return Optional[int]{}, err
	}
	n, err := r.attendees(ctx, id)
	if listed && err != nil {
		return Optional[int]{}, nil //nolint:nilerr // it is running; only the count is unknown
	}
	return n, err
}

// attendees calls ListOnlineConfAttendee, which is in Huawei's SDK and API explorer but
// has no public page. One row is enough, because the answer includes the count.
func (r *Reader) attendees(ctx context.Context, id ID) (Optional[int], error) {
	if id == "" {
		return Optional[int]{}, unsent(OpAttendees, "", ClassBadRequest, "empty meeting id")
	}
	q := url.Values{"conf_id": {string(id)}, "limit": {"1"}}
	return read(ctx, r.s, get(OpAttendees, string(id), "/v1/mmc/management/conferences/online/conf-attendee", q), reply.attendees)
}

func (r reply) attendees() (Optional[int], error) {
	var p wire.Page[wire.Text]
	if err := r.decode(&p); err != nil {
		return Optional[int]{}, err
	}
	n := count(p.Count)
	if !n.known {
		return n, r.malformed("attendees without a count")
	}
	return n, nil
}
