package meetingsim

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
)

// The codes that this service responds with. If the documentation names no HTTP status for a
// code, it is one that real clients have been seen to handle.
const (
	confBadRequest       = "MMC.111070001"
	confDenied           = "MMC.111070002"
	confException        = "MMC.111070003"
	confNotFound         = "MMC.111070005"
	confRoleFailed       = "MMC.111070010"
	confTokenMissing     = "MMC.111070111"
	confParamsMissing    = "MMC.111071016"
	confParameter        = "MMC.111071061"
	confStarted          = "MMC.111071067"
	confStarting         = "MMC.111072004"
	confNotStarted       = "MMC.111072005"
	confControlRefused   = "MMC.111072065"
	usgParameter         = "USG.000000003"
	usgIllegal           = "USG.000000004"
	usgPassword          = "USG.206010000"
	usgAppAuthFailed     = "USG.206010025"
	usgAppAuthExpired    = "USG.206010057"
	usgInvalidToken      = "USG.206020000"
	usgKicked            = "USG.206020002"
	usgLocked            = "USG.206030015"
	usgSiteMismatched    = "USG.206010064"
	usgNoSuchUser        = "USG.201040000"
	apiUnknown           = "APIG.0101"
	apiThrottled         = "APIG.0308"
	usgDeniedUndisclosed = "USG.000000403" // the vendor's number isn't published: clients should go by the status
)

// messages are the constants' names, which the vendor sends in place of sentences.
var messages = map[string]string{
	confBadRequest:       "CONF_BAD_REQUEST",
	confDenied:           "CONF_INSUFFICIENT_PERMISSIONS",
	confException:        "CONF_EXCEPTION",
	confNotFound:         "CONF_DATA_NOT_FOUND",
	confRoleFailed:       "CONF_ROLE_AUTHENTICATION_FAILED",
	confTokenMissing:     "REQUEST_TOKEN_IS_NULL",
	confParamsMissing:    "CONF_PARAMS_NULL_EXCEPTION",
	confParameter:        "PARAMETER_VERIFIED_FAIL",
	confStarted:          "CONF_CANCEL_FAIL_AS_CONF_STARTED",
	confStarting:         "CONF_IS_STARTING",
	confNotStarted:       "CONF_NOT_STARTED",
	confControlRefused:   "CONF_NOT_FOUND_OR_AUTH_FAILED",
	usgParameter:         "illegal parameter",
	usgIllegal:           "illegal request: check X-Access-Token",
	usgPassword:          "ERR_PASSWORD",
	usgAppAuthFailed:     "APPID_AUTH_FAILED",
	usgAppAuthExpired:    "APPID_AUTH_EXPIRE",
	usgInvalidToken:      "INVALID_TOKEN",
	usgKicked:            "TOKEN_KICKED",
	usgLocked:            "USER_LOCKED",
	usgSiteMismatched:    "SITE_MISMATCHED",
	usgNoSuchUser:        "user does not exist",
	usgDeniedUndisclosed: "no permission",
	apiUnknown:           "The API does not exist or has not been published in the environment",
}

// message returns the text that goes with a code.
func message(code string) string { return cmp.Or(messages[code], messages[confException]) }

// refuse returns an error reply with the code's own text.
func refuse(status int, code string) reply {
	return refuseWith(status, code, message(code))
}

func refuseWith(status int, code, msg string) reply {
	body := struct {
		Code    string `json:"error_code"`
		Message string `json:"error_msg"`
	}{code, msg}
	return reply{status: status, code: code, body: marshal(body)}
}

// withRequestID adds the third key, which the gateway puts in its errors and the service behind
// it doesn't.
func (r reply) withRequestID(id string) reply {
	r.body = fmt.Appendf(r.body[:len(r.body)-1], `,"request_id":%q}`, id)
	return r
}

// throttled returns the gateway's refusal, with the documented text.
func (s *Server) throttled(c *call) reply {
	msg := fmt.Sprintf("The throttling threshold has been reached: policy ip over ratelimit,limit:%d,time:1 minute", cmp.Or(s.opts.RateLimit, 100))
	return refuseWith(http.StatusTooManyRequests, apiThrottled, msg).withRequestID(c.id)
}

// badRequest returns the refusal of a malformed call, with the code of the half of the service
// that received it.
func (c *call) badRequest() reply {
	if strings.Contains(c.route.path, "/usg/") {
		return refuse(http.StatusBadRequest, usgParameter)
	}
	return refuse(http.StatusBadRequest, confBadRequest)
}
