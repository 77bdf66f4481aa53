package page_test

import (
	"bufio"
	"context"
	"fmt"
	"html"
	"io"
	"mime"
	"net/http"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/demo/stage"
	"meetingbot/internal/meetingsim"
)

// get returns the page at path.
func (s *show) get(t *testing.T, path string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != http.StatusOK {
		t.Fatalf("GET %s = %d: %s", path, answer.StatusCode, body)
	}
	return string(body)
}

// post sends a form, as a browser does without our script.
func (s *show) post(t *testing.T, path string, form url.Values) (status int, text string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer.StatusCode, string(body)
}

// await waits until the page at path contains want.
func (s *show) await(t *testing.T, path, want string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var body string
	if err := s.Slack.Await(ctx, func() bool { body = s.get(t, path); return strings.Contains(body, want) }); err != nil {
		t.Fatalf("GET %s never holds %q: %v\n%s", path, want, err, body)
	}
	return body
}

// pressOf returns what the button with that text sends.
func pressOf(t *testing.T, body, name string) url.Values {
	t.Helper()
	button := regexp.MustCompile(`name="press" value="([^"]*)"[^>]*>` + regexp.QuoteMeta(name) + `</button>`).FindStringSubmatch(body)
	form := regexp.MustCompile(`<form id="act".*?</form>`).FindString(body)
	if button != nil {
		values := url.Values{"press": {html.UnescapeString(button[1])}}
		for _, field := range regexp.MustCompile(`name="([^"]*)" value="([^"]*)"`).FindAllStringSubmatch(form, -1) {
			values.Set(field[1], field[2])
		}
		return values
	}
	t.Fatalf("no button %q on the page:\n%s", name, body)
	return nil
}

// TestWithoutScript asserts that the forms alone, without the script, can cancel a meeting.
func TestWithoutScript(t *testing.T) {
	t.Parallel()
	s := open(t)
	here := "/?as=U0ANA&in=" + stage.General
	if status, text := s.post(t, "/say", url.Values{"as": {"U0ANA"}, "line": {"/cancel-meeting " + stage.Planned}}); status != http.StatusSeeOther {
		t.Fatalf("POST /say = %d: %s", status, text)
	}
	body := s.await(t, here, "Cancel this meeting?")
	if status, text := s.post(t, "/press", pressOf(t, body, "Cancel meeting")); status != http.StatusSeeOther {
		t.Fatalf("POST /press = %d: %s", status, text)
	}
	s.await(t, here, "1 reply")
	if m, _ := s.Meetings.Meeting(stage.Planned); m.State != meetingsim.StateCancelled {
		t.Errorf("the meeting is %s, want %s", m.State, meetingsim.StateCancelled)
	}
	if body := s.get(t, "/?as=carol&in=D0CAROL"); !strings.Contains(body, "Your meeting was cancelled") {
		t.Errorf("Carol's direct messages have no notice:\n%s", body)
	}
	if body := s.get(t, "/?as=dave&in=D0CAROL"); strings.Contains(body, "Your meeting was cancelled") {
		t.Error("Dave reads Carol's direct messages")
	}
}

// TestRefusals asserts that requests that can't be executed get an error in words.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, c := range []struct {
		path string
		form url.Values
		want int
	}{
		{"/press", url.Values{"press": {"ts=1.2&action=cancel_meeting"}}, http.StatusConflict},
		{"/choose", url.Values{"ts": {"1.2"}, "field": {"field block=a&action=b"}}, http.StatusConflict},
		{"/shortcut", url.Values{"ts": {"1.2"}}, http.StatusConflict},
		{"/window/submit", nil, http.StatusConflict},
		{"/window/close", nil, http.StatusSeeOther},
		{"/meetings/start", url.Values{"meeting": {"1"}}, http.StatusConflict},
		{"/meetings/end", url.Values{"meeting": {stage.Ended}}, http.StatusConflict},
		{"/faults/toggle", url.Values{"fault": {"none"}}, http.StatusConflict},
		{"/say", url.Values{"line": {"  "}}, http.StatusSeeOther},
		{"/say", url.Values{"line": {strings.Repeat("x", 300<<10)}}, http.StatusRequestEntityTooLarge},
	} {
		if status, text := s.post(t, c.path, c.form); status != c.want || strings.Contains(text, "<") && status != http.StatusSeeOther {
			t.Errorf("POST %s %v = %d %q, want %d and a sentence", c.path, c.form, status, text, c.want)
		}
	}
}

// TestHostileTextIsEscaped asserts that a subject, which may be anything, is escaped.
func TestHostileTextIsEscaped(t *testing.T) {
	t.Parallel()
	const hostile = `<img src=x onerror=alert(1)>"'</b><script>alert(2)</script>`
	s := open(t)
	s.Meetings.AddMeeting(meetingsim.Meeting{ID: "914999999", Subject: hostile})
	s.post(t, "/say", url.Values{"line": {hostile}})
	s.post(t, "/say", url.Values{"line": {"/cancel-meeting 914999999"}})
	body := s.await(t, "/", "Cancel this meeting?")
	for _, bad := range []string{"<img", "<script>", "onerror=alert(1)>\"'</b>"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page has %q unescaped", bad)
		}
	}
	if !strings.Contains(body, "&lt;img") {
		t.Errorf("the page does not show the subject at all:\n%s", body)
	}
}

// TestAssetTypes asserts that the page works on a machine with other types registered for
// its files.
func TestAssetTypes(t *testing.T) {
	t.Parallel()
	s := open(t)
	for file, want := range map[string]string{"style.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml"} {
		if err := mime.AddExtensionType(path.Ext(file), "application/x-odd"); err != nil {
			t.Fatal(err)
		}
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.url+"/asset/"+file, nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = answer.Body.Close()
		if got := answer.Header.Get("Content-Type"); got != want {
			t.Errorf("%s is %q, want %q", file, got, want)
		}
	}
}

// maxBytes is the maximum size of the page and everything it loads.
const maxBytes = 150_000

func TestWeight(t *testing.T) {
	t.Parallel()
	s := open(t)
	body := s.get(t, "/")
	total := len(body)
	for _, found := range regexp.MustCompile(`"(/asset/[^"]+)"`).FindAllStringSubmatch(body, -1) {
		total += len(s.get(t, found[1]))
	}
	if total > maxBytes {
		t.Errorf("page and assets are %d bytes, want at most %d", total, maxBytes)
	}
	if found := regexp.MustCompile(`(?:src|href)="(?:https?:)?//[^"]*"`).FindString(body); found != "" {
		t.Errorf("the page loads from elsewhere: %s", found)
	}
}

// TestChanges asserts that a stream continues where its page ended, and that a page of an
// earlier run is told to reload.
func TestChanges(t *testing.T) {
	t.Parallel()
	s := open(t)
	page := regexp.MustCompile(`data-page="([^"]+)"`).FindStringSubmatch(s.get(t, "/"))[1]
	s.post(t, "/say", url.Values{"line": {"good morning"}})
	if got := s.firstEvent(t, page); !strings.Contains(got, "good morning") || !strings.Contains(got, `"in":"messages"`) {
		t.Errorf("the first change is %q, want the message that was written before the stream began", got)
	} else if strings.Contains(got, `"in":"meetings"`) {
		t.Errorf("the first change is %q, want no meeting in it: none has changed", got)
	}
	if got := s.firstEvent(t, "0-0"); !strings.Contains(got, "reload") {
		t.Errorf("the first event of an unknown page is %q, want it to reload", got)
	}
}

// firstEvent opens a page's stream and returns its first line that isn't empty.
func (s *show) firstEvent(t *testing.T, page string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/changes?page="+page, nil)
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if lines.Text() != "" {
			return lines.Text()
		}
	}
	t.Fatalf("the stream ended: %v", lines.Err())
	return ""
}

// TestSameAsManifest asserts that the page describes the app as the manifest does.
func TestSameAsManifest(t *testing.T) {
	t.Parallel()
	manifest, err := os.ReadFile("../../../manifest.yml")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"command: " + stage.Command, "description: " + stage.CommandAbout, fmt.Sprintf("usage_hint: '%s'", stage.CommandHint),
		"callback_id: " + stage.Shortcut, "name: " + stage.ShortcutName,
	} {
		if !strings.Contains(string(manifest), want) {
			t.Errorf("manifest.yml does not contain %q", want)
		}
	}
}
