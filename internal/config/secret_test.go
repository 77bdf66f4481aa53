package config_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"meetingbot/internal/config"
)

// TestNoSecretIsPrinted prints a Config every way a program might.
func TestNoSecretIsPrinted(t *testing.T) {
	t.Parallel()
	const value = "hunter2hunter2"
	env := with(map[string]string{
		"SLACK_APP_TOKEN": "xapp-" + value, "SLACK_BOT_TOKEN": "xoxb-" + value, "MEETING_APP_KEY": value,
		"DATABASE_URL": "postgres://bot:" + value + "@db/bot",
	})
	c, err := config.Load(env)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "% x", "%t"} {
		fmt.Fprintf(&out, verb+"\n", c)
		fmt.Fprintf(&out, verb+"\n", &c)
		fmt.Fprintf(&out, verb+"\n", c.SlackBotToken)
	}
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).Info("read", "config", c, "secret", c.MeetingAppKey, "group", slog.GroupValue(slog.Any("s", c.DatabaseURL)))
	}
	encode := func(b []byte, err error) {
		if err != nil {
			t.Error(err)
		}
		out.Write(b)
	}
	encode(json.Marshal(c))
	encode(yaml.Marshal(c))
	type document struct{ Key config.Secret }
	encode(xml.Marshal(document{c.MeetingAppKey}))
	out.WriteString(fmt.Errorf("wrapped: %v", c.SlackAppToken).Error())

	hexed := fmt.Sprintf("%x", value)
	if s := out.String(); strings.Contains(s, value) || strings.Contains(strings.ToLower(s), hexed) {
		t.Errorf("a secret is printed in:\n%s", s)
	}
	if !strings.Contains(out.String(), "•••") {
		t.Errorf("printing a Config shows no dots:\n%s", out.String())
	}
	if c.MeetingAppKey.Reveal() != value {
		t.Error("Reveal() is not the value")
	}
}

// TestNoSecretInFaults gives every variable a bad value that contains a secret.
func TestNoSecretInFaults(t *testing.T) {
	t.Parallel()
	const value = "hunter2hunter2"
	var usage bytes.Buffer
	if err := config.Usage(&usage); err != nil {
		t.Fatal(err)
	}
	var env []string
	for line := range strings.Lines(usage.String()) {
		name, _, _ := strings.Cut(line, " ")
		if name == strings.ToUpper(name) && strings.Contains(name, "_") {
			env = append(env, name+"="+value+" \x00"+value)
		}
	}
	if len(env) < 25 {
		t.Fatalf("Usage() names %d variables, want all:\n%s", len(env), usage.String())
	}
	_, err := config.Load(env)
	if err == nil {
		t.Fatal("Load() = nil with nothing right, want faults")
	}
	for _, printed := range []string{err.Error(), fmt.Sprintf("%+v %#v %q", err, err, err)} {
		if strings.Contains(printed, value) {
			t.Errorf("a value is shown in:\n%s", printed)
		}
	}
}

func TestUsage(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	if err := config.Usage(&b); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`SLACK_APP_TOKEN +required`, `CONFIRM_TTL +15m`, `HTTP_ADDR +:8080`, `DELEGATION_MAX +90d`, `OWNER_MAP `, `NAME_FILE`,
	} {
		if !regexp.MustCompile(want).MatchString(b.String()) {
			t.Errorf("Usage() lacks %s:\n%s", want, b.String())
		}
	}
}
