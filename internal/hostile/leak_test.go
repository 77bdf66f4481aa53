package hostile

import (
	"context"
	"database/sql"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "modernc.org/sqlite" // the driver for inspecting the file

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// secrets are prefixes of what nobody but the owner may read.
var secrets = []string{
	"HOSTPW-", "GUESTPW-", "HOSTLINK-", "GUESTLINK-", "MEETINGKEY-secret", "xoxb-", "xapp-",
	"PASTEDPW-77", "pwd=PASTED", "ticket=",
}

// addresses are prefixes of response URLs. Anyone who has one can post in Slack for half an
// hour, so they are stored only as long as they are needed.
var addresses = []string{"/commands/T0SIM", "/actions/T0SIM"}

// TestNoSecretLeaks searches for secrets in everything that the program leaves behind, with
// debug logs and while everything fails.
func TestNoSecretLeaks(t *testing.T) {
	t.Parallel()
	s := newStage(t, "LOG_LEVEL=debug", "HTTP_ADDR=127.0.0.1:0")
	s.Book(number, world.Carol, nil)
	s.Book("914087437", world.Carol, func(m *meetingsim.Meeting) { m.Series = &meetingsim.Series{} })
	s.Book("914087438", world.Carol, func(m *meetingsim.Meeting) { m.VMRID = "888777666" })
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	invitation := "Bob invites you to a HUAWEI CLOUD Meeting\nSubject: Budget\nMeeting ID: 914 087 436\n" +
		"Guest password: PASTEDPW-77\nhttps://meeting.huaweicloud.com/#/j/914087436?pwd=PASTED"
	s.slash(world.Ana, world.General, "/cancel-meeting "+strings.ReplaceAll(invitation, "\n", " "))
	m, b := s.button(world.Ana, world.General, "Cancel meeting")
	s.Meeting.Fault(meetingsim.Fault{Operation: meetingsim.OpCancel, Kind: meetingsim.FaultHalfJSON, Times: 1})
	s.Meeting.Fault(meetingsim.Fault{Operation: meetingsim.OpDetail, Kind: meetingsim.FaultHalfJSON, Times: 1})
	s.Meeting.Fault(meetingsim.Fault{Operation: meetingsim.OpDetail, Kind: meetingsim.FaultSurplus, Times: 1})
	s.Slack.Fault(slacksim.Fault{Method: "response_url", Kind: slacksim.FaultReset, Times: 2})
	s.Slack.Fault(slacksim.Fault{Method: "chat.update", Kind: slacksim.FaultReset, Times: 2})
	s.press(world.Ana, m, b)
	s.press(world.Dave, m, b)
	s.shows(world.Bob, world.General, "was cancelled by @ana")
	s.slash(world.Carol, world.Other, "/cancel-meeting 914087437")
	s.slash(world.Ana, world.Private, "/cancel-meeting 888777666 --reason \"the password was PASTED by nobody\"")
	s.slash(world.Ana, world.General, "/cancel-meeting nonsense Guest password: PASTEDPW-77")
	s.slash(world.Ana, world.General, "/cancel-meeting list")
	other, series := s.button(world.Carol, world.Other, "Cancel whole series")
	s.press(world.Carol, other, series)
	s.shows(world.Carol, world.Other, "was cancelled by @carol")
	private, keep := s.button(world.Ana, world.Private, "Keep meeting")
	s.press(world.Ana, private, keep)
	s.shows(world.Carol, world.Private, "chose to keep")
	said := s.Slack.Type(world.Carol, world.General, invitation)
	act, err := s.Slack.MessageShortcut(world.Dave, said.Ref(), "cancel_this_meeting")
	if err != nil {
		t.Fatal(err)
	}
	if err := act.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.within("a moment", func() bool { return false }, 500*time.Millisecond)

	for _, user := range everybody {
		for _, channel := range []string{world.General, world.Other, world.Private} {
			for _, m := range s.seen(user, channel) {
				if m.Via != slacksim.ViaPerson {
					raw := m.Plain() + m.Text + string(m.Metadata)
					for _, block := range m.Blocks {
						raw += string(block.Raw)
					}
					search(t, "a message", raw)
				}
			}
		}
	}
	for _, args := range [][]string{{"audit"}, {"audit", "--format", "json"}, {"doctor"}, {"doctor", "--json"}} {
		out, _ := s.run(args...)
		search(t, strings.Join(args, " "), out, addresses...)
	}
	if err := s.Bot.Signal(syscall.SIGQUIT); err != nil { // every goroutine's stack, as in a panic
		t.Fatal(err)
	}
	if _, err := s.Bot.Wait(10 * time.Second); err != nil {
		t.Fatal(err)
	}
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.slash(world.Bob, world.General, "/cancel-meeting help")
	s.shows(world.Bob, world.General, "--series")
	if !s.within("nothing left to report", func() bool { return addressesKept(t, s.dir) == 0 }, 2*time.Minute) {
		t.Errorf("%d finished requests still hold a response URL", addressesKept(t, s.dir))
	}
	if err := s.Bot.Stop(); err != nil {
		t.Fatal(err)
	}
	search(t, "the log", s.Bot.Log(), addresses...)
	files, err := filepath.Glob(filepath.Join(s.dir, "meetingbot.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob = %v, %v, want the database", files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		search(t, filepath.Base(name), string(text), addresses...)
	}
}

func search(t *testing.T, where, text string, more ...string) {
	t.Helper()
	for _, secret := range slices.Concat(secrets, more) {
		if i := strings.Index(text, secret); i >= 0 {
			t.Errorf("%s contains %q: …%q…", where, secret, text[max(0, i-120):min(len(text), i+60)])
		}
	}
}

// run runs a subcommand with the program's environment.
func (s *stage) run(args ...string) (string, int) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, program, args...)
	pid := s.Bot.Pid()
	env, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/environ")
	if err != nil {
		s.t.Fatal(err)
	}
	cmd.Env = strings.Split(strings.TrimRight(string(env), "\x00"), "\x00")
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}

// addressesKept counts the requests that have ended and still hold a response URL because their
// result has yet to be reported somewhere.
func addressesKept(t *testing.T, dir string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "meetingbot.db")+"?_pragma=busy_timeout(5000)") // the bot may be writing right now
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	const count = `SELECT count(*) FROM request WHERE closed_at IS NOT NULL AND body LIKE '%/T0SIM/%'`
	if err := db.QueryRowContext(t.Context(), count).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
