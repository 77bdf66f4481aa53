package bot

import "strings"

// classOf sorts Slack's error codes. The words are those of the methods' own pages and of the list common to all methods,
// see https://docs.slack.dev/reference/methods. A word it does not know is a refusal.
func classOf(method, code string) error {
	switch code {
	case "not_in_channel", "channel_not_found", "is_archived", "messages_tab_disabled", "user_not_in_channel",
		"restricted_action", "restricted_action_read_only_channel", "restricted_action_thread_only_channel",
		"restricted_action_non_threadable_channel", "restricted_action_thread_locked", "cannot_reply_to_message",
		"channel_type_not_supported", "method_not_supported_for_channel_type", "ekm_access_denied", "team_not_found":
		return ErrCannotPost

	case "message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "thread_not_found",
		"used_url", "expired_url", "invalid_url",
		"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged":
		return ErrGone

	case "users_not_found", "user_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot", "user_is_bot",
		"invalid_user_combination":
		return ErrNoSuchPerson

	case "ratelimited", "rate_limited", "message_limit_exceeded":
		return ErrThrottled

	case "missing_scope":
		return ErrMissingScope

	case "no_permission":
		// chat methods say so of a conversation the app is not in, the others of the token.
		if strings.HasPrefix(method, "chat.") {
			return ErrCannotPost
		}
		return ErrMissingScope

	case "invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type",
		"org_login_required", "two_factor_setup_required", "enterprise_is_restricted", "team_access_not_granted",
		"access_denied", "accesslimited", "forbidden_team", "app_uninstalled":
		return ErrCredentials

	case "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text", "too_many_attachments",
		"too_many_contact_cards", "attachment_payload_limit_exceeded", "invalid_attachments", "markdown_text_conflict",
		"invalid_metadata_format", "invalid_metadata_schema", "metadata_too_large", "metadata_must_be_sent_from_app",
		"invalid_arguments", "invalid_arg_name", "invalid_array_arg", "invalid_charset", "invalid_form_data",
		"invalid_post_type", "missing_post_type", "missing_args", "missing_argument", "missing_charset", "invalid_json",
		"json_not_object", "invalid_payload", "invalid_cursor", "invalid_limit", "invalid_ts_latest", "invalid_ts_oldest",
		"bad_timestamp", "invalid_thread_ts", "view_too_large", "duplicate_external_id", "invalid_view",
		"unknown_method", "method_deprecated", "deprecated_endpoint", "insecure_request":
		return ErrBadMessage

	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org", "update_failed",
		"external_channel_migrating":
		return ErrUnavailable

	default:
		return ErrRefused
	}
}
