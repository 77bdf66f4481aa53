package config

import "testing"

// TestFilePath: slashes before a drive, which other programs' addresses have, are not
// part of a path on Windows.
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
