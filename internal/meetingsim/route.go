package meetingsim

import (
	"net/url"
	"strings"
)

// The operations, as in [Entry.Operation] and [Fault.Operation].
const (
	OpLogin            = "login" // App ID and account
	OpRefresh          = "refresh"
	OpValidate         = "validate"
	OpLogout           = "logout"
	OpDetail           = "detail"
	OpList             = "list"
	OpOnline           = "online"
	OpOnlineDetail     = "onlineDetail"
	OpAttendees        = "attendees"
	OpHistory          = "history"
	OpHistoryDetail    = "historyDetail"
	OpUser             = "user"   // users/list
	OpMember           = "member" // one user by account
	OpMembers          = "members"
	OpMe               = "me"
	OpCancel           = "cancel"
	OpCancelSeries     = "cancelSeries"
	OpCancelOccurrence = "cancelOccurrence"
	OpControl          = "control" // the token of the control API
	OpStop             = "stop"
)

// Removals are the operations that cancel something.
var Removals = []string{OpCancel, OpCancelSeries, OpCancelOccurrence}

// A route is one API of the vendor. Open ones need no access token.
type route struct {
	method, path, operation string
	open                    bool
	handle                  func(*Server, *call) reply
}

// routes returns the vendor's APIs. A path that ends in a slash takes one more segment,
// escaped.
func routes() []route {
	const conferences = "/v1/mmc/management/conferences"
	return []route{
		{"POST", "/v2/usg/acs/auth/appauth", OpLogin, true, (*Server).appLogin},
		{"POST", "/v1/usg/acs/auth/account", OpLogin, true, (*Server).accountLogin},
		{"PUT", "/v1/usg/acs/token", OpRefresh, true, (*Server).refresh},
		{"POST", "/v1/usg/acs/token/validate", OpValidate, true, (*Server).validate},
		{"DELETE", "/v1/usg/acs/token", OpLogout, false, (*Server).logout},

		{"GET", conferences, OpList, false, (*Server).list},
		{"GET", conferences + "/confDetail", OpDetail, false, (*Server).detail},
		{"GET", conferences + "/online", OpOnline, false, (*Server).online},
		{"GET", conferences + "/online/confDetail", OpOnlineDetail, false, (*Server).onlineDetail},
		{"GET", conferences + "/online/conf-attendee", OpAttendees, false, (*Server).attendees},
		{"GET", conferences + "/history", OpHistory, false, (*Server).history},
		{"GET", conferences + "/history/confDetail", OpHistoryDetail, false, (*Server).historyDetail},

		{"DELETE", conferences, OpCancel, false, (*Server).cancel},
		{"DELETE", "/v1/mmc/management/cycleconferences", OpCancelSeries, false, (*Server).cancelSeries},
		{"DELETE", conferences + "/cyclesubconf", OpCancelOccurrence, false, (*Server).cancelOccurrence},

		{"POST", "/v1/usg/abs/users/list", OpUser, false, (*Server).lookUpUsers},
		{"GET", "/v1/usg/dcs/corp/member", OpMembers, false, (*Server).searchMembers},
		{"GET", "/v1/usg/dcs/corp/member/", OpMember, false, (*Server).member},
		{"GET", "/v1/usg/dcs/member", OpMe, false, (*Server).me},

		{"GET", "/v1/mmc/control/conferences/token", OpControl, true, (*Server).controlToken},
		{"PUT", "/v1/mmc/control/conferences/stop", OpStop, true, (*Server).stop},
	}
}

// match compares an escaped path, and returns the last segment unescaped if the route
// takes one.
func (rt route) match(path string) (string, bool) {
	if !strings.HasSuffix(rt.path, "/") {
		return "", path == rt.path
	}
	arg, found := strings.CutPrefix(path, rt.path)
	if !found || arg == "" || strings.Contains(arg, "/") {
		return "", false
	}
	arg, err := url.PathUnescape(arg)
	return arg, err == nil
}
