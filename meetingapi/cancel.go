package meetingapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

	"meetingbot/meetingapi/internal/wire"
)

// Canceler cancels meetings. Only New makes one, together with a Reader, so only code
// that was given one can cancel anything. It is safe for concurrent use. The zero value is not
// usable.
type Canceler struct {
	// Named differently than in Reader: identical structs could be converted into each
	// other.
	destructive *session
}

// Format writes only the type's name.
func (*Canceler) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "meetingapi.Canceler") }

// CancelOptions are options of a cancellation.
type CancelOptions struct {
	// End also ends the meeting if it is running (type=1). Without it the
	// service refuses to cancel a running meeting: see IsStarted.
	End bool

	// Sending, if not nil, is called right before the call is sent, once it has waited for a
	// login and the rate limit. If it returns an error, nothing is sent.
	Sending func(context.Context) error
}

// Single identifies a meeting that was read and is not a series. It comes from
// Meeting.Single; the zero value cancels nothing.
type Single struct{ id ID }

// ID returns the meeting's id.
func (s Single) ID() ID { return s.id }

// Recurring identifies a series that was read. It comes from Meeting.Recurring; the
// zero value cancels nothing.
type Recurring struct {
	id          ID
	occurrences []OccurrenceID
	known       bool // the service listed the occurrences
}

// Single returns m for Canceler.Cancel. It returns false for a series, for a meeting of
// unknown kind, and for a webinar, which has its own API that this package doesn't cover.
func (m Meeting) Single() (Single, bool) {
	if m.ID == "" || m.Kind != KindSingle || m.Webinar {
		return Single{}, false
	}
	return Single{m.ID}, true
}

// Recurring returns m for Canceler.CancelSeries and CancelOccurrences. It returns false
// for anything but a series, and for a webinar.
func (m Meeting) Recurring() (Recurring, bool) {
	if m.ID == "" || m.Kind != KindSeries || m.Series == nil || m.Webinar {
		return Recurring{}, false
	}
	r := Recurring{id: m.ID}
	all, known := m.Series.Occurrences.Get()
	r.known = known
	for _, o := range all {
		r.occurrences = append(r.occurrences, o.ID)
	}
	return r, true
}

// Cancel cancels a single meeting. The call is sent once and never retried, except after
// a refused token. If the error is IsUnknownOutcome, the meeting may have been cancelled;
// after any other error it was not.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0015.html
func (c *Canceler) Cancel(ctx context.Context, s Single, o CancelOptions) error {
	return c.delete(ctx, OpCancel, "/v1/mmc/management/conferences", s.id, o, nil)
}

// CancelSeries cancels all remaining meetings of a series. Errors are as with Cancel.
//
// https://support.huaweicloud.com/api-meeting/toctopics/zh-cn_topic_0000001197937735.html
func (c *Canceler) CancelSeries(ctx context.Context, r Recurring, o CancelOptions) error {
	return c.delete(ctx, OpCancelSeries, "/v1/mmc/management/cycleconferences", r.id, o, nil)
}

type occurrencesBody struct {
	CycleSubConfIDs []OccurrenceID `json:"cycleSubConfIDs"`
}

// CancelOccurrences cancels some meetings of a series in one call. All of them must be
// among the occurrences that r was read with; otherwise the error is IsNotFound and
// nothing is sent. If r's occurrences are not known, the error is ClassBadRequest. Other
// errors are as with Cancel.
//
// To cancel all that remain, use CancelSeries: the service may refuse to cancel the last
// occurrence, and may not have listed all of them (Series.MayHaveMore).
//
// https://support.huaweicloud.com/api-meeting/toctopics/zh-cn_topic_0000001152098006.html
func (c *Canceler) CancelOccurrences(ctx context.Context, r Recurring, ids []OccurrenceID, o CancelOptions) error {
	var body occurrencesBody
	if !r.known {
		return unsent(OpCancelOccurrences, string(r.id), ClassBadRequest, "the occurrences are not known")
	}
	for _, id := range ids {
		if !slices.Contains(r.occurrences, id) {
			return unsent(OpCancelOccurrences, string(r.id), ClassNotFound, "no such occurrence in the series")
		}
		if !slices.Contains(body.CycleSubConfIDs, id) {
			body.CycleSubConfIDs = append(body.CycleSubConfIDs, id)
		}
	}
	if len(body.CycleSubConfIDs) == 0 {
		return unsent(OpCancelOccurrences, string(r.id), ClassBadRequest, "no occurrence given")
	}
	return c.delete(ctx, OpCancelOccurrences, "/v1/mmc/management/conferences/cyclesubconf", r.id, o, body)
}

func (c *Canceler) delete(ctx context.Context, op Operation, path string, id ID, o CancelOptions, body any) error {
	if id == "" { // from a zero Single or Recurring
		return unsent(op, "", ClassBadRequest, "a zero value cancels nothing")
	}
	query := url.Values{"conferenceID": {string(id)}}
	if o.End {
		query.Set("type", "1")
	}
	return c.destructive.change(ctx, call{op: op, target: string(id), sending: o.Sending, Request: wire.Request{Method: http.MethodDelete, Path: path, Query: query, Body: body}})
}
