package docs_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver of database/sql

	"meetingbot/internal/audit"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/store"
)

// write keeps a row of the audit trail in the database, which stays open, as a running
// bot's does.
func write(t *testing.T, address string) {
	t.Helper()
	s, err := store.Open(t.Context(), address, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	err = s.Do(t.Context(), func(tx *store.Tx) error {
		return tx.Audit(t.Context(), store.RequestRow(cancellation.Request{ID: "r1", Number: "914087436"}, store.EventAsked, "U1", nil))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// intact fails unless meetingbot audit verify finds that row in the database.
func intact(t *testing.T, address string) {
	t.Helper()
	var out bytes.Buffer
	if code := audit.Run(t.Context(), []string{"verify"}, []string{"DATABASE_URL=" + address}, &out, &out); code != 0 || !strings.Contains(out.String(), "Rows 1 to 1 are intact") {
		t.Errorf("meetingbot audit verify = %d, %s", code, out.String())
	}
}

// TestSetupOfPostgres runs the statements of setup.md, under another name, and starts
// with the address that it describes. Everything that it says to encode is in the
// password.
func TestSetupOfPostgres(t *testing.T) {
	t.Parallel()
	server := pgtest.URL(t)
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	page := read(t, "docs/setup.md")
	name := "setup_" + strings.ToLower(rand.Text())
	statements := strings.ReplaceAll(regexp.MustCompile("(?s)```sql\n(.*?)```").FindStringSubmatch(page)[1], "meetingbot", name)
	t.Cleanup(func() {
		for _, drop := range []string{`DROP DATABASE ` + name + ` WITH (FORCE)`, `DROP ROLE ` + name} {
			if _, err := admin.ExecContext(context.WithoutCancel(t.Context()), drop); err != nil {
				t.Error(err)
			}
		}
		_ = admin.Close()
	})
	for statement := range strings.Lines(statements) {
		if _, err := admin.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	const password = "p@ss/w?o#r%d"
	if _, err := admin.ExecContext(t.Context(), `ALTER ROLE `+name+` PASSWORD '`+password+`'`); err != nil {
		t.Fatal(err)
	}
	encoded := password
	pairs := regexp.MustCompile("`([^`]+)` is `(%\\w\\w)`").FindAllStringSubmatch(page, -1)
	for i := range pairs { // the % first
		pair := pairs[len(pairs)-1-i]
		encoded = strings.ReplaceAll(encoded, pair[1], pair[2])
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	address := "postgres://" + name + ":" + encoded + "@" + u.Host + "/" + name + "?sslmode=disable"
	if parsed, err := url.Parse(address); err != nil {
		t.Fatal("setup.md's encoding makes no address")
	} else if got, _ := parsed.User.Password(); got != password {
		t.Fatalf("setup.md's encoding makes %q of the password, want %q", got, password)
	}
	write(t, address)
	intact(t, address)
}

// vacuum copies a file in use, without the program sqlite3.
func vacuum(t *testing.T, file, to string) error {
	t.Helper()
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	_, err = db.ExecContext(t.Context(), "VACUUM INTO '"+to+"'")
	return err
}

// TestBackupOfSQLite makes the copies that upgrade.md describes, of a file in use.
func TestBackupOfSQLite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file := filepath.Join(dir, "meetingbot.db")
	write(t, "sqlite:"+file)
	commands := regexp.MustCompile(`(?m)^sqlite3 \S+ "(.*)"$`).FindAllStringSubmatch(read(t, "docs/upgrade.md"), -1)
	if len(commands) != 2 {
		t.Fatalf("docs/upgrade.md has the commands %q, want two", commands)
	}
	program, missing := exec.LookPath("sqlite3")
	for _, c := range commands {
		to := filepath.Join(dir, strings.ToLower(rand.Text())+".db")
		statement := regexp.MustCompile(`'[^']*'`).ReplaceAllString(c[1], "'"+to+"'")
		switch {
		case missing == nil:
			if out, err := exec.CommandContext(t.Context(), program, file, statement).CombinedOutput(); err != nil {
				t.Fatalf("sqlite3 %s: %v, %s", statement, err, out)
			}
		case strings.HasPrefix(statement, "."):
			continue // a command of the program, which is not here
		default:
			if err := vacuum(t, file, to); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
		}
		intact(t, "sqlite:"+to)
	}
}

// TestRestoreOfSQLite restores a backup as upgrade.md says with systemd, over a file that
// others may read, next to what a killed bot left.
func TestRestoreOfSQLite(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("the commands are Linux's")
	}
	backup := filepath.Join(t.TempDir(), "backup.db")
	write(t, "sqlite:"+backup)
	if err := vacuum(t, backup, backup+".copy"); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, name := range []string{"meetingbot.db", "meetingbot.db-wal", "meetingbot.db-shm"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte("another database's"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	var script []string
	for line := range strings.Lines(regexp.MustCompile("(?s)```sh\n(systemctl stop meetingbot\n.*?)```").FindStringSubmatch(read(t, "docs/upgrade.md"))[1]) {
		if !strings.HasPrefix(line, "systemctl ") {
			line = strings.ReplaceAll(line, "/var/lib/meetingbot", folder)
			script = append(script, regexp.MustCompile(`/backup/\S+`).ReplaceAllString(line, backup+".copy"))
		}
	}
	if out, err := exec.CommandContext(t.Context(), "sh", "-ec", strings.Join(script, "")).CombinedOutput(); err != nil || len(script) != 3 {
		t.Fatalf("%q: %v, %s", script, err, out)
	}
	file := filepath.Join(folder, "meetingbot.db")
	if info, err := os.Stat(file); err != nil || info.Mode() != 0o600 {
		t.Errorf("the restored file is %+v, %v, want one for its user only", info, err)
	}
	if left, err := filepath.Glob(file + "-*"); err != nil || left != nil {
		t.Errorf("next to the restored file there are %q, %v, want none", left, err)
	}
	intact(t, "sqlite:"+file)
}

// TestBackupOfPostgres dumps and restores as upgrade.md says.
func TestBackupOfPostgres(t *testing.T) {
	t.Parallel()
	from, to := pgtest.URL(t), pgtest.URL(t)
	dump := filepath.Join(t.TempDir(), "dump")
	for _, needed := range []string{"pg_dump", "pg_restore"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skipf("%s is not here", needed)
		}
	}
	write(t, from)
	for _, args := range [][]string{{"pg_dump", "--format=custom", "--dbname=" + from, "--file=" + dump}, {"pg_restore", "--dbname=" + to, dump}} {
		if out, err := exec.CommandContext(t.Context(), args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%s: %v, %s", args[0], err, out)
		}
	}
	if info, err := os.Stat(dump); err != nil || info.Size() == 0 {
		t.Fatalf("the dump is %+v, %v", info, err)
	}
	intact(t, to)
}
