package config

import (
	"strings"
	"testing"
)

// TestFilePath asserts that on Windows, the slashes before a drive, as in other programs'
// addresses, aren't part of the path.
func TestFilePath(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ path, system, want string }{
		{"///C:/data/m.db", "windows", "C:/data/m.db"},
		{`/c:\data\m.db`, "windows", `c:\data\m.db`},
		{`C:\data\m.db`, "windows", `C:\data\m.db`},
		{"//server/share/m.db", "windows", "//server/share/m.db"},
		{"m.db", "windows", "m.db"},
		{"/m", "windows", "/m"},
		{"///C:/data/m.db", "linux", "///C:/data/m.db"},
	} {
		if got := filePath(c.path, c.system); got != c.want {
			t.Errorf("filePath(%q) = %q on %s, want %q", c.path, got, c.system, c.want)
		}
	}
}

// TestHintForOddPasswords asserts that the hint helps with every character that an address
// can't hold as it is, not only with those it names.
func TestHintForOddPasswords(t *testing.T) {
	t.Parallel()
	for _, odd := range []string{"^", " ", `"`, "|", "[", "é", "%"} {
		problem, hint := serverProblem("postgres://bot:secret" + odd + "value@db/bot")
		if problem == "" || !strings.Contains(hint, "all but A to Z, a to z and 0 to 9") {
			t.Errorf("a password with %s: %q, hint %q, want a hint that covers it", odd, problem, hint)
		}
	}
}

// TestMayBePlain asserts that only a connection to another machine is reported, and only if
// its encryption is up to the server.
func TestMayBePlain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		address string
		want    bool
	}{
		{"postgres://bot@db.example.com/bot", true},
		{"postgres://bot@db.example.com/bot?sslmode=prefer", true},
		{"postgres://bot@db.example.com/bot?sslmode=allow", true},
		{"postgres://bot@localhost,db.example.com/bot", true},
		{"postgres://bot@db.example.com/bot?sslmode=disable", false},
		{"postgres://bot@db.example.com/bot?sslmode=require", false},
		{"postgres://bot@one.example.com,two.example.com/bot?sslmode=verify-full", false},
		{"postgres://bot@127.0.0.1/bot", false},
		{"postgres://bot@[::1],localhost/bot", false},
		{"postgres://bot@/bot?host=/run/postgresql", false},
		{"postgres://bot@/bot?host=/run/postgresql,db.example.com&sslmode=require", false},
		{"sqlite:meetingbot.db", false},
	} {
		cfg := Config{DatabaseURL: Secret(c.address)}
		if got := cfg.DatabaseMayBePlain(); got != c.want {
			t.Errorf("DatabaseMayBePlain() = %t for %q, want %t", got, c.address, c.want)
		}
	}
}
