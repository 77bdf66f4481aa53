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

// How large anything may get before somebody has to find its parts.
const (
	mostLines   = 2500 // of a package, its tests left out
	mostInFile  = 300
	mostMethods = 25 // that a type declares
)

// ruled are the folders for which that holds: the product, without the simulators and
// the demo.
func ruled(dir string) bool {
	for _, apart := range []string{"internal/slacksim", "internal/meetingsim", "internal/sim", "internal/demo"} {
		if dir == apart || strings.HasPrefix(dir, apart+"/") {
			return false
		}
	}
	return slices.Contains([]string{"handlers", "bot", "meetingapi", "internal"}, strings.Split(dir, "/")[0])
}

// larger are those that have yet to be divided, and how large they may be until then:
// lines of packages, methods of types. A number here only goes down.
var larger = map[string]int{}

// A source is a parsed file of the product.
type source struct {
	*ast.File
	dir, name string // from the root of the repository
	lines     int
}

// sources are the files of the product, without tests.
func sources(t *testing.T) (all []source) {
	t.Helper()
	root := os.DirFS("..")
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || !ruled(path.Dir(name)) {
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

// TestSize: no package, file or type has outgrown what one can keep in mind.
func TestSize(t *testing.T) {
	t.Parallel()
	lines, methods := map[string]int{}, map[string]int{}
	for _, s := range sources(t) {
		lines[s.dir] += s.lines
		if s.lines > mostInFile {
			t.Errorf("%s has %d lines, want %d at most", s.name, s.lines, mostInFile)
		}
		for _, d := range s.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv != nil {
				methods[s.dir+"."+receiver(f)]++
			}
		}
	}
	for of, n := range lines {
		if n > max(mostLines, larger[of]) {
			t.Errorf("package %s has %d lines, want %d at most", of, n, mostLines)
		}
	}
	for of, n := range methods {
		if n > max(mostMethods, larger[of]) {
			t.Errorf("type %s has %d methods, want %d at most", of, n, mostMethods)
		}
	}
	for of := range larger {
		if lines[of] <= mostLines && methods[of] <= mostMethods {
			t.Errorf("%s is no exception any more", of)
		}
	}
}

// receiver is the name of the type that a method belongs to.
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

// TestArrows: the steps are built on one another the way the data goes, and on nothing
// else. Only this package knows the step that cancels.
func TestArrows(t *testing.T) {
	t.Parallel()
	const steps = "handlers/step"
	arrows := map[string]string{ // a package, and those of the steps that it may import
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
			t.Errorf("package %s has no arrows yet", s.dir)
		}
		for _, i := range s.Imports {
			to, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), "meetingbot/")
			if !ours || to != steps && path.Dir(to) != steps {
				continue
			}
			switch to = path.Base(to); {
			case inside && !slices.Contains(strings.Fields(may), to):
				t.Errorf("%s imports %s, which does not go the way of the data", s.name, to)
			case to == "cancel" && s.dir != "handlers":
				t.Errorf("%s imports what can remove a meeting", s.name)
			}
		}
	}
}

// TestViewArrows: views are built on one another the way the data goes, from words to
// whole messages.
func TestViewArrows(t *testing.T) {
	t.Parallel()
	const views = "handlers/view"
	every := "words block action page outcome card answer batch notice list help hometab modal"
	arrows := map[string]string{ // a package, and those of the views that it may import
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
			t.Errorf("package %s has no arrows yet", s.dir)
		}
		for _, i := range s.Imports {
			to, ours := strings.CutPrefix(strings.Trim(i.Path.Value, `"`), "meetingbot/")
			if ours && (to == views || path.Dir(to) == views) && !slices.Contains(strings.Fields(may), path.Base(to)) {
				t.Errorf("%s imports %s, which does not go the way of the data", s.name, to)
			}
		}
	}
}

// TestPath: what a click passes on its way from the envelope to the call. The files that
// say so are those that docs/how-it-works.md lists.
func TestPath(t *testing.T) {
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
			t.Errorf("the way of a click: %v", err)
		}
	}
	if n < 5 || n > 8 {
		t.Errorf("the way of a click has %d files, want 8 at most", n)
	}
}
