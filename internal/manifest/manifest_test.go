package manifest_test

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"gopkg.in/yaml.v3"

	"meetingbot/handlers/view/action"
	"meetingbot/internal/command"
)

const file = "../../manifest.yml"

// An app is the part of the manifest that has to match the code.
type app struct {
	Features struct {
		AppHome struct {
			HomeTab     bool `yaml:"home_tab_enabled"`
			MessagesTab bool `yaml:"messages_tab_enabled"`
			ReadOnly    bool `yaml:"messages_tab_read_only_enabled"`
		} `yaml:"app_home"`
		SlashCommands []struct {
			Command      string
			UsageHint    string `yaml:"usage_hint"`
			ShouldEscape bool   `yaml:"should_escape"`
		} `yaml:"slash_commands"`
		Shortcuts []struct {
			Name, Type string
			CallbackID string `yaml:"callback_id"`
		}
	}
	OAuthConfig struct {
		Scopes struct {
			Bot      []string
			Optional []string `yaml:"bot_optional"`
		}
	} `yaml:"oauth_config"`
	Settings struct {
		Interactivity struct {
			IsEnabled bool `yaml:"is_enabled"`
		}
		Events struct {
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
	}
}

func read(t *testing.T, into any) {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := yaml.Unmarshal(content, into); err != nil {
		t.Fatalf("%s is not YAML: %v", file, err)
	}
}

// asJSON returns the manifest converted to JSON, as Slack sees it.
func asJSON(t *testing.T) any {
	t.Helper()
	var parsed any
	read(t, &parsed)
	content, err := json.Marshal(parsed)
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(content)))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func validate(t *testing.T, schema string, value any) error {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.UseRegexpEngine(pattern)
	s, err := c.Compile(schema)
	if err != nil {
		t.Fatalf("compile %s: %v", schema, err)
	}
	return s.Validate(value)
}

// pattern compiles the regular expressions of a schema. Slack's has a look-ahead for
// domain names, which Go doesn't support. Our manifest has no domain names, so that one
// matches nothing here.
func pattern(expr string) (jsonschema.Regexp, error) {
	if strings.Contains(expr, "(?!") {
		expr = `^\b$`
	}
	return regexp.Compile(expr)
}

func TestRules(t *testing.T) {
	t.Parallel()
	if err := validate(t, "testdata/rules.schema.json", asJSON(t)); err != nil {
		t.Error(err)
	}
}

// TestRulesRefuse breaks the manifest in ways that Slack refuses, or accepts but then
// behaves oddly. A schema that accepted everything would prove nothing.
func TestRulesRefuse(t *testing.T) {
	t.Parallel()
	for name, breakIt := range map[string]func(map[string]any){
		"a capital in the command": func(m map[string]any) { at(m, "features", "slash_commands", 0)["command"] = "/Cancel-meeting" },
		"a long shortcut":          func(m map[string]any) { at(m, "features", "shortcuts", 0)["name"] = strings.Repeat("x", 25) },
		"a short description":      func(m map[string]any) { at(m, "display_information")["long_description"] = "short" },
		"a colour by name":         func(m map[string]any) { at(m, "display_information")["background_color"] = "blue" },
		"no socket mode":           func(m map[string]any) { at(m, "settings")["socket_mode_enabled"] = false },
		"token rotation":           func(m map[string]any) { at(m, "settings")["token_rotation_enabled"] = true },
		"an unknown key":           func(m map[string]any) { m["feature"] = true },
		"a blank in the command":   func(m map[string]any) { at(m, "features", "slash_commands", 0)["command"] = "/cancel meeting" },
		"an address to send to":    func(m map[string]any) { at(m, "features", "slash_commands", 0)["url"] = "https://example.com" },
		"a long usage hint": func(m map[string]any) {
			at(m, "features", "slash_commands", 0)["usage_hint"] = strings.Repeat("x", 1001)
		},
		"a long name":            func(m map[string]any) { at(m, "display_information")["name"] = strings.Repeat("x", 36) },
		"a bot without a name":   func(m map[string]any) { delete(at(m, "features", "bot_user"), "display_name") },
		"buttons left undecided": func(m map[string]any) { delete(at(m, "settings", "interactivity"), "is_enabled") },
		"an address for buttons": func(m map[string]any) { at(m, "settings", "interactivity")["request_url"] = "https://example.com" },
		"no scopes":              func(m map[string]any) { at(m, "oauth_config", "scopes")["bot"] = []any{} },
		"an event twice": func(m map[string]any) {
			at(m, "settings", "event_subscriptions")["bot_events"] = []any{"app_home_opened", "app_home_opened"}
		},
		"an address for events": func(m map[string]any) {
			at(m, "settings", "event_subscriptions")["request_url"] = "https://example.com"
		},
		"a scope twice": func(m map[string]any) { at(m, "oauth_config", "scopes")["bot"] = []any{"commands", "commands"} },
	} {
		value := asJSON(t).(map[string]any)
		breakIt(value)
		if validate(t, "testdata/rules.schema.json", value) == nil {
			t.Errorf("%s: the rules accept it, want a refusal", name)
		}
	}
}

// at returns the map at path in a manifest.
func at(m map[string]any, path ...any) map[string]any {
	var here any = m
	for _, step := range path {
		switch s := step.(type) {
		case string:
			here = here.(map[string]any)[s]
		case int:
			here = here.([]any)[s]
		}
	}
	return here.(map[string]any)
}

// TestPublishedSchema validates against the schema that Slack publishes, which isn't part
// of this repository.
func TestPublishedSchema(t *testing.T) {
	t.Parallel()
	schema := os.Getenv("MEETINGBOT_TEST_MANIFEST_SCHEMA")
	if schema == "" {
		t.Skip("Slack's own schema is not in this repository: get schemas/manifest.schema.1.0.0.json from slackapi/manifest-schema " +
			"and name the file in MEETINGBOT_TEST_MANIFEST_SCHEMA; without it TestRules stands for what Slack documents")
	}
	if err := validate(t, schema, asJSON(t)); err != nil {
		t.Error(err)
	}
}

func TestSameAsCode(t *testing.T) {
	t.Parallel()
	var a app
	read(t, &a)
	if n := len(a.Features.SlashCommands); n != 1 || a.Features.SlashCommands[0].Command != command.Name {
		t.Fatalf("slash commands = %+v, want %s alone", a.Features.SlashCommands, command.Name)
	}
	if !a.Features.SlashCommands[0].ShouldEscape {
		t.Error("should_escape = false, want true: a person's name says nothing about who they are")
	}
	for _, flag := range []string{"--end", "--series", "--occurrence", "--of", "--reason"} {
		if hint := a.Features.SlashCommands[0].UsageHint; !strings.Contains(hint, flag) {
			t.Errorf("usage_hint = %q, want %s in it", hint, flag)
		}
	}
	if n := len(a.Features.Shortcuts); n != 1 || a.Features.Shortcuts[0].Type != "message" || a.Features.Shortcuts[0].CallbackID != action.ShortcutCancel {
		t.Errorf("shortcuts = %+v, want one on messages with the callback_id %s", a.Features.Shortcuts, action.ShortcutCancel)
	}
	if !a.Settings.Interactivity.IsEnabled {
		t.Error("interactivity is off, and there are buttons")
	}
	if diff := cmp.Diff([]string{"app_home_opened"}, a.Settings.Events.Bot); diff != "" || !a.Features.AppHome.HomeTab {
		t.Errorf("Home tab = %v, events (-want +got):\n%s", a.Features.AppHome.HomeTab, diff)
	}
	if !a.Features.AppHome.MessagesTab || a.Features.AppHome.ReadOnly {
		t.Errorf("app_home = %+v, want a messages tab that can be written in", a.Features.AppHome)
	}
}

// needs lists the scopes of everything the bot calls. The manifest must request these and
// no others, because an administrator approves each.
var needs = map[string][]string{
	"slash commands, shortcuts":           {"commands"},
	"chat.postMessage":                    {"chat:write"},
	"chat.postEphemeral":                  {"chat:write"},
	"chat.update":                         {"chat:write"},
	"users.info":                          {"users:read"},
	"profile.email in users.info":         {"users:read.email"},
	"users.lookupByEmail":                 {"users:read.email"},
	"auth.test, views.open, getPermalink": {},
	"app_home_opened, views.publish":      {},
}

func TestScopes(t *testing.T) {
	t.Parallel()
	var a app
	read(t, &a)
	var want []string
	for _, scopes := range needs {
		want = append(want, scopes...)
	}
	slices.Sort(want)
	if diff := cmp.Diff(slices.Compact(want), slices.Sorted(slices.Values(a.OAuthConfig.Scopes.Bot))); diff != "" {
		t.Errorf("bot scopes (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"usergroups:read"}, a.OAuthConfig.Scopes.Optional); diff != "" {
		t.Errorf("optional bot scopes (-want +got):\n%s", diff)
	}
}
