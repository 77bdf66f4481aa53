package meetingapi_test

import (
	"go/ast"
	"go/doc"
	"go/parser"
	gotoken "go/token"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"meetingbot/meetingapi"
)

// TestReaderCannotDelete checks that only New makes a Canceler, and that no method of a
// Reader changes anything or returns something that can.
func TestReaderCannotDelete(t *testing.T) {
	t.Parallel()
	canceler := reflect.TypeFor[*meetingapi.Canceler]()
	reader := reflect.TypeFor[*meetingapi.Reader]()
	for m := range reader.Methods() {
		if _, both := canceler.MethodByName(m.Name); both && m.Name != "Format" {
			t.Errorf("Reader has the Canceler's %s", m.Name)
		}
		for out := range m.Type.Outs() {
			if out == canceler || out.Kind() == reflect.Func || out.Kind() == reflect.Interface && out != reflect.TypeFor[error]() {
				t.Errorf("Reader.%s returns a %v", m.Name, out)
			}
		}
	}
	for field := range reader.Elem().Fields() {
		if field.IsExported() {
			t.Errorf("Reader has an exported field, %s", field.Name)
		}
	}
	if reader.ConvertibleTo(canceler) || reader.Elem().ConvertibleTo(canceler.Elem()) {
		t.Error("a Reader can be converted into a Canceler")
	}
	for _, name := range makers(t, "Canceler") {
		if name != "New" {
			t.Errorf("%s makes a Canceler, want New alone", name)
		}
	}
}

// makers returns the exported functions and methods that return a type of this package.
func makers(t *testing.T, kind string) (names []string) {
	t.Helper()
	files := gotoken.NewFileSet()
	//nolint:staticcheck // deprecated, but enough for one folder without build tags
	all, err := parser.ParseDir(files, ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all["meetingapi"].Files {
		for _, d := range f.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() || fn.Type.Results == nil {
				continue
			}
			ast.Inspect(fn.Type.Results, func(n ast.Node) bool {
				if id, ok := n.(*ast.Ident); ok && id.Name == kind {
					names = append(names, fn.Name.Name)
				}
				return true
			})
		}
	}
	if len(names) == 0 {
		t.Errorf("nothing makes a %s: this test checks nothing", kind)
	}
	return names
}

// TestOnlyCancelerDeletes: the session inside a Canceler can send any request, so only
// cancel.go may make a DELETE, and nothing exported may return a session.
func TestOnlyCancelerDeletes(t *testing.T) {
	t.Parallel()
	found := 0
	err := filepath.WalkDir(".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return err
		}
		f, err := parser.ParseFile(gotoken.NewFileSet(), name, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(f, func(n ast.Node) bool {
			lit, quoted := n.(*ast.BasicLit)
			id, named := n.(*ast.Ident)
			if quoted && strings.EqualFold(lit.Value, `"DELETE"`) || named && id.Name == "MethodDelete" {
				found++
				if name != "cancel.go" {
					t.Errorf("%s makes a DELETE, want cancel.go alone", name)
				}
			}
			return true
		})
		return nil
	})
	if err != nil || found == 0 {
		t.Errorf("%d DELETEs found, %v: this test checks nothing", found, err)
	}
	for _, typ := range []reflect.Type{reflect.TypeFor[*meetingapi.Reader](), reflect.TypeFor[*meetingapi.Canceler]()} {
		for m := range typ.Methods() {
			for out := range m.Type.Outs() {
				if strings.Contains(out.String(), "wire.") || strings.Contains(out.String(), "token.") {
					t.Errorf("%v.%s returns a %v", typ, m.Name, out)
				}
			}
		}
	}
}

// TestDocComments: every exported name has a doc comment that begins with it.
func TestDocComments(t *testing.T) {
	t.Parallel()
	files := gotoken.NewFileSet()
	//nolint:staticcheck // as in makers
	all, err := parser.ParseDir(files, ".", func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	p := doc.New(all["meetingapi"], "meetingbot/meetingapi", 0)
	for _, typ := range p.Types {
		if typ.Doc == "" {
			t.Errorf("type %s has no comment", typ.Name)
		}
		for _, f := range append(typ.Methods, typ.Funcs...) {
			if !strings.HasPrefix(f.Doc, f.Name+" ") {
				t.Errorf("the comment of %s.%s does not begin with its name", typ.Name, f.Name)
			}
		}
	}
	for _, f := range p.Funcs {
		if !strings.HasPrefix(f.Doc, f.Name+" ") {
			t.Errorf("the comment of %s does not begin with its name", f.Name)
		}
	}
}
