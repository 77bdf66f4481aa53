package bot

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	defaultRetryAfter = time.Second        // for a 429 without Retry-After
	longestRetryAfter = 7 * 24 * time.Hour // longer waits are cut to this
)

// classify turns an error from net/http, encoding/json or a context into an *Error. sent says whether the request may
// have left this process.
func classify(method string, err error, sent bool) error {
	if err == nil {
		return nil
	}
	if known, ok := errors.AsType[*Error](err); ok {
		return known
	}
	e := &Error{Method: method, class: ErrUnavailable, cause: redact(err)}
	if !sent {
		e.class, e.notSent = ErrNotSent, true
	}
	return e
}

// redact strips anything that may hold a secret: net/http errors include the URL, which may be a response_url, and JSON
// errors may quote the answer.
func redact(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return redact(wrapped.Err)
	}
	_, syntax := errors.AsType[*json.SyntaxError](err)
	_, shape := errors.AsType[*json.UnmarshalTypeError](err)
	if syntax || shape {
		return errNotJSON
	}
	if errors.Is(err, context.DeadlineExceeded) {
		return context.DeadlineExceeded
	}
	return err
}

// errNotJSON means an answer that is HTML, truncated JSON, or not in the documented format.
var errNotJSON = errors.New("unexpected answer format")

// classifyStatus classifies by HTTP status if Slack gave no known code. Slack always answers a call with JSON, so a bare
// 400 comes from a proxy, says nothing about the message, and may not recur. Only a 413 is likely to.
func classifyStatus(status int) error {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return ErrCredentials
	case http.StatusRequestEntityTooLarge:
		return ErrBadMessage
	default:
		return ErrUnavailable
	}
}

// classifyResponse is classifyStatus for a response_url, which need not answer with JSON.
func classifyResponse(status int) error {
	switch status {
	case http.StatusNotFound, http.StatusGone:
		return ErrGone
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		return ErrBadMessage
	default:
		return classifyStatus(status)
	}
}

// classifyCode classifies Slack's error codes, from the methods' pages and the list common to all methods. Unknown codes
// are ErrRefused. See https://docs.slack.dev/reference/methods
func classifyCode(method, code string) error {
	switch code {
	case "not_in_channel", "channel_not_found", "is_archived", "messages_tab_disabled", "user_not_in_channel",
		"restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
		"restricted_action_non_threadable_channel", "restricted_action_thread_locked", "cannot_reply_to_message",
		"channel_type_not_supported", "method_not_supported_for_channel_type", "channel_is_limited_access",
		"ekm_access_denied", "team_not_found":
		return ErrCannotPost

	case "cant_update_message", "edit_window_closed", "is_inactive":
		return ErrUneditable

	case "message_not_found", "thread_not_found", "not_found", "used_url", "expired_url", "invalid_url",
		"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged":
		return ErrGone

	case "users_not_found", "user_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot", "user_is_bot",
		"invalid_user_combination":
		return ErrNoSuchPerson

	case "hash_conflict":
		return ErrHashConflict

	case "ratelimited", "rate_limited", "message_limit_exceeded":
		return ErrThrottled

	case "missing_scope":
		return ErrMissingScope

	case "no_permission":
		// chat methods use it for a conversation the app is not in, the others for the token.
		if strings.HasPrefix(method, "chat.") {
			return ErrCannotPost
		}
		return ErrMissingScope

	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type",
		"org_login_required", "two_factor_setup_required", "enterprise_is_restricted", "team_access_not_granted",
		"access_denied", "accesslimited", "forbidden_team", "app_uninstalled", "team_disabled", "user_removed_from_team":
		return ErrCredentials

	case "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text", "too_many_attachments",
		"too_many_contact_cards", "attachment_payload_limit_exceeded", "invalid_attachments", "markdown_text_conflict",
		"invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large", "metadata_must_be_sent_from_app",
		"invalid_arguments", "invalid_arg_name", "invalid_array_arg", "invalid_charset", "invalid_form_data",
		"invalid_post_type", "missing_post_type", "missing_args", "missing_argument", "missing_charset", "invalid_json",
		"json_not_object", "invalid_payload", "invalid_cursor", "invalid_limit", "invalid_ts_latest", "invalid_ts_oldest",
		"bad_timestamp", "invalid_thread_ts", "view_too_large", "duplicate_external_id", "invalid_view", "invalid_message",
		"unknown_method", "method_deprecated", "deprecated_endpoint", "insecure_request":
		return ErrBadMessage

	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "update_failed",
		"external_channel_migrating":
		return ErrUnavailable

	default:
		return ErrRefused
	}
}
