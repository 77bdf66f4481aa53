package meetingapi

import (
	"cmp"
	"context"
	"net/url"

	"meetingbot/meetingapi/internal/wire"
)

// Invitee is a person or a room system that was invited. All fields except Name are
// often empty: a guest has no account, a room system no e-mail. A person may be listed
// twice, but identical rows are returned once.
type Invitee struct {
	Name     string
	Email    string
	Account  string // meeting account, or the third-party id under App ID login
	UserUUID string
	Type     InviteeType
}

// InviteeType is the service's type of an invitee.
type InviteeType string

// The types that the service documents. Empty means that it didn't say.
const (
	InviteeUser     InviteeType = "normal"   // a user of the enterprise
	InviteeRoom     InviteeType = "terminal" // a room system
	InviteeExternal InviteeType = "outside"  // a person outside any enterprise, by name and address
	InviteePhone    InviteeType = "mobile"   // a telephone number
)

// InviteeList is the result of Reader.Invitees. It may be incomplete.
type InviteeList struct {
	Invitees []Invitee     // in the service's order
	Total    Optional[int] // how many there are, according to the service
	More     bool          // there are, or may be, more than Invitees
	Err      error         // the error of a page that could not be read
	Meeting  Meeting       // the meeting, from the same answer; zero if its kind is unknown
}

// invited returns how many people are invited: the service's count, or the number of
// rows if the first page isn't full.
func invited(w wire.Invitees) Optional[int] {
	if n := count(w.Count); n.known {
		return n
	}
	if n := w.Length(); w.Data.Set && n < firstInvitees {
		return Known(n)
	}
	return Optional[int]{}
}

func inviteesOf(w wire.Invitees) []Invitee {
	var all []Invitee
	for _, row := range w.Data.Rows {
		i := Invitee{Name: string(row.Name), Email: string(row.Email), Account: string(row.AccountID), UserUUID: string(row.UserUUID)}
		if i == (Invitee{}) {
			continue // an empty row
		}
		i.Type = InviteeType(cmp.Or(row.AttendeeType, row.Type))
		all = append(all, i)
	}
	return all
}

// firstInvitees is how many rows a detail has by default.
const firstInvitees = 20

// Invitees lists the invitees of a meeting that has not ended, up to maxRows (10,000 if
// 0). The error is about the first page, and as with Meeting. If a later page can't be
// read, the others are returned: see InviteeList.More and InviteeList.Err.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0018.html
func (r *Reader) Invitees(ctx context.Context, id ID, maxRows int) (InviteeList, error) {
	if id == "" {
		return InviteeList{}, unsent(OpInvitees, "", ClassBadRequest, "empty meeting id")
	}
	var of Meeting
	page := func(ctx context.Context, offset, limit int) (wire.Part[Invitee], error) {
		q := paged(url.Values{"conferenceID": {string(id)}}, offset, limit)
		return read(ctx, r.s, get(OpInvitees, string(id), detailPath, q), func(answer reply) (wire.Part[Invitee], error) {
			m, w, err := answer.detail()
			if err != nil {
				return wire.Part[Invitee]{}, err
			}
			if offset == 0 && m.ID == id && m.Kind != KindUnknown {
				of = m
			}
			return answer.invitees(w)
		})
	}
	got, err := wire.Pager[Invitee]{Most: maxRows, Read: page, Key: func(i Invitee) any { return i }}.All(ctx)
	return InviteeList{Invitees: got.Rows, Total: count(got.Total), More: got.More, Err: got.Err, Meeting: of}, err
}

func (r reply) invitees(w wire.Invitees) (wire.Part[Invitee], error) {
	switch {
	case !w.Data.Set && !w.Count.Set:
		return wire.Part[Invitee]{Silent: true}, nil
	case w.Silent(r.call.firstPage()):
		return wire.Part[Invitee]{}, r.malformed("invitees without rows")
	default:
		return wire.PartOf(w, inviteesOf(w)), nil
	}
}
