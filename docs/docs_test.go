// Package docs_test compares what the documents say with what the program is.
package docs_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/config"
)

// read returns a file of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// eachFile calls f for every file of the repository with one of these extensions.
func eachFile(t *testing.T, f func(path, text string), extensions ...string) {
	t.Helper()
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && strings.HasPrefix(d.Name(), ".git"):
			return fs.SkipDir
		case slices.Contains(extensions, filepath.Ext(path)):
			path = strings.TrimPrefix(filepath.ToSlash(path), "../")
			f(path, read(t, path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestVariables compares the README's table with what `meetingbot help` prints.
func TestVariables(t *testing.T) {
	t.Parallel()
	var help bytes.Buffer
	if err := config.Usage(&help); err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(help.String(), "\n")
	fallback, purpose := strings.Index(first, "required"), strings.Index(first, "app-level")
	var want []string
	for line := range strings.Lines(help.String()) {
		if line == "\n" {
			break
		}
		value := strings.TrimSpace(line[fallback:purpose])
		if value != "" && value != "required" {
			value = "`" + value + "`"
		}
		want = append(want, "| `"+strings.TrimSpace(line[:fallback])+"` | "+value+" | "+strings.TrimSpace(line[purpose:])+" |")
	}
	_, table, _ := strings.Cut(read(t, "README.md"), "<!-- variables -->")
	table, _, _ = strings.Cut(table, "<!-- end of variables -->")
	got := strings.Split(strings.TrimSpace(table), "\n")[2:]
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("README's table of variables (-want +got)\n%s", diff)
	}
}

// TestScopes demands a reason in the README for every scope of the manifest.
func TestScopes(t *testing.T) {
	t.Parallel()
	var manifest struct {
		OAuth struct {
			Scopes struct {
				Bot      []string `yaml:"bot"`
				Optional []string `yaml:"bot_optional"`
			} `yaml:"scopes"`
		} `yaml:"oauth_config"`
	}
	if err := yaml.Unmarshal([]byte(read(t, "manifest.yml")), &manifest); err != nil {
		t.Fatal(err)
	}
	scopes := slices.Concat(manifest.OAuth.Scopes.Bot, manifest.OAuth.Scopes.Optional)
	if len(scopes) < 4 {
		t.Fatalf("manifest.yml has the scopes %q, want at least four", scopes)
	}
	_, section, _ := strings.Cut(read(t, "README.md"), "### Scopes\n")
	section, _, _ = strings.Cut(section, "\n### ")
	for _, scope := range scopes {
		if !regexp.MustCompile("(?m)^\\| `" + regexp.QuoteMeta(scope) + "`[^|]*\\| .+ \\|$").MatchString(section) {
			t.Errorf("README's table of scopes has no line for %s", scope)
		}
	}
}

// TestStateMachine compares the drawing with the law: the same arrows, and every
// state and outcome in the tables.
func TestStateMachine(t *testing.T) {
	t.Parallel()
	page := read(t, "docs/state-machine.md")
	var want, got []string
	for _, from := range cancellation.States() {
		for _, to := range cancellation.States() {
			if from.CanBecome(to) {
				want = append(want, string(from)+" --> "+string(to))
			}
		}
		if !strings.Contains(page, "\n| `"+string(from)+"` |") {
			t.Errorf("state %q is not in the table", from)
		}
	}
	for _, m := range regexp.MustCompile(`(?m)^ +([a-z]+ --> [a-z]+): `).FindAllStringSubmatch(page, -1) {
		got = append(got, m[1])
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("arrows of the drawing (-want +got)\n%s", diff)
	}
	for _, o := range cancellation.Outcomes() {
		if !strings.Contains(page, "\n| `"+string(o)+"` |") {
			t.Errorf("outcome %q is not in the table", o)
		}
	}
}

// TestDependencies compares the decision record with go.mod.
func TestDependencies(t *testing.T) {
	t.Parallel()
	var want, got []string
	for _, m := range regexp.MustCompile(`(?m)^\t(\S+) (v\S+)$`).FindAllStringSubmatch(read(t, "go.mod"), -1) {
		want = append(want, m[1]+" "+m[2])
	}
	for _, m := range regexp.MustCompile("(?m)^\\| `(\\S+)` \\| (v\\S+) \\| \\S").FindAllStringSubmatch(read(t, "docs/decisions/0004-dependencies.md"), -1) {
		got = append(got, m[1]+" "+m[2])
	}
	slices.Sort(want)
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("direct dependencies in 0004-dependencies.md (-want +got)\n%s", diff)
	}
}

// TestMetrics demands that every metric in a document is one of the program's,
// and that the page of metrics has a line for each.
func TestMetrics(t *testing.T) {
	t.Parallel()
	source := read(t, "internal/monitor/metrics.go") + read(t, "internal/service/health.go")
	name := regexp.MustCompile("`([a-z]+(?:_[a-z]+)*_(?:total|seconds|info|connected|waiting))[`{]")
	for _, path := range []string{"README.md", "docs/metrics.md", "docs/troubleshooting.md", "docs/scaling.md"} {
		found := name.FindAllStringSubmatch(read(t, path), -1)
		if len(found) == 0 {
			t.Errorf("%s names no metric", path)
		}
		for _, f := range found {
			if !strings.Contains(source, `"`+f[1]+`"`) && !strings.Contains(source, `"meetingbot_`+f[1]+`"`) {
				t.Errorf("%s names the metric %s, which doesn't exist", path, f[1])
			}
		}
	}
	page := read(t, "docs/metrics.md")
	made := regexp.MustCompile(`(?:\.(?:counter|tally|histogram|Gauge|Labelled)\("|Name: "meetingbot_)([a-z][a-z_]+)"`).FindAllStringSubmatch(source, -1)
	if len(made) < 15 {
		t.Errorf("found %d metrics in the program, want all of them: %q", len(made), made)
	}
	var names []string
	for _, m := range made {
		names = append(names, m[1])
		if !strings.Contains(page, "\n| `"+m[1]+"` |") {
			t.Errorf("docs/metrics.md has no line for %s", m[1])
		}
	}
	for _, m := range regexp.MustCompile(`meetingbot_([a-z_]+)`).FindAllStringSubmatch(page, -1) {
		if !slices.Contains(names, m[1]) {
			t.Errorf("docs/metrics.md asks for %s, which doesn't exist", m[0])
		}
	}
}
