package meetingapi

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
)

// Canceler can cancel meetings. It is apart from Client so that only code that
// was given one can do harm.
type Canceler struct{ client *Client }

// NewCanceler returns a Canceler that calls through c.
func NewCanceler(c *Client) *Canceler { return &Canceler{c} }

// Format writes the canceler's kind and nothing of its client's.
func (d *Canceler) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "meetingapi.Canceler") }

// CancelOptions changes what a cancellation does.
type CancelOptions struct {
	// End also ends the meeting if it is running (type=1). Without it the
	// service refuses to cancel a running meeting: see IsStarted.
	End bool
}

// Single is a meeting that was read and is no series: the only thing that
// Cancel takes. It comes from Meeting.Single; its zero value cancels nothing.
type Single struct{ id ID }

// ID returns the meeting's id.
func (s Single) ID() ID { return s.id }

// Recurring is a series that was read. It comes from Meeting.Recurring; its
// zero value cancels nothing.
type Recurring struct {
	id          ID
	occurrences []OccurrenceID
}

// ID returns the series' id.
func (r Recurring) ID() ID { return r.id }

// Single returns m as something to cancel. It is false for a series, and for a
// webinar, which has an API of its own that this package does not know.
func (m Meeting) Single() (Single, bool) {
	if m.ID == "" || m.Series != nil || m.Webinar {
		return Single{}, false
	}
	return Single{m.ID}, true
}

// Recurring returns m as a series to cancel, whole or in part. It is false for
// a single meeting and for a webinar.
func (m Meeting) Recurring() (Recurring, bool) {
	if m.ID == "" || m.Series == nil || m.Webinar {
		return Recurring{}, false
	}
	r := Recurring{id: m.ID}
	for _, o := range m.Series.Occurrences {
		r.occurrences = append(r.occurrences, o.ID)
	}
	return r, true
}

// Cancel cancels a single meeting. It is sent once and never repeated, except
// after a refused token. IsUnknownOutcome means that it may have been done;
// after any other error it was not.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0015.html
func (d *Canceler) Cancel(ctx context.Context, s Single, o CancelOptions) error {
	return d.delete(ctx, OpCancel, "/v1/mmc/management/conferences", s.id, o, nil)
}

// CancelSeries cancels every meeting of a series that is still to come. Errors
// are as with Cancel.
//
// https://support.huaweicloud.com/api-meeting/toctopics/zh-cn_topic_0000001197937735.html
func (d *Canceler) CancelSeries(ctx context.Context, r Recurring, o CancelOptions) error {
	return d.delete(ctx, OpCancelSeries, "/v1/mmc/management/cycleconferences", r.id, o, nil)
}

// occurrencesBody is the body of the DELETE for occurrences.
type occurrencesBody struct {
	CycleSubConfIDs []OccurrenceID `json:"cycleSubConfIDs"`
}

// CancelOccurrences cancels some meetings of a series in one call. Each must
// be among those that r was read with: if one is not, the error is IsNotFound
// and nothing is sent. Other errors are as with Cancel.
//
// https://support.huaweicloud.com/api-meeting/toctopics/zh-cn_topic_0000001152098006.html
func (d *Canceler) CancelOccurrences(ctx context.Context, r Recurring, ids []OccurrenceID, o CancelOptions) error {
	var body occurrencesBody
	for _, id := range ids {
		if !slices.Contains(r.occurrences, id) {
			return &Error{Op: OpCancelOccurrences, Target: string(r.id), Class: ClassNotFound, Message: "no such occurrence in the series; nothing was sent", final: true}
		}
		if !slices.Contains(body.CycleSubConfIDs, id) {
			body.CycleSubConfIDs = append(body.CycleSubConfIDs, id)
		}
	}
	if len(body.CycleSubConfIDs) == 0 {
		return &Error{Op: OpCancelOccurrences, Target: string(r.id), Class: ClassBadRequest, Message: "no occurrence given; nothing was sent", final: true}
	}
	return d.delete(ctx, OpCancelOccurrences, "/v1/mmc/management/conferences/cyclesubconf", r.id, o, body)
}

func (d *Canceler) delete(ctx context.Context, op Operation, path string, id ID, o CancelOptions, body any) error {
	if id == "" {
		return &Error{Op: op, Class: ClassBadRequest, Message: "a zero value cancels nothing; nothing was sent", final: true}
	}
	query := url.Values{"conferenceID": {string(id)}}
	if o.End {
		query.Set("type", "1")
	}
	return d.client.change(ctx, call{op: op, target: string(id), method: http.MethodDelete, path: path, query: query, body: body})
}
