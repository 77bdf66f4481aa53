package stage_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"meetingbot/internal/demo/demotest"
	"meetingbot/internal/demo/stage"
)

func TestMain(m *testing.M) { demotest.Main(m) }

// TestKill asserts that another process replaces a killed bot and connects, and that
// nothing is left at the end.
func TestKill(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	demotest.OwnTemp(t)
	st, err := stage.Open(t.Context(), stage.Options{Program: demotest.Program(t)})
	if err != nil {
		t.Fatal(err)
	}
	before := st.Bot.Status()
	if !before.Running || before.Kills != 0 {
		t.Errorf("Status() = %+v, want it running and never killed", before)
	}
	opened := st.Slack.Opened()
	if err := st.Bot.Kill(); err != nil {
		t.Fatalf("Kill() = %v", err)
	}
	if n := st.Slack.Connections(); n > st.Slack.Opened()-opened {
		t.Errorf("right after the kill Slack counts %d sockets, want none of the dead process", n)
	}
	after := st.Bot.Status()
	if !after.Running || after.Kills != 1 || after.PID == before.PID {
		t.Errorf("Status() = %+v after a kill of %+v, want another process", after, before)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := st.Slack.Await(ctx, func() bool { return st.Slack.Connections() == 2 }); err != nil {
		t.Errorf("the new process does not connect: %v\n%s", err, st.Bot.Log())
	}
	if err := st.Close(); err != nil {
		t.Errorf("Close() = %v", err)
	}
	if log := st.Bot.Log(); !strings.Contains(log, "msg=stopped") {
		t.Errorf("the bot was not stopped gracefully:\n%s", log)
	}
	if err := st.Bot.Kill(); err == nil {
		t.Error("Kill() after Close() = nil, want an error: it would start another bot")
	}
	if left, err := filepath.Glob(filepath.Join(os.TempDir(), "*")); err != nil || len(left) > 0 {
		t.Errorf("the stage leaves %v, %v, want nothing", left, err)
	}
}

// TestBotEndsWithItsInput asserts that a bot ends when its stage does, even if that is
// killed.
func TestBotEndsWithItsInput(t *testing.T) {
	t.Parallel()
	st, err := stage.Open(t.Context(), stage.Options{NoBot: true})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	program := demotest.Program(t)
	cmd := exec.CommandContext(ctx, program[0], program[1:]...)
	cmd.Env = append(st.Environ(), "DATABASE_URL=sqlite:"+filepath.Join(t.TempDir(), "m.db"), "HTTP_ADDR=")
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if err := st.Slack.Await(ctx, func() bool { return st.Slack.Connections() > 0 }); err != nil {
		t.Errorf("the bot does not connect: %v", err)
	}
	_ = input.Close()
	if err := cmd.Wait(); err != nil {
		t.Errorf("the bot ends with %v after its input, want a clean end", err)
	}
}

// TestBotThatDies asserts that Open notices at once if the bot ends, and returns the last
// lines of its log.
func TestBotThatDies(t *testing.T) {
	t.Parallel()
	_, err := stage.Open(t.Context(), stage.Options{Program: []string{demotest.Program(t)[0], "-no-such-thing"}})
	if err == nil || !strings.Contains(err.Error(), "not defined: -no-such-thing") {
		t.Errorf("Open() with a bot that ends = %v, want its last words", err)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want string
		found      bool
	}{{"Carol", "U0CAROL", true}, {"carol", "U0CAROL", true}, {"U0BOB", "U0BOB", true}, {"mallory", "", false}, {"", "", false}} {
		if p, found := stage.Find(c.name); p.ID != c.want || found != c.found {
			t.Errorf("Find(%q) = %q, %t, want %q, %t", c.name, p.ID, found, c.want, c.found)
		}
	}
}
