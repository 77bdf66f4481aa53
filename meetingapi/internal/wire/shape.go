package wire

// The formats of answers, with only the fields that are needed. Passwords and join links
// have no field here, so they are never read.

// Detail is the answer of confDetail.
type Detail struct {
	Meeting  Object[Meeting]  `json:"conferenceData"`
	Invitees Object[Invitees] `json:"data"`
}

// Meeting is ConferenceInfo.
type Meeting struct {
	ConferenceID    Text         `json:"conferenceID"`
	VMRConferenceID Text         `json:"vmrConferenceID"`
	VMRFlag         Number       `json:"vmrFlag"`
	ConfUUID        Text         `json:"confUUID"`
	Subject         Text         `json:"subject"`
	StartTime       Text         `json:"startTime"`
	EndTime         Text         `json:"endTime"`
	ConferenceState Text         `json:"conferenceState"`
	ScheduserName   Text         `json:"scheduserName"`
	UserUUID        Text         `json:"userUUID"`
	ConferenceType  Number       `json:"conferenceType"`
	ConfType        Text         `json:"confType"`
	CycleParams     Object[Rule] `json:"cycleParams"`
	SubConfs        List[Sub]    `json:"subConfs"`
	Webinar         Flag         `json:"webinar"`
	Size            Number       `json:"size"`
	OnlineAmount    Number       `json:"onlineAttendeeAmount"`
	ConfConfigInfo  Object[struct {
		IsSendNotify   Flag `json:"isSendNotify"`
		IsSendSms      Flag `json:"isSendSms"`
		IsSendCalendar Flag `json:"isSendCalendar"`
	}] `json:"confConfigInfo"`
}

// Rule is cycleParams.
type Rule struct {
	EndDate  Text         `json:"endDate"`
	Cycle    Text         `json:"cycle"`
	Interval Number       `json:"interval"`
	Point    List[Number] `json:"point"`
}

// Sub is one entry of subConfs, a meeting of a series.
type Sub struct {
	CycleSubConfID Text `json:"cycleSubConfID"`
	StartTime      Text `json:"startTime"`
	EndTime        Text `json:"endTime"`
}

// Page is the answer of every list.
type Page[T any] struct {
	Count Number  `json:"count"`
	Limit Number  `json:"limit"`
	Data  List[T] `json:"data"`
}

// Length counts the page's rows as the service does, including malformed ones.
func (p Page[T]) Length() int { return len(p.Data.Rows) + p.Data.Odd }

// Silent reports whether the page says nothing about the list: it has neither rows nor a
// count of 0. Only the first page must have rows if the count says so; the list may have
// become shorter by the time a later page is read.
func (p Page[T]) Silent(first bool) bool {
	return !p.Data.Set && (!p.Count.Set || p.Count.N > 0) || first && p.Length() == 0 && p.Count.N > 0
}

// PartOf returns page p with converted rows.
func PartOf[T, Row any](p Page[T], rows []Row) Part[Row] {
	return Part[Row]{Rows: rows, Length: p.Length(), Limit: p.Limit, Total: p.Count.Count()}
}

// Invitees is the page of invitees in a detail.
type Invitees = Page[Invitee]

// Invitee is ParticipantInfo. Older services call attendeeType type.
type Invitee struct {
	Name         Text `json:"name"`
	Email        Text `json:"email"`
	AccountID    Text `json:"accountId"`
	UserUUID     Text `json:"userUUID"`
	AttendeeType Text `json:"attendeeType"`
	Type         Text `json:"type"`
}

// User is a row of either directory call.
type User struct {
	ID          Text   `json:"id"`
	StatusCode  Number `json:"statusCode"`
	Account     Text   `json:"account"`
	UserAccount Text   `json:"userAccount"`
	Name        Text   `json:"name"`
	Email       Text   `json:"email"`
}
