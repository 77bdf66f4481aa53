package slacksim_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"meetingbot/internal/slacksim"
)

const manifest = `{"features":{"app_home":{"home_tab_enabled":true},"slash_commands":[{"command":"/cancel"}],
"shortcuts":[{"type":"message","callback_id":"this"},{"type":"global","callback_id":"any"}]},
"oauth_config":{"scopes":{"bot":["commands","chat:write"],"bot_optional":["usergroups:read"]}},
"settings":{"socket_mode_enabled":true,"event_subscriptions":{"bot_events":["app_home_opened"]}}}`

func TestReadManifest(t *testing.T) {
	t.Parallel()
	var got slacksim.Options
	if err := got.ReadManifest([]byte(manifest)); err != nil {
		t.Fatal(err)
	}
	want := slacksim.Options{
		Command: "/cancel", Shortcuts: []string{"this"}, Scopes: []string{"commands", "chat:write"},
		Events: []string{"app_home_opened"}, HomeTab: true,
	}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(slacksim.Options{}, "Now", "Chance")); diff != "" {
		t.Errorf("ReadManifest: (-want +got)\n%s", diff)
	}
	granted := slacksim.Options{Scopes: []string{"commands"}}
	if err := granted.ReadManifest([]byte(manifest)); err != nil || len(granted.Scopes) != 1 {
		t.Errorf("ReadManifest with scopes = %v, %v; want those kept", granted.Scopes, err)
	}
	w := newWorld(t, got)
	if answer := w.call("users.info", "user", ana); answer.code() != "missing_scope" || answer.str("needed") != "users:read" {
		t.Errorf("users.info = %v, want missing_scope for the scope not in the manifest", answer)
	}
	for _, wrong := range []string{
		`{`, `{}`, strings.Replace(manifest, `"socket_mode_enabled":true,`, "", 1),
		strings.Replace(manifest, `{"command":"/cancel"}`, `{"command":"/a"},{"command":"/b"}`, 1),
	} {
		if err := new(slacksim.Options).ReadManifest([]byte(wrong)); err == nil {
			t.Errorf("ReadManifest(%.40s) = nil, want an error", wrong)
		}
	}
}
