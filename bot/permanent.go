package bot

import (
	"errors"
	"fmt"
	"net/http"
)

// PermanentError is a fault that no waiting mends: somebody has to change something first. Run ends with it.
type PermanentError struct {
	Reason string // Slack's word, such as "invalid_auth", or "http_404"
	Advice string // a sentence: what is wrong, what to change, where
}

// Error is the advice with Slack's word behind it.
func (e *PermanentError) Error() string { return e.Advice + " (" + e.Reason + ")" }

// permanent returns the *PermanentError that err of that method amounts to, if it does.
func permanent(method string, err error) (*PermanentError, bool) {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return nil, false
	}
	variable, where := "SLACK_APP_TOKEN", "api.slack.com/apps → your app → Basic Information → App-Level Tokens"
	if method == methodAuthTest {
		variable, where = "SLACK_BOT_TOKEN", "api.slack.com/apps → your app → OAuth & Permissions"
	}
	if advice := adviceOn(e, variable, where); advice != "" {
		reason := e.Code
		if reason == "" {
			reason = fmt.Sprintf("http_%d", e.Status)
		}
		return &PermanentError{Reason: reason, Advice: advice}, true
	}
	return nil, false
}

// adviceOn is empty for what may pass by itself.
func adviceOn(e *Error, variable, where string) string {
	switch e.Code {
	case "invalid_auth":
		return fmt.Sprintf("Slack does not know the token in %s: copy it again from %s.", variable, where)
	case "not_authed":
		return fmt.Sprintf("Slack got no token: set %s to the one from %s.", variable, where)
	case "token_revoked", "token_expired":
		return fmt.Sprintf("The token in %s is no longer valid: make a new one at %s and set %s to it.", variable, where, variable)
	case "account_inactive", "app_uninstalled":
		return fmt.Sprintf("The app is not installed in the workspace any more: install it again at api.slack.com/apps → your app → "+
			"Install App, then set %s to the new token.", variable)
	case "not_allowed_token_type":
		kind := "an app-level token (xapp-…)"
		if variable == "SLACK_BOT_TOKEN" {
			kind = "a bot token (xoxb-…)"
		}
		return fmt.Sprintf("The token in %s is of the wrong kind: it must be %s from %s.", variable, kind, where)
	case "missing_scope", "no_permission":
		if variable == "SLACK_APP_TOKEN" {
			return "The token in SLACK_APP_TOKEN lacks the scope connections:write: make a new one with it at " + where + "."
		}
		return "The token in SLACK_BOT_TOKEN lacks a scope: add the scopes of manifest.yml at " + where + " and install the app again."
	case "forbidden_team", "team_access_not_granted", "org_login_required", "access_denied", "accesslimited",
		"enterprise_is_restricted", "two_factor_setup_required":
		return fmt.Sprintf("The workspace does not let this app in with the token in %s: an administrator of the workspace or "+
			"organisation has to allow it under Manage apps.", variable)
	case "":
		switch e.Status {
		case http.StatusUnauthorized, http.StatusForbidden:
			return fmt.Sprintf("The server at SLACK_API_URL refuses the token in %s: check both; the token is at %s.", variable, where)
		case http.StatusNotFound:
			if variable == "SLACK_BOT_TOKEN" {
				return "" // a wrong address shows in apps.connections.open too, and surely
			}
			return "There is no Slack Web API at SLACK_API_URL: check the address, by default it is https://slack.com/api/."
		}
	}
	return ""
}

// socketModeOff is what a disconnect with "link_disabled" means.
func socketModeOff() *PermanentError {
	return &PermanentError{
		Reason: reasonDisabled,
		Advice: "Socket Mode is switched off for this app: switch it on at api.slack.com/apps → your app → Socket Mode.",
	}
}
