package meetingapi

import (
	"bytes"
	"slices"
	"strings"

	"meetingbot/meetingapi/internal/wire"
)

// CodeInfo describes one of the service's error codes.
type CodeInfo struct {
	Code  string // with its prefix, or bare digits if the prefix is unknown
	Name  string // the constant that the service sends as error_msg; may be empty
	Class Class
}

// Codes returns all error codes that this package knows, from the API's error center
// and Huawei's client headers.
func Codes() []CodeInfo {
	return []CodeInfo{
		{"MMC.111070005", "CONF_DATA_NOT_FOUND", ClassNotFound},
		{"MMC.111071007", "VMR_SCHEDULE_RELATION_NOT_EXIST", ClassNotFound},
		{"MMC.111072016", "VMR_CONF_WITH_SCHEDULE_NOT_EXIST", ClassNotFound},
		{"MMC.111072065", "CONF_NOT_FOUND_OR_AUTH_FAILED", ClassNotFound},
		{"MMC.111073001", "USER_DATA_USER_INFO_NOT_EXIST", ClassNotFound},
		{"USG.201040000", "", ClassNotFound},
		{"USG.206030000", "", ClassNotFound},

		{"MMC.111071067", "CONF_CANCEL_FAIL_AS_CONF_STARTED", ClassStarted},
		{"MMC.111072005", "CONF_NOT_STARTED", ClassNotStarted},
		{"MMC.111072006", "CONF_IS_CLOSED", ClassEnded},
		{"MMC.111071072", "CONF_CLOSED_RECENTLY", ClassEnded},

		{"MMC.111072003", "CONF_IS_CLOSING", ClassTransient},
		{"MMC.111072004", "CONF_IS_STARTING", ClassTransient},
		{"USG.000000001", "", ClassTransient},
		{"USG.000000005", "", ClassTransient},
		{"200000001", "", ClassTransient},
		{"200000005", "", ClassTransient},

		{"MMC.111070002", "CONF_INSUFFICIENT_PERMISSIONS", ClassDenied},
		{"MMC.111070010", "CONF_ROLE_AUTHENTICATION_FAILED", ClassDenied},
		{"MMC.111072050", "CONF_LOCKED", ClassMeetingLocked},

		{"MMC.111070001", "CONF_BAD_REQUEST", ClassBadRequest},
		{"MMC.111071061", "PARAMETER_VERIFIED_FAIL", ClassBadRequest},
		{"MMC.111071016", "CONF_PARAMS_NULL_EXCEPTION", ClassBadRequest},
		{"USG.000000003", "", ClassBadRequest},
		{"200000003", "", ClassBadRequest},
		{"USG.201040001", "", ClassBadRequest},

		{"MMC.111070004", "CONF_AUTH_FAIL", ClassAuth},
		{"MMC.111070111", "REQUEST_TOKEN_IS_NULL", ClassAuth},
		{"USG.000000004", "", ClassAuth},
		{"200000004", "", ClassAuth},
		{"USG.206020000", "INVALID_TOKEN", ClassAuth},
		{"USG.206020001", "", ClassAuth},
		{"USG.206020002", "", ClassAuth},
		{"118000000", "USER_AUTHENTICATION_FAILED", ClassAuth},
		{"118000001", "USER_TOKEN_AUTH_FAILED", ClassAuth},

		{"USG.206010000", "ERR_PASSWORD", ClassCredentials},
		{"USG.206010007", "", ClassCredentials},
		{"USG.206010025", "APPID_AUTH_FAILED", ClassCredentials},
		{"USG.206010030", "USG_APPID_NOT_ALLOW_AUTO_REG", ClassCredentials},
		{"USG.206010031", "USG_APPID_AUTO_REG_FAILED", ClassCredentials},
		{"USG.206010036", "NORMAL_USER_CANNOT_LOGIN", ClassCredentials},
		{"USG.206010058", "", ClassCredentials},
		{"USG.206010057", "APPID_AUTH_EXPIRE", ClassClock},
		{"USG.206030015", "USER_LOCKED", ClassLocked},
		{"MMC.111072064", "CONF_CTR_LOGIN_LOCKED", ClassLocked},
		{"118000002", "", ClassLocked},

		{"MMC.111100012", "CONF_NOT_ON_LOCAL_STATION", ClassWrongSite},
		{"USG.206010064", "SITE_MISMATCHED", ClassWrongSite},
		{"APIG.0308", "", ClassThrottled},
		{"100000429", "", ClassThrottled},

		{"MMC.111070003", "CONF_EXCEPTION", ClassServer},
		{"MMC.111071071", "STOP_ONLINE_CONF_EXCEPTION", ClassServer},
		{"USG.000000002", "", ClassServer},
		{"200000002", "", ClassServer},
		{"MMC.111072049", "RESPONSE_TIME_OUT", ClassUnknownOutcome},
	}
}

// classes maps codes and constant names to classes. Codes are without their prefixes,
// which are the least reliable part of the vendor's pages.
func classes() map[string]Class {
	found := map[string]Class{}
	for _, c := range Codes() {
		found[digits(c.Code)] = c.Class
		if c.Name != "" {
			found[c.Name] = c.Class
		}
	}
	return found
}

// userCodes mean that a user does not exist. In an answer about a meeting, that user is
// the login's own.
var userCodes = []string{"111073001", "201040000", "206030000"}

func (s *session) class(op Operation, code, message string) (Class, bool) {
	class, known := s.classes[digits(code)]
	if !known {
		class, known = s.classes[strings.TrimPrefix(message, "CMS_")]
	}
	if class == ClassNotFound && !op.aboutUser() && slices.Contains(userCodes, digits(code)) {
		return ClassCredentials, true
	}
	return class, known
}

// digits cuts off a prefix such as "MMC.", but not "APIG.", whose numbers are too short
// to be unique.
func digits(code string) string {
	if prefix, rest, ok := strings.Cut(code, "."); ok && prefix != "APIG" {
		return rest
	}
	return code
}

// statusClass returns the class of an answer whose code is unknown or missing. If a
// meeting doesn't exist, the service says so with a code; a 404 without one, or an answer
// that isn't the service's, means only that the request didn't reach the service.
func statusClass(rep reply, said wire.Refusal) Class {
	reads := !rep.call.Change
	switch status := rep.Status; {
	case status == 408 || status == 425:
		return ClassTransient
	case status == 429:
		return ClassThrottled
	case status < 400 || status >= 500:
		return ClassServer
	case status == 401 && rep.call.login == nil:
		return ClassAuth // a gateway may check the token, too
	case isForeign(rep) && reads:
		return ClassUnavailable
	case status == 401:
		return ClassAuth
	case status == 403:
		return ClassDenied
	case status == 404 && said.Code != "" && rep.call.op.aboutUser():
		return ClassNotFound
	case status == 404 && reads:
		return ClassUnavailable
	case status == 412:
		return ClassCredentials
	case status == 423:
		return ClassLocked
	case !said.JSON && len(rep.Body) > 0 && reads:
		return ClassUnavailable
	default:
		return ClassBadRequest
	}
}

// isForeign reports whether the body of a refusal isn't the service's, but a gateway's or a
// proxy's, for instance. The service's is a JSON object, perhaps broken off, or empty.
func isForeign(rep reply) bool {
	body := bytes.TrimSpace(rep.Body)
	return len(body) > 0 && body[0] != '{'
}

// isPage reports whether the answer is an HTML page, from a proxy for instance. The
// service itself never sends one.
func isPage(rep reply) bool { return bytes.HasPrefix(bytes.TrimSpace(rep.Body), []byte("<")) }
