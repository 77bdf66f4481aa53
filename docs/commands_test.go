package docs_test

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"meetingbot/internal/audit"
	"meetingbot/internal/doctor"
)

// A command is one line of a fenced block, its continuations joined, or one that
// stands in a sentence.
type command struct{ document, line string }

// inSentence finds commands with their arguments.
var inSentence = regexp.MustCompile("`((?:docker|kubectl|helm|systemctl|go (?:run|test|build|install)|pg_dump|bash|meetingbot (?:audit|doctor)) [^`…]+)`")

// commands are all that the documents tell people to type.
func commands(t *testing.T) (all []command) {
	t.Helper()
	documents, err := filepath.Glob("../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	fence := regexp.MustCompile("(?ms)^ *```(sh|sql)?\n(.*?)^ *```$")
	for _, path := range append(documents, "../README.md", "../CONTRIBUTING.md", "../SECURITY.md") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, block := range fence.FindAllStringSubmatch(string(text), -1) {
			body := strings.ReplaceAll(block[2], "\\\n", " ")
			if block[1] == "" && !looksTyped.MatchString(body) {
				continue // a picture, a layout
			}
			for line := range strings.Lines(body) {
				line = strings.Join(strings.Fields(regexp.MustCompile(`\s+# .*`).ReplaceAllString(line, "")), " ")
				if line != "" {
					all = append(all, command{filepath.Base(path), line})
				}
			}
		}
		for _, m := range inSentence.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\n", " "), -1) {
			all = append(all, command{filepath.Base(path), m[1]})
		}
	}
	return all
}

// looksTyped recognises a block of commands that is not marked as one.
var looksTyped = regexp.MustCompile(`(?m)^\s*(go|echo|export|sqlite3|pg_dump|\./meetingbot|postgres:)`)

// kinds are the ways in which a command is checked. The first that matches counts;
// a command of no kind fails the test.
var kinds = []struct {
	pattern string
	check   func(t *testing.T, c command)
}{
	{`^go run (-v )?\. demo`, nil},                                 // .ci/run: "the demo, from a pipe"
	{`^echo '/cancel-meeting \d+' \| go run \. demo -stay$`, nil},  // internal/demo's tests: -stay
	{`^go mod (edit|tidy)`, nil},                                   // .ci/run: "the library, from another module"
	{`^go (build|install) (-trimpath -ldflags "-s -w" )?\.$`, nil}, // .ci/run: "build and vet"
	{`^(\w+=\S+ )?go test `, packagesExist},                        // .ci/run runs all of them
	{`^go run \./internal/bench `, packagesExist},                  // built by .ci/run; its numbers are a person's work
	{`^bash \.ci/run$`, nil},                                       // itself
	{`^bash \.ci/demo$`, nil},                                      // a part of it
	{`^(MEETINGBOT_\w+=\S+ )*golangci-lint |^export `, nil},        // .ci/run does both
	{`^\./meetingbot doctor && \./meetingbot$`, nil},               // transcripts start the program; doctor's tests run it
	{`^umask 077( && cat >[A-Z_]+)?$`, nil},                        // the shell's own
	{`^helm (install|upgrade|test) `, nil},                         // deploy/helmtest: TestDocumentedCommands
	{`^kubectl `, objectsExist},                                    // and the chart's own names
	{`^docker (build|tag|push) `, nil},                             // .ci/run: "the image"; the registry is the reader's
	{`^docker compose -f (\S+) `, composeExists},                   // deploy/composetest reads the whole file
	{`^cp env\.example \.env$|^mkdir -p secrets$`, nil},            // deploy/composetest does the first
	{`^sudo chown (\d+) secrets/\*$`, ownerIsImages},
	{`^install |&& install `, sourcesExist},
	{`^systemctl (start|stop|restart|enable) `, unitsExist},
	{`^systemctl daemon-reload$`, nil}, // systemd's own
	{`^(DATABASE_URL\w*=\S+ )?meetingbot (audit|doctor) `, optionsExist},
	{`^pg_(dump --format=custom|restore) `, nil},   // TestBackupOfPostgres
	{`^sqlite3 \S+ "(\.backup|VACUUM INTO) `, nil}, // TestBackupOfSQLite
	{`^chown --reference=|^rm -f `, nil},           // TestRestoreOfSQLite
	{`^CREATE (ROLE|DATABASE) `, nil},              // TestSetupOfPostgres
	{`^postgres://`, nil},                          // internal/config's tests: good databases
}

// TestCommands holds every command in the documents to something that exists.
func TestCommands(t *testing.T) {
	t.Parallel()
	all := commands(t)
	if len(all) < 25 {
		t.Fatalf("found %d commands in the documents, want all of them: %q", len(all), all)
	}
	for _, c := range all {
		known := false
		for _, k := range kinds {
			if regexp.MustCompile(k.pattern).MatchString(c.line) {
				known = true
				if k.check != nil {
					k.check(t, c)
				}
				break
			}
		}
		if !known {
			t.Errorf("%s: nothing checks the command %q; give it a kind", c.document, c.line)
		}
	}
}

// packagesExist looks for the packages, and for tests that are named.
func packagesExist(t *testing.T, c command) {
	t.Helper()
	for _, m := range regexp.MustCompile(` (\./[\w/]+)`).FindAllStringSubmatch(c.line, -1) {
		if _, err := os.Stat(filepath.Join("..", m[1])); err != nil && m[1] != "./meetingbot" {
			t.Errorf("%s: %q names %s, which doesn't exist", c.document, c.line, m[1])
		}
	}
	version := regexp.MustCompile(`const Version = (\d+)`).FindStringSubmatch(read(t, "internal/sim/run.go"))[1]
	if seed := regexp.MustCompile(` -seed (\d+):`).FindStringSubmatch(c.line); seed != nil && seed[1] != version {
		t.Errorf("%s: %q has a seed of version %s, which version %s refuses", c.document, c.line, seed[1], version)
	}
	named := regexp.MustCompile(`-run '?([\w|/]+)`).FindStringSubmatch(c.line)
	if named == nil {
		return
	}
	for _, name := range strings.Split(named[1], "|") {
		name, _, _ = strings.Cut(name, "/")
		dir := strings.TrimSpace(regexp.MustCompile(` (\./[\w/]+|\.)( -|$)`).FindString(c.line)) // flags of a package's own follow it
		dir = strings.TrimSuffix(dir, " -")
		files, _ := filepath.Glob(filepath.Join("..", dir, "*_test.go"))
		found := false
		for _, f := range files {
			text, err := os.ReadFile(f)
			found = found || err == nil && bytes.Contains(text, []byte("func "+name))
		}
		if !found {
			t.Errorf("%s: %q names the test %s, which is not in %s", c.document, c.line, name, dir)
		}
	}
}

// objectsExist: the chart makes what kubectl is asked for, and the Secret's files
// are called like its keys.
func objectsExist(t *testing.T, c command) {
	t.Helper()
	chart := read(t, "deploy/helm/meetingbot/values.schema.json")
	for _, m := range regexp.MustCompile(`--from-file=(\w+)`).FindAllStringSubmatch(c.line, -1) {
		if m[1] != "DATABASE_URL" && !strings.Contains(chart, `"`+m[1]+`"`) {
			t.Errorf("%s: %q makes the key %s, which the chart does not read", c.document, c.line, m[1])
		}
	}
	if m := regexp.MustCompile(`(deployment|job)/(\S+)`).FindStringSubmatch(c.line); m != nil {
		if want := map[string]string{"deployment": "meetingbot", "job": "meetingbot-doctor"}[m[1]]; m[2] != want {
			t.Errorf("%s: %q asks for %s, want %s", c.document, c.line, m[2], want)
		}
	}
	if strings.Contains(c.line, "audit") {
		optionsExist(t, c)
	}
}

// ownerIsImages: the files go to the user that the image runs as.
func ownerIsImages(t *testing.T, c command) {
	t.Helper()
	user := regexp.MustCompile(`chown (\d+)`).FindStringSubmatch(c.line)[1]
	if !strings.Contains(read(t, "Dockerfile"), "\nUSER "+user+":") {
		t.Errorf("%s: %q, and the image runs as another user", c.document, c.line)
	}
}

// sourcesExist: what is installed is in the repository, or built.
func sourcesExist(t *testing.T, c command) {
	t.Helper()
	for _, file := range regexp.MustCompile(`\bdeploy/\S+`).FindAllString(c.line, -1) {
		read(t, file)
	}
}

func composeExists(t *testing.T, c command) {
	t.Helper()
	file := regexp.MustCompile(`-f (\S+)`).FindStringSubmatch(c.line)[1]
	if !strings.Contains(read(t, "deploy/compose/"+file), "\n  meetingbot:\n") {
		t.Errorf("%s: %q: there is no service meetingbot in %s", c.document, c.line, file)
	}
	if strings.Contains(c.line, "audit") {
		optionsExist(t, c)
	}
}

func unitsExist(t *testing.T, c command) {
	t.Helper()
	for _, unit := range regexp.MustCompile(`\bmeetingbot[\w-]*`).FindAllString(c.line, -1) {
		read(t, "deploy/systemd/"+unit+".service")
	}
}

// optionsExist compares options with what the subcommand's help says.
func optionsExist(t *testing.T, c command) {
	t.Helper()
	var help bytes.Buffer
	audit.Run(t.Context(), []string{"--help"}, nil, &help, &help)
	doctor.Run(t.Context(), []string{"--help"}, nil, "", &help, &help)
	_, args, _ := strings.Cut(c.line, "meetingbot")
	for _, option := range regexp.MustCompile(`--[a-z]+`).FindAllString(args, -1) {
		if !strings.Contains(help.String(), option) {
			t.Errorf("%s: %q has the option %s, which help does not know", c.document, c.line, option)
		}
	}
}

// TestDeployKnowsVariables: what can be set can be set everywhere.
func TestDeployKnowsVariables(t *testing.T) {
	t.Parallel()
	schema := read(t, "deploy/helm/meetingbot/values.schema.json")
	// Given by files and by the chart's own values.
	fixed := map[string]bool{"DATABASE_URL": true, "HTTP_ADDR": true, "OWNER_MAP": true, "LOG_FORMAT": true}
	secret := map[string]bool{"SLACK_APP_TOKEN": true, "SLACK_BOT_TOKEN": true, "MEETING_APP_KEY": true, "MEETING_PASSWORD": true}
	for _, m := range regexp.MustCompile("(?m)^\\| `([A-Z_]+)` \\|").FindAllStringSubmatch(read(t, "README.md"), -1) {
		name := m[1]
		if !fixed[name] && !strings.Contains(schema, `"`+name+`"`) {
			t.Errorf("the chart's schema lacks %s", name)
		}
		for _, sample := range []string{"deploy/compose/env.example", "deploy/systemd/settings.example"} {
			if !fixed[name] && !secret[name] && !regexp.MustCompile(`(?m)^#?`+name+`(_FILE)?=`).MatchString(read(t, sample)) {
				t.Errorf("%s lacks %s", sample, name)
			}
		}
	}
}
