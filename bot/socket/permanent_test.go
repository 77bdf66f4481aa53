package socket_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"meetingbot/bot/internal/fake"
	"meetingbot/bot/socket"
)

func TestPermanentErrorEndsRun(t *testing.T) {
	t.Parallel()
	type fault struct {
		method string
		answer http.HandlerFunc
		reason string
		advice string // a piece of it
	}
	var faults []fault
	for code, advice := range map[string]string{
		"invalid_auth": "SLACK_APP_TOKEN", "not_authed": "SLACK_APP_TOKEN", "token_revoked": "App-Level Tokens",
		"token_expired": "App-Level Tokens", "account_inactive": "Install App", "app_uninstalled": "Install App",
		"not_allowed_token_type": "xapp-", "missing_scope": "connections:write", "no_permission": "connections:write",
		"team_access_not_granted": "administrator", "org_login_required": "administrator", "access_denied": "administrator",
		"enterprise_is_restricted": "administrator", "forbidden_team": "administrator",
		"team_disabled": "disabled the app's workspace", "user_removed_from_team": "removed from the workspace",
	} {
		faults = append(faults, fault{"apps.connections.open", fake.Reply(`{"ok":false,"error":"` + code + `"}`), code, advice})
	}
	for _, code := range []int{401, 403, 404} {
		faults = append(faults, fault{"apps.connections.open", fake.Status(code), fmt.Sprintf("http_%d", code), "SLACK_API_URL"})
	}
	for code, advice := range map[string]string{
		"invalid_auth": "OAuth & Permissions", "token_revoked": "SLACK_BOT_TOKEN", "account_inactive": "Install App", "not_allowed_token_type": "xoxb-",
	} {
		faults = append(faults, fault{"auth.test", fake.Reply(`{"ok":false,"error":"` + code + `"}`), code, advice})
	}
	for _, want := range faults {
		t.Run(want.method+" "+want.reason, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.Answer(want.method, want.answer)
			cfg := f.config()
			cfg.Connections = 2
			b, _ := countingBot(f, cfg)
			b.SetDoubt(0)
			_, result := run(t, b)
			checkPermanent(t, result, want.reason, want.advice)
		})
	}
	t.Run("link_disabled", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		b, _ := countingBot(f, f.config())
		_, result := run(t, b)
		f.socket(1).say(`{"type":"disconnect","reason":"link_disabled"}`)
		checkPermanent(t, result, "link_disabled", "Socket Mode")
	})
	t.Run("link_disabled before hello", func(t *testing.T) {
		t.Parallel()
		f := newFake(t)
		f.greet = false
		f.onOpen = func(s *peer) { s.say(`{"type":"disconnect","reason":"link_disabled"}`) }
		b, _ := countingBot(f, f.config())
		_, result := run(t, b)
		checkPermanent(t, result, "link_disabled", "Socket Mode")
	})
}

func checkPermanent(t *testing.T, result <-chan error, reason, advice string) {
	t.Helper()
	select {
	case err := <-result:
		fatal, ok := errors.AsType[*socket.PermanentError](err)
		if !ok || fatal.Reason != reason || !strings.Contains(fatal.Error(), advice) {
			t.Errorf("Run() = %v, want a PermanentError %q that mentions %q", err, reason, advice)
		}
		if strings.Contains(fmt.Sprint(err), "secret") {
			t.Errorf("Run() = %v, which reveals a secret", err)
		}
	case <-time.After(5 * time.Second):
		t.Errorf("Run() still runs after 5 s, want a PermanentError %q", reason)
	}
}

func TestTemporaryErrorDoesNotEndRun(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("auth.test", fake.InTurn(fake.Status(500), fake.Status(200), fake.Reply(`{}`), fake.Identity))
	b, _ := countingBot(f, f.config())
	run(t, b)
	f.await("auth.test until there is an answer", func() bool { return len(f.Made("auth.test")) == 4 })
	f.socket(1).command("e1", "x")
	f.await("e1", func() bool { return f.acked("e1") == 1 })
}

// TestTemporaryStatusDoesNotEndRun: a proxy that answers 403 for a while must not stop a bot that has worked before.
func TestTemporaryStatusDoesNotEndRun(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b, _ := countingBot(f, f.config())
	run(t, b)
	first := f.socket(1)
	first.command("e1", "x")
	f.await("e1", func() bool { return f.acked("e1") == 1 })
	f.Answer("apps.connections.open", fake.InTurn(fake.Status(403), fake.Status(401), f.giveURL))
	first.reset()
	f.socket(2).command("e2", "x")
	f.await("e2", func() bool { return f.acked("e2") == 1 })
}

// TestStatusAtStartDoesNotEndRun: a proxy that answers for Slack while the bot starts must not stop it.
func TestStatusAtStartDoesNotEndRun(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.Answer("apps.connections.open", fake.InTurn(fake.Status(403), fake.Status(404), f.giveURL))
	f.Answer("auth.test", fake.InTurn(fake.Status(403), fake.Status(401), fake.Identity))
	b, _ := countingBot(f, f.config())
	run(t, b)
	f.socket(1).command("e1", "x")
	f.await("e1", func() bool { return f.acked("e1") == 1 })
	f.await("auth.test until there is an answer", func() bool { return len(f.Made("auth.test")) == 3 })
}
