package page_test

import (
	"cmp"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	gocmp "github.com/google/go-cmp/cmp"

	"meetingbot/internal/demo/mrkdwn"
	"meetingbot/internal/demo/page"
)

var update = flag.Bool("update", false, "draw docs/gallery and docs/demo.png")

const (
	goldens = "../../../handlers/view/testdata/golden"
	docs    = "../../../docs"
)

var (
	legends = regexp.MustCompile(`<legend>([^<]+)</legend>`)
	tags    = regexp.MustCompile(`<[^>]*>`)
)

// languages returns the columns of each picture, with their readers' time zones.
func languages() []struct{ name, title, zone string } {
	return []struct{ name, title, zone string }{
		{"en", "English, London", "Europe/London"},
		{"pt-BR", "Português, São Paulo", "America/Sao_Paulo"},
		{"es", "Español, Madrid", "Europe/Madrid"},
		{"zh-CN", "简体中文, 上海", "Asia/Shanghai"},
	}
}

// TestGallery draws every view in every language. With -update it writes docs/gallery;
// otherwise it reports missing and obsolete pictures.
func TestGallery(t *testing.T) {
	t.Parallel()
	names := goldenNames(t)
	pages := map[string]string{}
	for _, name := range names {
		var columns []page.Column
		for _, l := range languages() {
			columns = append(columns, column(t, name, l.name, l.title, l.zone))
		}
		html, err := page.Gallery(columns)
		if err != nil {
			t.Fatalf("Gallery(%s) = %v", name, err)
		}
		if strings.Contains(html, "cannot show") {
			t.Errorf("%s has something that the page can't show", name)
		}
		for _, l := range legends.FindAllStringSubmatch(html, -1) {
			if n := strings.Count(tags.ReplaceAllString(strings.ReplaceAll(html, "<br>", "\n"), ""), l[1]); n > 1 {
				t.Errorf("%s says %d times: %s", name, n, l[1])
			}
		}
		pages[name] = html
	}
	dir := filepath.Join(docs, "gallery")
	index := galleryIndex(names)
	if *update {
		draw(t, dir, pages, index)
	}
	got, err := os.ReadFile(filepath.Join(dir, "README.md"))
	if err != nil {
		t.Fatalf("%v; run the test with -update", err)
	}
	if diff := gocmp.Diff(index, string(got)); diff != "" {
		t.Errorf("docs/gallery/README.md (-want +got), run the test with -update:\n%s", diff)
	}
	pictures, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		t.Fatal(err)
	}
	var drawn []string
	for _, p := range pictures {
		drawn = append(drawn, strings.TrimSuffix(filepath.Base(p), ".png"))
	}
	if diff := gocmp.Diff(names, drawn); diff != "" {
		t.Errorf("pictures in docs/gallery (-want +got), run the test with -update:\n%s", diff)
	}
}

// goldenNames returns the names of the views, grouped by kind.
func goldenNames(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(goldens, "en", "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files of views: %v", err)
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".json"))
	}
	slices.Sort(names)
	return names
}

// column returns one view in one language.
func column(t *testing.T, name, language, title, zone string) page.Column {
	t.Helper()
	golden, err := os.ReadFile(filepath.Join(goldens, language, name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	location, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC) // the samples' time
	read := mrkdwn.Reader{Zone: location, Locale: language, Now: func() time.Time { return noon }, Name: sampleName}
	items, err := page.ReadGolden(golden, read, noon, kindOf(name).private)
	if err != nil {
		t.Fatalf("ReadGolden(%s, %s) = %v", name, language, err)
	}
	return page.Column{Title: title, Items: items}
}

// sampleName returns the name of a person, group or channel in the samples.
func sampleName(id string) string {
	return cmp.Or(map[string]string{
		"U0ANA0001": "Ana Souza", "U0BOB0002": "Bob Miller", "U0OLGA003": "Olga Nowak", "S0ADMINS1": "meeting-admins",
		"C0OPS0001": "operations", "C0OPS0002": "it-desk",
	}[id], id)
}

// A kind is a group of views.
type kind struct {
	prefix, title string
	private       bool // only one person sees it in the channel
}

func kinds() []kind {
	return []kind{
		{"card_asked", "The card asks", false},
		{"card_", "The card afterwards", false},
		{"thread_", "The reply in the card's thread", false},
		{"owner_", "The owner's direct message", false},
		{"asker_", "The asker's direct message, where the card can't be reached", false},
		{"chooser_", "A choice among meetings", true},
		{"question_notice_", "What became of a question, for the asker", false},
		{"question_", "The owner is asked", false},
		{"invited_", "The direct message to invited people", false},
		{"home_", "The Home tab", false},
		{"delegation_", "Delegating", false},
		{"modal_", "Windows", false},
		{"answers", "Answers to one person", true},
		{"faults", "Mistyped commands", true},
		{"classes", "What went wrong at the Meeting service", true},
		{"help_", "Help", true},
		{"list", "Lists", true},
		{"history", "Recent cancellation requests", true},
	}
}

func kindOf(name string) kind {
	all := kinds()
	i := slices.IndexFunc(all, func(k kind) bool { return strings.HasPrefix(name, k.prefix) })
	if i < 0 {
		return kind{title: "Others"}
	}
	return all[i]
}

// galleryIndex returns the page that shows the pictures.
func galleryIndex(names []string) string {
	var b strings.Builder
	b.WriteString("# Every view, in every state and language\n\n" +
		"Each picture shows one view in English, Portuguese, Spanish and Chinese, drawn by the demo's page from the golden files in\n" +
		"`handlers/view/testdata/golden`. Dates are in each reader's own zone.\n\n" +
		"To draw them again: `go test ./internal/demo/page -run 'TestGallery|TestPicture' -update`. That needs Chromium and fonts\n" +
		"(`apt-get install chromium fontconfig fonts-noto-core fonts-noto-cjk`).\n")
	for _, k := range append(kinds(), kind{title: "Others"}) {
		var rows []string
		for _, name := range names {
			if kindOf(name) == k {
				rows = append(rows, fmt.Sprintf("\n`%s`\n\n![%s](%s.png)\n", name, name, name))
			}
		}
		if len(rows) > 0 {
			b.WriteString("\n## " + k.title + "\n" + strings.Join(rows, ""))
		}
	}
	return b.String()
}

// draw writes the pictures and their index.
func draw(t *testing.T, dir string, pages map[string]string, index string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle("GET /asset/", page.Assets())
	mux.HandleFunc("GET /view/{name}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(pages[r.PathValue("name")]))
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	browser := chromium(t)
	requireChineseFont(t)
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "README.md"), []byte(index))
	for name := range pages {
		browser.do(chromedp.EmulateViewport(1920, 700), chromedp.Navigate(server.URL+"/view/"+name))
		picture, err := chromedp.Run(browser.ctx, chromedp.Screenshot(chromedp.CSS("#gallery")))
		if err != nil {
			t.Fatalf("picture of %s: %v", name, err)
		}
		write(t, filepath.Join(dir, name+".png"), squeeze(t, picture))
	}
}

// requireChineseFont stops a drawing whose Chinese text would be empty boxes.
func requireChineseFont(t *testing.T) {
	t.Helper()
	fonts, err := exec.CommandContext(t.Context(), "fc-list", ":lang=zh-cn").Output()
	if err != nil || len(fonts) == 0 {
		t.Fatalf("no Chinese font (%v): apt-get install fontconfig fonts-noto-cjk", err)
	}
}

func write(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil { // everyone may read documentation
		t.Fatal(err)
	}
}
