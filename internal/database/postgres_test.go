package database_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/database"
	"meetingbot/internal/pgtest"
)

// TestPooler: Open and Inspect refuse a pooler that shares sessions among transactions, and
// accept one that doesn't.
func TestPooler(t *testing.T) {
	t.Parallel()
	program, err := exec.LookPath("pgbouncer")
	if err != nil {
		t.Skip("there is no pgbouncer here")
	}
	for mode, size := range map[string]int{"transaction": 20, "transaction of one session": 1, "statement": 20, "session": 20} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			address := bouncer(t, program, strings.Fields(mode)[0], size)
			wrong := mode != "session"
			if _, err := schema().Inspect(t.Context(), address); errors.Is(err, database.ErrAddress) != wrong {
				t.Errorf("Inspect() = %v, want the pooler refused: %t", err, wrong)
			}
			s, err := schema().Open(t.Context(), address, database.Options{})
			if errors.Is(err, database.ErrAddress) != wrong || err == nil == wrong {
				t.Errorf("Open() = %v, want the pooler refused: %t", err, wrong)
			}
			if err == nil {
				_ = s.Close()
			}
		})
	}
}

// TestSilentServerIsNoPooler: a server that falls silent while the start checks for a pooler is
// a temporary error, like one that doesn't answer at all.
func TestSilentServerIsNoPooler(t *testing.T) {
	t.Parallel()
	valve, address := pgtest.NewValve(t, pgtest.URL(t))
	valve.SilenceAt("current_setting('meetingbot.mark'")
	if s, err := schema().Open(t.Context(), address, database.Options{}); err == nil {
		_ = s.Close()
		t.Error("Open() = nil, although the server was silent")
	} else if errors.Is(err, database.ErrAddress) || !database.Temporary(err) {
		t.Errorf("Open() = %v, want a temporary error", err)
	}
}

// TestNowhereToPutTables: a start that can't make its tables says why, at once, whether or not an
// earlier start could.
func TestNowhereToPutTables(t *testing.T) {
	t.Parallel()
	for option, want := range map[string]error{"default_transaction_read_only=on": database.ErrServerReadOnly, "search_path=": database.ErrNoSchema} {
		for _, before := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, tables: %t", option, before), func(t *testing.T) {
				t.Parallel()
				u, err := url.Parse(pgtest.URL(t))
				if err != nil {
					t.Fatal(err)
				}
				if before {
					_ = running(t, u.String()).Close()
				}
				u.RawQuery += "&" + option
				s, err := schema().Open(t.Context(), u.String(), database.Options{})
				if err == nil {
					err = errors.Join(s.Check(t.Context()), s.Close())
				}
				if !errors.Is(err, want) || database.Temporary(err) || strings.Contains(err.Error(), "conn closed") {
					t.Errorf("the start = %v, want %v and nothing else", err, want)
				}
				if option != "search_path=" { // others don't keep anyone from reading
					return
				}
				if s, err := schema().OpenReadOnly(t.Context(), u.String()); !errors.Is(err, want) {
					t.Errorf("OpenReadOnly() = %v, %v, want %v", s, err, want)
				}
			})
		}
	}
}

// bouncer starts pgbouncer in front of a fresh database, and returns its address.
func bouncer(t *testing.T, program, mode string, size int) string {
	t.Helper()
	u, err := url.Parse(pgtest.URL(t))
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(l.Addr().String())
	_ = l.Close()
	dir := t.TempDir()
	file := filepath.Join(dir, "pgbouncer.ini")
	text := fmt.Sprintf(`[databases]
* = host=%s port=%s
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = %s
unix_socket_dir =
auth_type = any
pool_mode = %s
default_pool_size = %d
ignore_startup_parameters = extra_float_digits
`, u.Hostname(), u.Port(), port, mode, size)
	text = strings.Replace(text, "* = host", "* = user="+u.User.Username()+" host", 1)
	if err := errors.Join(os.WriteFile(file, []byte(text), 0o644), os.Chmod(dir, 0o755), os.Chmod(filepath.Dir(dir), 0o755)); err != nil {
		t.Fatal(err)
	}
	args := []string{"-q", file}
	if os.Geteuid() == 0 { // pgbouncer refuses to run as root
		args = append([]string{"-u", "postgres"}, args...)
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Wait() }) // the test's context has ended it
	u.Host = "127.0.0.1:" + port
	for end := time.Now().Add(time.Minute); ; {
		if c, err := net.Dial("tcp", u.Host); err == nil {
			_ = c.Close()
			return u.String()
		}
		if time.Now().After(end) {
			t.Fatal("pgbouncer does not listen")
		}
		<-time.After(20 * time.Millisecond)
	}
}

// TestStartWaitsForAnotherReplica: a replica that starts while another one migrates waits,
// and logs it.
func TestStartWaitsForAnotherReplica(t *testing.T) {
	t.Parallel()
	address := pgtest.URL(t)
	other := open(t, address, database.Options{})
	conn, err := other.DB().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := conn.ExecContext(t.Context(), `SELECT pg_advisory_lock($1)`, 4206913370); err != nil {
		t.Fatal(err)
	}
	log, warnings := newLog()
	opened := make(chan error, 1)
	go func() {
		s, err := schema().Open(t.Context(), address, database.Options{Log: log})
		if err == nil {
			err = s.Close()
		}
		opened <- err
	}()
	select {
	case <-warnings:
	case err := <-opened:
		t.Fatalf("Open() = %v while another replica migrates, want it to wait", err)
	case <-time.After(time.Minute):
		t.Fatal("Open() waits and logs nothing")
	}
	if _, err := conn.ExecContext(t.Context(), `SELECT pg_advisory_unlock($1)`, 4206913370); err != nil {
		t.Fatal(err)
	}
	if err := <-opened; err != nil {
		t.Errorf("Open() = %v once the other replica was done", err)
	}
}

// TestSilentServer: a server that accepts connections but doesn't answer is soon an error,
// and a warning before that.
func TestSilentServer(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	log, warnings := newLog()
	s, err := schema().Open(t.Context(), "postgres://bot:hunter2@"+l.Addr().String()+"/bot?sslmode=disable", database.Options{Log: log})
	if err == nil {
		_ = s.Close()
		t.Fatal("Open() = nil, although the server was silent")
	}
	if strings.Contains(err.Error(), "hunter2") {
		t.Errorf("Open() repeats the password: %v", err)
	}
	select {
	case <-warnings:
	default:
		t.Error("nothing was logged while the start waited")
	}
}

// TestDatabaseClock: Now returns the database's time, however wrong this machine's clock is.
func TestDatabaseClock(t *testing.T) {
	t.Parallel()
	wrong := time.Hour
	s, err := schema().Open(t.Context(), pgtest.URL(t), database.Options{Now: func() time.Time { return time.Now().Add(wrong) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for range 2 { // the clock is set in between
		if err := s.SyncClock(t.Context()); err != nil {
			t.Fatal(err)
		}
		if off := time.Until(s.Now()).Abs(); off > 5*time.Second {
			t.Errorf("Now() is off by %v on a machine whose clock is off by %v", off, wrong)
		}
		wrong = -time.Hour
	}
}

// TestSilentConnectionsAreReplaced: SyncClock closes silent connections, so that later
// queries get new ones.
func TestSilentConnectionsAreReplaced(t *testing.T) {
	t.Parallel()
	valve, address := pgtest.NewValve(t, pgtest.URL(t))
	log, warnings := newLog()
	s, err := schema().Open(t.Context(), address, database.Options{Log: log})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if err := s.Warm(t.Context(), func(*database.Tx) error { return nil }); err != nil {
		t.Fatal(err)
	}
	valve.Silence()
	if err := s.SyncClock(t.Context()); err == nil {
		t.Fatal("SyncClock() = nil on a silent connection")
	}
	select {
	case <-warnings:
	default:
		t.Error("the silent connections were not logged")
	}
	for range 20 { // more than the pool holds
		if err := s.Check(t.Context()); err != nil {
			t.Fatalf("Check() after the silent connections were closed = %v", err)
		}
	}
}

// TestWarm: every connection of the pool is opened and has run the function, which changes
// nothing.
func TestWarm(t *testing.T) {
	t.Parallel()
	d := running(t, pgtest.URL(t))
	size := d.DB().Stats().MaxOpenConnections
	var together sync.WaitGroup // otherwise one could run on a connection that another has returned
	together.Add(size)
	err := d.Warm(t.Context(), func(tx *database.Tx) error {
		together.Done()
		together.Wait()
		return insert(t, tx, fmt.Sprint("n", rand.Int64()))
	})
	if err != nil {
		t.Error(err)
	}
	if s := d.DB().Stats(); s.OpenConnections != size || s.InUse != 0 {
		t.Errorf("the pool has %d connections, %d of them in use, want %d", s.OpenConnections, s.InUse, size)
	}
	if diff := cmp.Diff([]string{"first"}, notes(t, d)); diff != "" {
		t.Errorf("written:\n%s", diff)
	}
	errNo := errors.New("no")
	if err := d.Warm(t.Context(), func(*database.Tx) error { return errNo }); !errors.Is(err, errNo) {
		t.Errorf("Warm() = %v, want the function's error", err)
	}
}
