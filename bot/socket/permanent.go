package socket

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"

	"meetingbot/bot"
)

// PermanentError is an error that retrying can't fix: a person has to change something first. Run returns it.
type PermanentError struct {
	Reason string // Slack's error code, such as "invalid_auth", or "http_404"
	Advice string // a sentence: what is wrong, and what to change where

	statusOnly bool // only an HTTP status: it may come from a proxy, and may be temporary
}

// Error returns the advice, followed by the reason.
func (e *PermanentError) Error() string { return e.Advice + " (" + e.Reason + ")" }

// The variables that hold the tokens, for advice.
const (
	appVariable = "SLACK_APP_TOKEN"
	botVariable = "SLACK_BOT_TOKEN"
)

// PermanentTokenError returns the *PermanentError for a failed call with the bot token, if the failure is permanent.
func PermanentTokenError(err error) (*PermanentError, bool) { return permanent(botVariable, err) }

// permanent returns the *PermanentError for a failed call with the token in variable, if the failure is permanent.
func permanent(variable string, err error) (*PermanentError, bool) {
	e, ok := errors.AsType[*bot.Error](err)
	if !ok {
		return nil, false
	}
	where := "api.slack.com/apps › your app › Basic Information › App-Level Tokens"
	if variable == botVariable {
		where = "api.slack.com/apps › your app › OAuth & Permissions"
	}
	advice := adviceOn(e, variable, where)
	if advice == "" {
		return nil, false
	}
	return &PermanentError{Reason: cmp.Or(e.Code, fmt.Sprintf("http_%d", e.Status)), Advice: advice, statusOnly: e.Code == ""}, true
}

// adviceOn returns "" for errors that may be temporary.
func adviceOn(e *bot.Error, variable, where string) string {
	switch e.Code {
	case "invalid_auth":
		return fmt.Sprintf("Slack does not know the token in %s: copy it again from %s.", variable, where)
	case "not_authed":
		return fmt.Sprintf("Slack got no token: set %s to the one from %s.", variable, where)
	case "token_revoked", "token_expired":
		return fmt.Sprintf("The token in %s is no longer valid: make a new one at %s and set %s to it.", variable, where, variable)
	case "account_inactive", "app_uninstalled":
		return fmt.Sprintf("The app is no longer installed in the workspace: install it again at api.slack.com/apps › your app › "+
			"Install App, then set %s to the new token.", variable)
	case "not_allowed_token_type":
		kind := "an app-level token (xapp-…)"
		if variable == botVariable {
			kind = "a bot token (xoxb-…)"
		}
		return fmt.Sprintf("The token in %s is the wrong kind of token: it must be %s from %s.", variable, kind, where)
	case "missing_scope", "no_permission":
		if variable == appVariable {
			return "The token in SLACK_APP_TOKEN lacks the scope connections:write: make a new one with it at " + where + "."
		}
		return "The token in SLACK_BOT_TOKEN lacks a scope: add the scopes of manifest.yml at " + where + " and install the app again."
	case "team_disabled":
		return "Slack has disabled the app's workspace: a workspace owner must contact Slack."
	case "user_removed_from_team":
		return fmt.Sprintf("The person who installed the app was removed from the workspace, so the token in %s no longer works: have someone "+
			"who is staying reinstall it, and set %s to the new token from %s.", variable, variable, where)
	case "forbidden_team", "team_access_not_granted", "org_login_required", "access_denied", "accesslimited",
		"enterprise_is_restricted", "two_factor_setup_required":
		return fmt.Sprintf("The workspace does not accept the token in %s: an administrator of the workspace or "+
			"organisation has to allow the app under Manage apps.", variable)
	case "":
		switch e.Status {
		case http.StatusUnauthorized, http.StatusForbidden:
			return fmt.Sprintf("The server at SLACK_API_URL refuses the token in %s: check both, and that no proxy or firewall answers in Slack's place; the token is at %s.", variable, where)
		case http.StatusNotFound:
			if variable == botVariable {
				return "" // apps.connections.open detects a wrong address more reliably
			}
			return "There is no Slack Web API at SLACK_API_URL: check the address, by default it is https://slack.com/api/."
		}
	}
	return ""
}

// socketModeOff returns the error for a disconnect with "link_disabled".
func socketModeOff() *PermanentError {
	return &PermanentError{
		Reason: reasonDisabled,
		Advice: "Socket Mode is switched off for this app: switch it on at api.slack.com/apps › your app › Socket Mode.",
	}
}
