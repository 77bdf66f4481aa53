package sim

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"meetingbot/internal/cancellation"
)

// checkCredentials: once the process has stopped, the database holds no response_url, which
// would let its reader post in the workspace, except those of open questions.
func (w *world) checkCredentials(url string) {
	r := w.restored(w.read(url))
	allowed := map[string]bool{}
	for id, q := range r.requests {
		if q.Response.URL != "" && q.State != cancellation.Asked {
			w.fail("g: credentials", "request %s is %s %s, but its response_url is still stored", short(id), q.State, q.Outcome)
		}
		allowed[q.Response.URL] = true
	}
	for _, line := range r.invited {
		id, _, _ := strings.Cut(line, " ")
		if q := r.requests[id]; q.State.Final() && q.Outcome != cancellation.Unknown {
			w.fail("g: credentials", "request %s is %s %s, but its invited people are still stored", short(id), q.State, q.Outcome)
		}
	}
	path, isFile := strings.CutPrefix(url, "sqlite:")
	if !isFile {
		return
	}
	b, err := os.ReadFile(filepath.Clean(path))
	if err != nil {
		w.fail("harness", "read the file: %v", err)
	}
	for _, secret := range secrets {
		if strings.Contains(string(b), secret) {
			w.fail("g: credentials", "the file contains %s", secret)
		}
	}
	for _, found := range address.FindAllString(string(b), -1) {
		if !allowed[found] {
			w.fail("g: credentials", "the file still contains %s", found)
		}
	}
}

// secrets must not be in the database: tokens, keys, passwords and host links of meetings, and
// addresses of invited people once they were told.
var secrets = []string{"xoxb-", "xapp-", "MEETINGKEY", "HOSTPW-", "GUESTPW-", "HOSTLINK-", "GUESTLINK-", "somebody@elsewhere.example"}

// address matches a response_url.
var address = regexp.MustCompile(`http://slack\.sim:80/(?:commands|actions)/[A-Za-z0-9/-]+`)
