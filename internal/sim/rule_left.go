package sim

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"meetingbot/internal/cancellation"
)

// checkCredentials: once the process has stopped, the database holds no address that would
// let somebody post in the workspace, save that of a question that stands.
func (w *world) checkCredentials(url string) {
	r := w.read(url)
	allowed := map[string]bool{}
	for id, q := range r.requests {
		if q.Response.URL != "" && q.State != cancellation.Asked {
			w.fail("g: credentials", "request %s is %s %s, and the address to answer at is kept", short(id), q.State, q.Outcome)
		}
		allowed[q.Response.URL] = true
	}
	for _, line := range r.invited {
		id, _, _ := strings.Cut(line, " ")
		if q := r.requests[id]; q.State.Final() && q.Outcome != cancellation.Unknown {
			w.fail("g: credentials", "request %s is %s %s, and who was invited is kept", short(id), q.State, q.Outcome)
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
			w.fail("g: credentials", "the file holds %s", secret)
		}
	}
	for _, found := range address.FindAllString(string(b), -1) {
		if !allowed[found] {
			w.fail("g: credentials", "the file still holds %s", found)
		}
	}
}

// secrets are what has no place in the database, or not any more: tokens, keys, passwords and
// host links of meetings, addresses of those invited.
var secrets = []string{"xoxb-", "xapp-", "MEETINGKEY", "HOSTPW-", "GUESTPW-", "HOSTLINK-", "GUESTLINK-", "somebody@elsewhere.example"}

// address is one at which Slack takes answers.
var address = regexp.MustCompile(`http://slack\.sim:80/(?:commands|actions)/[A-Za-z0-9/-]+`)
