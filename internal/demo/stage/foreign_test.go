package stage_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// converse uses a command, a button and a modal of another bot, and returns once the bot has
// posted the text typed into the modal.
func converse(t *testing.T, st *stage.Stage) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	await := func(what string, holds func() bool) {
		t.Helper()
		if err := st.Slack.Await(ctx, holds); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	done := func(what string, a *slacksim.Action, err error) {
		t.Helper()
		if err == nil {
			err = a.Wait(ctx)
		}
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	last := func() (m slacksim.Message, ok bool) {
		all := st.Slack.Messages(stage.General, stage.You)
		if len(all) == 0 {
			return m, false
		}
		return all[len(all)-1], true
	}
	await("the bot connects", func() bool { return st.Slack.Connections() > 0 })
	done("the command", st.Slack.Type(stage.You, stage.General, stage.Command+" 914087436"), nil)
	await("the button", func() bool { m, ok := last(); return ok && len(m.Buttons()) == 1 })
	card, _ := last()
	action, err := st.Slack.Click(stage.You, card.Ref, "why", slacksim.ClickOptions{})
	done("the click", action, err)
	await("the modal", func() bool { _, open := st.Slack.Modal(stage.You); return open })
	action, err = st.Slack.SubmitModal(stage.You, map[string]string{"reason": "the room is flooded"})
	done("the submission", action, err)
	await("the answer", func() bool { m, ok := last(); return ok && strings.Contains(m.Plain(), "@ana: the room is flooded") })
	if _, open := st.Slack.Modal(stage.You); open {
		t.Error("the modal stays open")
	}
}

// openDoors opens a stage for another bot.
func openDoors(t *testing.T) *stage.Stage {
	t.Helper()
	st, err := stage.Open(t.Context(), stage.Options{Open: true, NoBot: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	})
	return st
}

// variable returns a variable from Environ.
func variable(t *testing.T, st *stage.Stage, name string) string {
	t.Helper()
	for _, line := range st.Environ() {
		if value, found := strings.CutPrefix(line, name+"="); found {
			return value
		}
	}
	t.Fatalf("Environ() has no %s", name)
	return ""
}

// TestBolt asserts that Slack's official framework works with the simulated Slack.
func TestBolt(t *testing.T) {
	t.Parallel()
	dir := installBolt(t)
	st := openDoors(t)
	bolt := exec.CommandContext(t.Context(), "node", "app.js")
	bolt.Dir, bolt.Env = dir, append(st.Environ(), "PATH="+os.Getenv("PATH"))
	var said bytes.Buffer
	bolt.Stdout, bolt.Stderr = &said, &said
	if err := bolt.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = bolt.Process.Kill()
		_ = bolt.Wait() // we killed it
		if t.Failed() {
			t.Logf("Bolt says:\n%s", said.String())
		}
	})
	converse(t, st)
}

// installBolt installs the bot and its framework in a temporary directory. If it can't, it
// skips the test, or fails it if MEETINGBOT_TEST_REQUIRE says that it must work.
func installBolt(t *testing.T) string {
	t.Helper()
	missing := t.Skipf
	if strings.Contains(os.Getenv("MEETINGBOT_TEST_REQUIRE"), "node") {
		missing = t.Fatalf
	}
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			missing("no %s; the test wants Node.js 20 or newer: %v", program, err)
		}
	}
	if out, err := exec.CommandContext(t.Context(), "node", "--version").Output(); err != nil || tooOld(string(out)) {
		missing("Node.js is %s, which Bolt does not work on: %v", out, err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(filepath.Join("testdata", "bolt"))); err != nil {
		t.Fatal(err)
	}
	npm := exec.CommandContext(t.Context(), "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts", "--prefer-offline")
	npm.Dir = dir
	if out, err := npm.CombinedOutput(); err != nil {
		missing("npm can't install @slack/bolt: %v\n%s", err, out)
	}
	return dir
}

// tooOld reports whether Bolt needs a newer Node.js than version, such as v20.1.0.
func tooOld(version string) bool {
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	n, err := strconv.Atoi(major)
	return err != nil || n < 20
}
