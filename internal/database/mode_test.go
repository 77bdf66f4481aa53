package database_test

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/database"
)

// TestFileMode: only its user may read the database, because it holds response URLs to which
// anyone may post. SQLite gives its other files the mode of the main one.
func TestFileMode(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no such modes")
	}
	for _, c := range []struct {
		name   string
		before fs.FileMode // of an existing file; 0 for none
		want   map[string]fs.FileMode
	}{
		{"new", 0, map[string]fs.FileMode{"m.db": 0o600, "m.db-wal": 0o600, "m.db-shm": 0o600, "m.db.lock": 0o600}},
		{"existing", 0o640, map[string]fs.FileMode{"m.db": 0o640, "m.db-wal": 0o640, "m.db-shm": 0o640, "m.db.lock": 0o600}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "m.db")
			if c.before != 0 {
				if err := errors.Join(os.WriteFile(path, nil, c.before), os.Chmod(path, c.before)); err != nil {
					t.Fatal(err)
				}
			}
			d := open(t, "sqlite:"+path, database.Options{})
			if err := add(t, d, "one"); err != nil {
				t.Fatal(err)
			}
			got := maps.Clone(c.want)
			for name := range got {
				info, err := os.Stat(filepath.Join(filepath.Dir(path), name))
				if err != nil {
					t.Fatal(err)
				}
				got[name] = info.Mode().Perm()
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("modes (-want +got):\n%s", diff)
			}
		})
	}
}
