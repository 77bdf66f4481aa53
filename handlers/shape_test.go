package handlers

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// How large anything may get before it must be split.
const (
	maxLines     = 2500 // of a package, without tests
	maxFileLines = 300
	maxMethods   = 25 // of a type
)

// isLimited reports whether the limits apply to a directory: they do to the product, but not to
// the simulators and the demo.
func isLimited(dir string) bool {
	for _, exempt := range []string{"internal/slacksim", "internal/meetingsim", "internal/sim", "internal/demo"} {
		if dir == exempt || strings.HasPrefix(dir, exempt+"/") {
			return false
		}
	}
	return slices.Contains([]string{"handlers", "bot", "meetingapi", "internal"}, strings.Split(dir, "/")[0])
}

// exceptions are the packages and types that still have to be split, with the size they may
// have until then. A number here only goes down.
var exceptions = map[string]int{}

// A source is a parsed source file of the product.
type source struct {
	*ast.File
	dir, name string // from the root of the repository
	lines     int
}

// sources parses the product's files, without tests.
func sources(t *testing.T) (all []source) {
	t.Helper()
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || !isLimited(path.Dir(name)) {
			return err
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		all = append(all, source{File: f, dir: path.Dir(name), name: name, lines: bytes.Count(text, []byte("\n"))})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 100 {
		t.Fatalf("%d files found, want the product's", len(all))
	}
	return all
}

// TestSize checks that no package, file or type outgrows its limit.
func TestSize(t *testing.T) {
	t.Parallel()
	lines, methods := map[string]int{}, map[string]int{}
	for _, s := range sources(t) {
		lines[s.dir] += s.lines
		if s.lines > maxFileLines {
			t.Errorf("%s has %d lines, want %d at most", s.name, s.lines, maxFileLines)
		}
		for _, d := range s.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
				methods[s.dir+"."+receiver(f)]++
			}
		}
	}
	for of, n := range lines {
		if n > max(maxLines, exceptions[of]) {
			t.Errorf("package %s has %d lines, want %d at most", of, n, maxLines)
		}
	}
	for of, n := range methods {
		if n > max(maxMethods, exceptions[of]) {
			t.Errorf("type %s has %d methods, want %d at most", of, n, maxMethods)
		}
	}
	for of := range exceptions {
		if lines[of] <= maxLines && methods[of] <= maxMethods {
			t.Errorf("%s no longer needs an exception", of)
		}
	}
}

// receiver returns the name of the type that a method belongs to.
func receiver(f *ast.FuncDecl) string {
	t := f.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	switch g := t.(type) {
	case *ast.IndexExpr:
		t = g.X
	case *ast.IndexListExpr:
		t = g.X
	}
	return t.(*ast.Ident).Name
}

// TestStepImports: the steps import one another only in the direction in which data flows, and
// only this package imports the step that cancels.
func TestStepImports(t *testing.T) {
	t.Parallel()
	const steps = "handlers/step"
	arrows := map[string]string{ // a package → the step packages it may import
		"step":     "",
		"outcome":  "step",
		"report":   "step",
		"watch":    "step outcome",
		"cancel":   "step outcome",
		"invited":  "step report",
		"ask":      "step outcome watch",
		"press":    "step outcome",
		"many":     "step outcome report ask press",
		"owner":    "step outcome watch ask press",
		"delegate": "step",
		"home":     "step ask press",
		"steptest": "step watch delegate",
	}
	for _, s := range sources(t) {
		from := path.Base(s.dir)
		inside := s.dir == steps || path.Dir(s.dir) == steps
		may, known := arrows[from]
		if inside && !known {
			t.Errorf("package %s is missing from the import table", s.dir)
		}
		for _, i := range s.Imports {
			to, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), "meetingbot/")
			if !ours || to != steps && path.Dir(to) != steps {
				continue
			}
			switch to = path.Base(to); {
			case inside && !slices.Contains(strings.Fields(may), to):
				t.Errorf("%s imports %s, against the direction of the data", s.name, to)
			case to == "cancel" && s.dir != "handlers":
				t.Errorf("%s imports the package that can cancel a meeting", s.name)
			}
		}
	}
}

// TestViewImports: views import one another only in the direction in which data flows, from
// words to whole messages.
func TestViewImports(t *testing.T) {
	t.Parallel()
	const views = "handlers/view"
	every := "words block action page outcome card answer batch notice list help hometab modal"
	arrows := map[string]string{ // a package → the view packages it may import
		"words":    "",
		"block":    "",
		"action":   "",
		"page":     "words block",
		"outcome":  "words block action page",
		"card":     "words block action page outcome",
		"answer":   "words block action page outcome",
		"notice":   "words block page outcome",
		"help":     "words block page",
		"modal":    "words block action page",
		"batch":    "words block action page outcome card answer",
		"list":     "words block action page outcome batch",
		"hometab":  "words block action page outcome answer help list",
		"view":     every,
		"sample":   "answer",
		"viewtest": "words page", // only their tests import it
		"gallery":  every + " sample view",
	}
	for _, s := range sources(t) {
		if s.dir != views && path.Dir(s.dir) != views {
			continue
		}
		may, known := arrows[path.Base(s.dir)]
		if !known {
			t.Errorf("package %s is missing from the import table", s.dir)
		}
		for _, i := range s.Imports {
			to, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), "meetingbot/")
			if ours && (to == views || path.Dir(to) == views) && !slices.Contains(strings.Fields(may), path.Base(to)) {
				t.Errorf("%s imports %s, against the direction of the data", s.name, to)
			}
		}
	}
}

// TestClickPath: the files that docs/how-it-works.md lists on a click's path from the envelope
// to the call exist, and there are at most eight.
func TestClickPath(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "docs", "how-it-works.md"))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, line := range strings.Split(string(page), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 4 || !strings.HasSuffix(strings.TrimSpace(cells[2]), ".go`") {
			continue
		}
		n++
		name := strings.Trim(strings.TrimSpace(cells[2]), "`")
		if _, err := os.Stat(filepath.Join("..", filepath.FromSlash(name))); err != nil {
			t.Errorf("the path of a click: %v", err)
		}
	}
	if n < 5 || n > 8 {
		t.Errorf("the path of a click has %d files, want 5 to 8", n)
	}
}
