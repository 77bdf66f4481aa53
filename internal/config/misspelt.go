package config

import (
	"maps"
	"slices"
	"strings"

	"meetingbot/internal/spelling"
)

// prefixes are how the names of the program's variables begin.
var prefixes = []string{
	"SLACK_", "MEETING_", "ALLOW_", "DATABASE_", "SECOND_", "CONFIRM_", "UNDO_", "LEAD_",
	"OWNER_", "CARD_", "BOT_", "HTTP_", "LOG_", "SHUTDOWN_",
}

// misspelt looks at the variables that are none of the program's. One that
// resembles a variable that is not set is a fault: to start with
// SECOND_PERSN=always unread would be to start without the rule. Any other
// that begins like one of the program's is only noted.
func (l *loader) misspelt() {
	var known, free []string
	for _, s := range settings() {
		known = append(known, s.name, s.name+fileSuffix)
		if !l.any(s.name) {
			free = append(free, s.name, s.name+fileSuffix)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(l.env)) {
		if l.env[name] == "" || slices.Contains(known, name) {
			continue
		}
		upper := strings.ToUpper(name)
		ours := slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(upper, p) })
		near, ok := meant(name, free)
		switch {
		case ok && (ours || len(name) >= minForeign || isNearly(name, near)):
			l.faults = append(l.faults, Fault{Name: name, Wrong: "is not read by this program", Hint: "do you mean " + near + "?"})
		case ours && !isPlatform(upper):
			l.config.Unread = append(l.config.Unread, name)
		}
	}
}

// minForeign is how long a name with another beginning must be to be taken
// for one of ours by a likeness alone: SLCK_APP_TOKEN is.
const minForeign = 12

// isNearly reports whether a shorter name is one of ours but for one character,
// as ALOW_USERS and LEADTIME are. Names that many programs use are left alone:
// LOGLEVEL belongs to somebody else.
func isNearly(name, near string) bool {
	_, ok := spelling.Within(name, []string{near}, 1)
	return ok && !strings.HasPrefix(near, "LOG_") && !strings.HasPrefix(near, "HTTP_")
}

// meant returns the name that somebody most probably wanted to write.
func meant(name string, names []string) (string, bool) {
	if upper := strings.ToUpper(name); upper != name {
		return upper, slices.Contains(names, upper)
	}
	return spelling.Within(name, names, 2)
}

// isPlatform reports whether a variable is made by others under such names:
// the proxy's, and those that Kubernetes makes for every service.
func isPlatform(name string) bool {
	return name == "HTTP_PROXY" || strings.Contains(name, "_SERVICE_") || strings.Contains(name, "_PORT")
}
