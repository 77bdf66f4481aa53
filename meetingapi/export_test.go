package meetingapi

import "net/http"

// Authorization shows the tests the header that an App ID signs.
func (a AppID) Authorization(expire int64, nonce string) string {
	return a.authorization(expire, nonce)
}

// ParseRate shows the tests what a rate header means.
func ParseRate(value string) (left, limit int, period string, ok bool) {
	l, m, p, ok := rateHeader(http.Header{"X-Apig-Ratelimit-Api": {value}})
	return l, m, p.String(), ok
}

// DecodeDetail reads the body of confDetail without a wire.
func DecodeDetail(body []byte) (Meeting, error) {
	return reply{status: 200, body: body, call: call{op: OpMeeting}}.detail()
}
