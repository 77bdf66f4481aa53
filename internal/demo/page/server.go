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

// A Server serves the page. Create it with [New].
type Server struct {
	stage     *stage.Stage
	templates *template.Template
	boot      int64 // distinguishes the pages of this run from those of another
	handler   http.Handler
	streams   sync.WaitGroup

	mu    sync.Mutex
	open  map[string]*sheet            // by the page's id
	read  map[string]map[string]string // newest timestamp read, by person and channel
	trap  *trap                        // waits for the next call that cancels something; nil if not armed
	pages uint64                       // served so far
}

// New returns a server for the page of a stage.
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
	mux.Handle("GET /asset/", withContentType(http.StripPrefix("/asset/", http.FileServerFS(assets))))
	s.handleActs(mux)
	s.handler = guard(mux)
	return s, nil
}

// withContentType sets the content type of assets. The file server would ask the system,
// and on Windows any program may have registered another type, which browsers refuse.
func withContentType(next http.Handler) http.Handler {
	kinds := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if kind := kinds[path.Ext(r.URL.Path)]; kind != "" {
			w.Header().Set("Content-Type", kind)
		}
		next.ServeHTTP(w, r)
	})
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Close waits until all streams have ended. Close the http.Server first, which ends them.
func (s *Server) Close() {
	s.streams.Wait()
	s.disarm()
}
