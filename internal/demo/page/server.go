package page

import (
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"path"
	"sync"
	"time"

	"meetingbot/internal/demo/stage"
)

//go:embed asset template
var files embed.FS //nolint:gochecknoglobals // read only; the compiler fills it

// A Server is the page. Make it with [New].
type Server struct {
	stage     *stage.Stage
	templates *template.Template
	boot      int64 // tells the pages of one run from another's
	handler   http.Handler
	streams   sync.WaitGroup

	mu    sync.Mutex
	open  map[string]*sheet            // by the page's id
	read  map[string]map[string]string // newest timestamp read, by person and channel
	trap  *trap                        // waits for the next call that removes something
	pages uint64                       // handed out so far
}

// New returns the page of a stage.
func New(st *stage.Stage) (*Server, error) {
	templates, err := template.New("").Funcs(functions()).ParseFS(files, "template/*.html")
	if err != nil {
		return nil, err
	}
	assets, err := fs.Sub(files, "asset")
	if err != nil {
		return nil, err
	}
	s := &Server{
		stage: st, templates: templates, boot: time.Now().UnixNano(),
		open: map[string]*sheet{}, read: map[string]map[string]string{},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /changes", s.changes)
	mux.Handle("GET /asset/", typed(http.StripPrefix("/asset/", http.FileServerFS(assets))))
	s.handleActs(mux)
	s.handler = guard(mux)
	return s, nil
}

// typed says what kind of file an asset is. The file server would ask the system, and
// on Windows any program may have registered another kind, which browsers refuse.
func typed(next http.Handler) http.Handler {
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if kind := kinds[path.Ext(r.URL.Path)]; kind != "" {
			w.Header().Set("Content-Type", kind)
		}
		next.ServeHTTP(w, r)
	})
}

// ServeHTTP answers the browser.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close returns when no stream is left. Close the http.Server before it, which
// ends them.
func (s *Server) Close() {
	s.streams.Wait()
	s.disarm()
}
