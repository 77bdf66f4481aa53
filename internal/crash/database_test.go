package crash

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/pgtest"
	"meetingbot/internal/world"
)

// sorry is the answer to a person whose command could not be stored.
const sorry = "couldn't be accepted just now"

// refusedThenTaken breaks the database and types a command. The person must be told, there
// must be no ack, and the log must say what to do. Then it repairs the database, and the same
// process must serve the next command.
func refusedThenTaken(t *testing.T, s *story, logged string, spoil, mend func()) {
	t.Helper()
	s.await(t, "sockets", func() bool { return s.Slack.Connections() >= 2 })
	s.Forgive = func(v string) bool { return strings.Contains(v, "not acknowledged") } // as intended
	spoil()
	a := s.Slack.Type(world.Ana, world.General, "/cancel-meeting "+meeting)
	s.await(t, "message to Ana", func() bool { return s.reads(world.Ana, sorry) })
	s.await(t, "log line with "+logged, func() bool { return strings.Contains(s.Bot.Log(), logged) })
	if a.Acked() {
		t.Error("the command was acknowledged, although it was not stored")
	}
	mend()
	s.ask(t, world.Ana)
	s.press(t, world.Ana)
	s.checkSettled(t)
	if s.lifeCount() != 1 {
		t.Errorf("the program was started %d times, want once: it must recover without a restart", s.lifeCount())
	}
}

// reads reports whether a person sees a message with the text.
func (s *story) reads(who, text string) bool {
	for _, m := range s.Slack.Messages(world.General, who) {
		if strings.Contains(m.Plain()+m.Text, text) {
			return true
		}
	}
	return false
}

func TestDatabaseLocked(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "meetingbot.db")
	s := begin(t, world.Options{Database: "sqlite:" + path, Scopes: historyScopes()})
	other, err := sql.Open("sqlite", path+"?_pragma=busy_timeout(5000)") // the bot may be writing right now
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = other.Close() }()
	conn, err := other.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	refusedThenTaken(t, s, "close whatever has it open", func() {
		if _, err := conn.ExecContext(t.Context(), "BEGIN IMMEDIATE"); err != nil {
			t.Fatal(err)
		}
	}, func() {
		if _, err := conn.ExecContext(t.Context(), "ROLLBACK"); err != nil {
			t.Fatal(err)
		}
	})
}

// TestDatabaseRemoved: without its name, what is written to the file or to its log would be
// lost with the process.
func TestDatabaseRemoved(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"meetingbot.db", "meetingbot.db-wal"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			s := begin(t, world.Options{Database: "sqlite:" + filepath.Join(dir, "meetingbot.db"), Scopes: historyScopes()})
			path := filepath.Join(dir, name)
			rename := func(from, to string) func() {
				return func() {
					if err := os.Rename(from, to); err != nil {
						t.Fatal(err)
					}
				}
			}
			refusedThenTaken(t, s, "put it back or restart", rename(path, path+".away"), rename(path+".away", path))
		})
	}
}

// TestDatabaseFull fills up the small disk that holds the file.
func TestDatabaseFull(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t)
	s := begin(t, world.Options{Database: "sqlite:" + filepath.Join(dir, "meetingbot.db"), Scopes: historyScopes()})
	filler := filepath.Join(dir, "filler")
	refusedThenTaken(t, s, "free some space", func() {
		f, err := os.Create(filler)
		if err != nil {
			t.Fatal(err)
		}
		for chunk := make([]byte, 4096); err == nil; {
			_, err = f.Write(chunk)
		}
		_ = f.Close() // the write has failed, as intended
		// As long as the write-ahead log has free space in it, the disk isn't full for the bot.
		for i := range 400 {
			if strings.Contains(s.Bot.Log(), "free some space") {
				return
			}
			s.Slack.Type(world.Dave, world.General, "/cancel-meeting not-a-number-"+strings.Repeat("x", i%50))
			s.within(20*time.Millisecond, func() bool { return false })
		}
	}, func() {
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
	})
}

func TestDatabaseServerStopped(t *testing.T) {
	t.Parallel()
	database := pgtest.URL(t)
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	l, _ := newLine(t, database)
	u.Host = l.proxy.Listen
	s := begin(t, world.Options{Database: u.String(), Scopes: historyScopes()})
	refusedThenTaken(t, s, "slack envelope was not stored", l.proxy.Stop, func() {
		if err := l.proxy.Start(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestDatabaseRefused: a program that can't use its database at all exits with code 1 and says
// what to do.
func TestDatabaseRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		want  string
		spoil func(t *testing.T, path string)
		user  bool // run without root's rights
	}{
		"newer version": {"run that version", func(t *testing.T, path string) {
			change(t, path, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (999, 1)`)
		}, false},
		"no database": {"restore a backup", func(t *testing.T, path string) {
			if err := os.WriteFile(path, []byte(strings.Repeat("this is no database ", 500)), 0o600); err != nil {
				t.Fatal(err)
			}
		}, false},
		"read-only": {"write the file and its folder", func(t *testing.T, path string) {
			if err := os.Chmod(path, 0o444); err != nil {
				t.Fatal(err)
			}
		}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "meetingbot.db")
			w := world.New(world.Options{Dir: dir, Program: []string{program}})
			if err := w.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := w.Bot.Stop(); err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := w.Close(); err != nil {
					t.Error(err)
				}
			}()
			c.spoil(t, path)
			p := w.Bot
			if c.user && os.Getuid() == 0 {
				p = asNobody(t, w, dir)
			}
			if err := p.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			code, err := p.Wait(world.Timeout)
			if err != nil || code != 1 || !strings.Contains(p.Log(), c.want) {
				t.Errorf("exit code %d (%v), want 1 and a word about %q\n%s", code, err, c.want, p.Log())
			}
		})
	}
}

// asNobody returns the program run by a user without rights.
func asNobody(t *testing.T, w *world.World, dir string) *world.Process {
	t.Helper()
	if _, err := os.Stat("/usr/bin/setpriv"); err != nil {
		t.Skip("no way to give up the rights of root")
	}
	for d := dir; d != "/" && d != os.TempDir(); d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o755); err != nil { // so that the user nobody can read it
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Dir(program), 0o755); err != nil { // likewise
		t.Fatal(err)
	}
	return w.Run("nobody", "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program)
}

// change runs a statement on a file that isn't in use.
func change(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.ExecContext(context.WithoutCancel(t.Context()), statement); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
