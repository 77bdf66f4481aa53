package bot_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/internal/fake"
)

// outlook names the one of the three outlooks that is true of err. If more are, it joins their names.
func outlook(err error) string {
	all := ""
	for word, is := range map[string]bool{"temporary": bot.Temporary(err), "mendable": bot.NeedsOperator(err), "permanent": bot.Permanent(err)} {
		if is {
			all += word
		}
	}
	return all
}

// TestErrorCodeOutlooks covers the codes on Slack's pages for the methods that the bot calls, and those common to all
// methods.
func TestErrorCodeOutlooks(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	c := bot.NewClient(f.config())
	for want, codes := range map[string][]string{
		"temporary": {
			"ratelimited", "rate_limited", "message_limit_exceeded", "internal_error", "fatal_error", "service_unavailable",
			"request_timeout", "team_added_to_org", "update_failed", "external_channel_migrating",
		},
		"mendable": {
			"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "not_allowed_token_type",
			"org_login_required", "two_factor_setup_required", "enterprise_is_restricted", "team_access_not_granted", "access_denied",
			"accesslimited", "forbidden_team", "app_uninstalled", "team_disabled", "user_removed_from_team", "missing_scope",
			"messages_tab_disabled", "restricted_action", "ekm_access_denied", "no_such_subteam", "plan_upgrade_required", "not_enabled",
			"as_user_not_supported", "never_heard_of",
		},
		"permanent": {
			"not_in_channel", "channel_not_found", "is_archived", "user_not_in_channel", "restricted_action_read_only_channel",
			"restricted_action_thread_only_channel", "restricted_action_non_threadable_channel", "restricted_action_thread_locked",
			"cannot_reply_to_message", "channel_type_not_supported", "method_not_supported_for_channel_type", "no_permission",
			"message_not_found", "cant_update_message", "edit_window_closed", "is_inactive", "thread_not_found", "used_url", "expired_url",
			"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged", "not_found",
			"users_not_found", "user_not_found", "user_disabled", "user_not_visible", "cannot_dm_bot", "invalid_user_combination",
			"hash_conflict", "invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text",
			"invalid_arguments", "invalid_metadata_format", "metadata_too_large", "view_too_large", "unknown_method", "missing_args",
		},
	} {
		for _, code := range codes {
			f.Answer("chat.update", fake.Reply(`{"ok":false,"error":"`+code+`"}`))
			// Some of them would make the client wait.
			ctx, cancel := context.WithCancel(t.Context())
			err := c.Update(noTime{ctx}, bot.MessageRef{Channel: bot.ChannelID("C" + code), TS: "1.1"}, bot.Message{Text: "x"})
			cancel()
			c = bot.NewClient(f.config()) // forget a 429
			if got := outlook(err); got != want {
				t.Errorf("%s: %v is %q, want %s", code, err, got, want)
			}
		}
	}
	for name, err := range map[string]error{"nil": nil, "a foreign": errors.New("x"), "a context": context.Canceled} {
		if got := outlook(err); got != "" {
			t.Errorf("%s error is %q, want no outlook", name, got)
		}
	}
}

// noTime is a context with time for a call, but none for waiting on a rate limit.
type noTime struct{ context.Context }

func (noTime) Deadline() (time.Time, bool) { return time.Now().Add(999 * time.Millisecond), true }
