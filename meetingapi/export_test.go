package meetingapi

import (
	"net/http"
	"time"

	"meetingbot/meetingapi/internal/wire"
)

// Authorization signs one login.
func Authorization(a AppID, expire int64, nonce string) string {
	return a.authorization(expire, nonce)
}

func bodyOf(op Operation, body []byte) reply {
	return reply{call: call{op: op}, Answer: wire.Answer{Status: 200, Body: body}}
}

// DecodeDetail reads the body of confDetail. The other Decode functions do the same for
// other answers.
func DecodeDetail(body []byte) (Meeting, error) {
	m, _, err := bodyOf(OpMeeting, body).detail()
	return m, err
}

// DecodeInvitees reads the page of invitees out of the body of confDetail.
func DecodeInvitees(body []byte) (all []Invitee, length int, err error) {
	answer := bodyOf(OpInvitees, body)
	_, w, err := answer.detail()
	if err != nil {
		return nil, 0, err
	}
	p, err := answer.invitees(w)
	return p.Rows, p.Length, err
}

// DecodeList reads a page of meetings.
func DecodeList(body []byte) (all []Meeting, length int, err error) {
	p, err := bodyOf(OpUpcoming, body).page()
	return p.Rows, p.Length, err
}

// DecodeAttendees reads how many people are in a meeting.
func DecodeAttendees(body []byte) (Optional[int], error) {
	return bodyOf(OpAttendees, body).attendees()
}

// DecodeUser reads the row of one user.
func DecodeUser(body []byte, uuid string) (User, error) { return bodyOf(OpUser, body).userRow(uuid) }

// DecodeMember reads the record of one user.
func DecodeMember(body []byte) (User, error) { return bodyOf(OpMember, body).member() }

// DecodeMembers reads a page of the directory.
func DecodeMembers(body []byte) (all []User, length int, err error) {
	p, err := bodyOf(OpUserByEmail, body).members()
	return p.Rows, p.Length, err
}

// DecodeRefusal classifies an answer to a read or a change.
func DecodeRefusal(status int, header http.Header, body []byte, change bool) error {
	s := &session{Config: Config{Now: time.Now}, classes: classes()}
	rep := reply{call: call{op: OpCancel}, Answer: wire.Answer{Status: status, Header: header, Body: body}}
	rep.call.Change = change
	return s.checkResponse(rep)
}
