package doctor

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/service"
	"meetingbot/meetingapi"
)

const meetingService = "the meeting service"

// checkMeetings logs in, says what the login may do, and lists one meeting, which also
// reveals the service's rate limit.
func checkMeetings(ctx context.Context, cfg config.Config, version string, t *clocks) []finding {
	api, err := service.MeetingAPI(cfg, version)
	if err != nil {
		return []finding{failed(err.Error(), "give the certificate in PEM form, or its file in MEETING_CA_FILE")}
	}
	api.HTTP.Transport = &clockTransport{api.HTTP.Transport, meetingService, t}
	defer api.HTTP.CloseIdleConnections()
	c, _, err := meetingapi.New(api)
	if err != nil {
		return []finding{failed(err.Error(), "check the MEETING_ variables")}
	}
	role, err := c.Role(ctx)
	if err != nil {
		return []finding{loginFinding(cfg, err)}
	}
	found := []finding{roleFinding(cfg, role)}
	if set := headersSet(cfg); len(set) > 0 {
		found = append(found, passed("every call carries "+strings.Join(set, " and ")))
	}
	if _, err := c.Upcoming(ctx, meetingapi.ListOptions{All: role == meetingapi.RoleAdmin, Max: 1}); err != nil {
		return append(found, listFinding(err))
	}
	limits := "meetings can be read; the service does not state a rate limit"
	if b, told := c.Budget(meetingapi.OpUpcoming); told {
		limits = fmt.Sprintf("meetings can be read; the service allows %d calls every %.0f s, of which %d are left", b.Limit, b.Period.Seconds(), b.Left)
	}
	found = append(found, passed(limits))
	if role == meetingapi.RoleAdmin {
		found = append(found, mappedAccounts(ctx, c, cfg.Owners)...)
	}
	return found
}

func headersSet(cfg config.Config) (names []string) {
	if cfg.SiteID != "" {
		names = append(names, siteVariable)
	}
	if cfg.AuthorizationType != "" {
		names = append(names, portalVariable)
	}
	return names
}

// The variables for the headers that some sites want with every call.
const (
	siteVariable   = "MEETING_SITE_ID"
	portalVariable = "MEETING_AUTHORIZATION_TYPE"
)

// headerAdvice returns what else may be wrong if a site refuses the login.
func headerAdvice(cfg config.Config) string {
	if set := headersSet(cfg); len(set) > 0 {
		return "; also check " + strings.Join(set, " and ") + ", or remove " + pronoun(set)
	}
	return "; third-party portals and HCS Online sites want " + siteVariable + " and " + portalVariable
}

func pronoun(list []string) string {
	if len(list) > 1 {
		return "them"
	}
	return "it"
}

// roleFinding compares what the login may do with what the bot needs.
func roleFinding(cfg config.Config, role meetingapi.Role) finding {
	switch role {
	case meetingapi.RoleAdmin:
		return passed("logged in; may cancel any meeting of the enterprise")
	case meetingapi.RoleUser:
		advice := "use the login of an enterprise administrator"
		if cfg.MeetingUserID != "" {
			advice = "remove MEETING_USER_ID, or set it to an enterprise administrator"
		}
		return warning("logged in, but may cancel only the meetings it booked itself", advice)
	case meetingapi.RoleUnknown:
	}
	return warning("logged in, but the service does not say whether it may cancel any meeting or only its own",
		"try it with a throwaway meeting")
}

func listFinding(err error) finding {
	class := meetingapi.ClassOf(err)
	if class == meetingapi.ClassDenied || class == meetingapi.ClassWrongSite || class == meetingapi.ClassAuth {
		return failed("logged in, but meetings can't be read: "+err.Error(), "check what this login may do, and that MEETING_API_URL is the site its meetings are on")
	}
	return warning("logged in, but the list of meetings could not be read: "+err.Error(), "run doctor again in a minute")
}

func loginFinding(cfg config.Config, err error) finding {
	pair, where := "MEETING_APP_ID and MEETING_APP_KEY", "copy both again from the Huawei Cloud Meeting console › Application Management"
	if !cfg.AppLogin() {
		pair, where = "MEETING_ACCOUNT and MEETING_PASSWORD", "check both by logging in with them; too many wrong passwords lock an account"
	}
	if cfg.MeetingCorpID != "" {
		where += "; remove MEETING_CORP_ID unless the App ID is a service provider's"
	}
	class, status := meetingapi.ClassOf(err), 0
	if e, ok := errors.AsType[*meetingapi.Error](err); ok {
		status = e.Status
	}
	switch {
	case class == meetingapi.ClassCredentials && status == http.StatusPreconditionFailed: // documented as: the account is disabled
		return failed("the account of the login is disabled ("+err.Error()+")", "enable it in the Huawei Cloud Meeting console, or use another login")
	case class == meetingapi.ClassServer && status >= http.StatusInternalServerError:
		return failed("the service can't answer the login just now ("+err.Error()+")",
			"run doctor again in a few minutes; if it keeps happening, ask the operators of your proxy or gateway, or Huawei")
	}
	switch class {
	case meetingapi.ClassCredentials, meetingapi.ClassDenied, meetingapi.ClassAuth:
		return failed("the login is refused: "+pair+" don't match, or this site doesn't know them ("+err.Error()+")",
			where+"; neither site knows the other's logins (MEETING_API_URL)"+headerAdvice(cfg))
	case meetingapi.ClassClock:
		skew := ""
		if e, ok := errors.AsType[*meetingapi.Error](err); ok && e.Skew.Abs() > clockWarn {
			skew = fmt.Sprintf(" (it is %s off the service's)", e.Skew.Abs().Round(time.Second))
		}
		return failed("the login is refused because this machine's clock is wrong"+skew, "set the clock, preferably by NTP (timedatectl set-ntp true)")
	case meetingapi.ClassLocked:
		return failed("the login is locked after too many wrong attempts ("+err.Error()+")", "stop whatever keeps trying a wrong "+pair+", and wait a few minutes")
	case meetingapi.ClassWrongSite:
		return failed("this login belongs to the other site ("+err.Error()+")",
			"set MEETING_API_URL to "+meetingapi.International+", or to "+meetingapi.Mainland+" in mainland China"+headerAdvice(cfg))
	case meetingapi.ClassThrottled:
		return warning("the service is rate-limiting us ("+err.Error()+")", "run doctor again in a minute")
	case meetingapi.ClassUnavailable:
		return unreachableFinding(err)
	default:
		return failed("the login got an unexpected answer ("+err.Error()+")", "check that MEETING_API_URL is the root of the Meeting API, for example "+meetingapi.Mainland)
	}
}

func unreachableFinding(err error) finding {
	var dns *net.DNSError
	var answer *meetingapi.Error
	switch {
	case errors.As(err, &answer) && answer.Status == http.StatusNotFound:
		return failed("there is no Meeting API at MEETING_API_URL ("+err.Error()+")", "give its root, without /v1/…, for example "+meetingapi.Mainland+"; a gateway's path only if yours has one")
	case answer != nil && answer.Status != 0:
		return failed("the answer didn't come from the Meeting API ("+err.Error()+")",
			"check MEETING_API_URL, by default it is "+meetingapi.Mainland+"; if it is right, ask the operators of your proxy or gateway")
	case isUntrusted(err):
		return failed("the certificate of MEETING_API_URL is not trusted ("+err.Error()+")", trustAdvice("MEETING_CA_FILE", err))
	case errors.As(err, &dns) && !viaProxy(err):
		return failed("the host in MEETING_API_URL was not found ("+err.Error()+")", "check its spelling, and this machine's DNS")
	}
	return failed("no answer ("+err.Error()+")", reachAdvice("MEETING_API_URL", err))
}

// maxAccounts is how many accounts of OWNER_MAP are looked up, at up to three calls each,
// because the running bot shares the service's limits.
const maxAccounts = 20

// mappedAccounts returns a finding for each of some accounts in OWNER_MAP that the service
// doesn't know, by account or by UUID. It says nothing about those that can't be looked up.
func mappedAccounts(ctx context.Context, c *meetingapi.Reader, owners config.Owners) (found []finding) {
	names := slices.Sorted(maps.Keys(owners))
	for i := range min(len(names), maxAccounts) {
		name := names[i*len(names)/min(len(names), maxAccounts)]
		_, err := c.Member(ctx, name)
		if meetingapi.IsNotFound(err) {
			_, err = c.User(ctx, name)
		}
		if meetingapi.IsNotFound(err) {
			found = append(found, warning(fmt.Sprintf("OWNER_MAP: the meeting service has no account or user UUID %s", name), "correct it, or remove it"))
		}
	}
	return found
}
