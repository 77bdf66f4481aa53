package composetest_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
)

// load loads a compose file as docker compose -f would, after following the instructions in
// its first lines.
func load(t *testing.T, file string) *types.Project {
	t.Helper()
	dir := t.TempDir()
	for from, to := range map[string]string{file: file, "env.example": ".env"} {
		text, err := os.ReadFile(filepath.Join("../compose", from))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, to), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	o, err := cli.NewProjectOptions([]string{filepath.Join(dir, file)}, cli.WithWorkingDirectory(dir), cli.WithDotEnv)
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.LoadProject(t.Context())
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return p
}

// TestFiles asserts that the compose files of setup.md exist, are hardened like the image
// and the chart, and give every service the secrets that it reads.
func TestFiles(t *testing.T) {
	t.Parallel()
	for file, replicas := range map[string]int{"compose.sqlite.yml": 1, "compose.postgres.yml": 2} {
		p := load(t, file)
		bot, err := p.GetService("meetingbot")
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if got := bot.GetScale(); got != replicas {
			t.Errorf("%s: %d replicas, want %d", file, got, replicas)
		}
		if !bot.ReadOnly || !slices.Equal(bot.CapDrop, []string{"ALL"}) || !slices.Equal(bot.SecurityOpt, []string{"no-new-privileges:true"}) {
			t.Errorf("%s: read-only %t, dropped %v, options %v, want it hardened", file, bot.ReadOnly, bot.CapDrop, bot.SecurityOpt)
		}
		for _, port := range bot.Ports {
			if port.HostIP != "127.0.0.1" {
				t.Errorf("%s: port %s is open on %q, want it on this machine only", file, port.Published, port.HostIP)
			}
		}
		for _, s := range p.Services {
			var has []string
			for _, secret := range s.Secrets {
				has = append(has, "/run/secrets/"+secret.Source)
			}
			for name, value := range s.Environment {
				if value != nil && filepath.Dir(*value) == "/run/secrets" && !slices.Contains(has, *value) {
					t.Errorf("%s: %s of %s is %s, want one of %v", file, name, s.Name, *value, has)
				}
			}
		}
	}
}
