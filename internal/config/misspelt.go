package config

import (
	"maps"
	"slices"
	"strings"

	"meetingbot/internal/spelling"
)

// An Unread is a variable that looks like one of the program's but is not.
type Unread struct {
	// Name is the variable's name.
	Name string
	// Meant is the variable it was probably meant for; empty if there is none.
	Meant string
}

// ownPrefix is what other programs put before their variables, and this one does not.
const ownPrefix = "MEETINGBOT_"

// misspelt looks at the variables that are not the program's. A likely misspelling
// of a variable that is not set is a fault: ignoring SECOND_PERSN=always would mean
// starting without the rule. If the right variable is set too, or the name only
// starts like one of ours, or many programs use it, it is a warning; if there are other
// faults, it is reported with them, unless many programs use it.
func (l *loader) misspelt() {
	var known []string
	for _, s := range settings() {
		known = append(known, s.name, s.name+fileSuffix)
	}
	failing := len(l.faults) > 0
	for _, name := range slices.Sorted(maps.Keys(l.env)) {
		if l.env[name] == "" || slices.Contains(known, name) {
			continue
		}
		near, likely := l.meant(name, known)
		switch {
		case likely && !isShared(name, near) && (failing || !l.any(strings.TrimSuffix(near, fileSuffix))):
			l.faults = append(l.faults, Fault{Name: name, Wrong: "is not read by this program", Hint: "did you mean " + near + "?"})
		case likely:
			l.config.Unread = append(l.config.Unread, Unread{Name: name, Meant: near})
		case isOurs(name) && !isPlatform(strings.ToUpper(name)):
			l.config.Unread = append(l.config.Unread, Unread{Name: name})
		}
	}
}

// isOurs reports whether name begins like one of the program's variables, with the
// same first word: SLACK_ or LEAD_.
func isOurs(name string) bool {
	first, _, more := strings.Cut(strings.ToUpper(name), "_")
	return more && slices.ContainsFunc(settings(), func(s setting) bool { return strings.HasPrefix(s.name, first+"_") })
}

// minForeign is how long a name with another beginning must be to be taken
// for one of ours by a likeness alone: SLCK_APP_TOKEN is.
const minForeign = 12

// meant returns the variable that name was probably meant for. Of several
// that are near, one that is not set is preferred.
func (l *loader) meant(name string, known []string) (string, bool) {
	name, prefixed := strings.CutPrefix(name, ownPrefix)
	if prefixed && slices.Contains(known, name) {
		return name, true
	}
	for _, form := range [][2]string{{"DELEGATE_", "DELEGATION_"}, {"CONFIRMATION_", "CONFIRM_"}} { // too far off for a likeness
		if rest, ok := strings.CutPrefix(name, form[0]); ok && slices.Contains(known, form[1]+rest) {
			return form[1] + rest, true
		}
	}
	free := slices.DeleteFunc(slices.Clone(known), func(k string) bool { return l.any(strings.TrimSuffix(k, fileSuffix)) })
	for _, names := range [][]string{free, known} {
		near, ok := nearest(name, names)
		same := strings.EqualFold(name, near) && strings.Contains(near, "_")
		if ok && (same || isOurs(name) || len(name) >= minForeign || isNearly(name, near) || isShared(name, near)) {
			return near, true
		}
	}
	return "", false
}

// nearest returns the name that differs from name by its letter case or by one
// or two characters.
func nearest(name string, names []string) (string, bool) {
	if upper := strings.ToUpper(name); upper != name {
		return upper, slices.Contains(names, upper)
	}
	return spelling.Within(name, names, 2)
}

// isNearly reports whether a shorter name is one of ours but for one character, as
// ALOW_USERS and LEADTIME are. Names that many programs use don't count, and many words
// are like KEEP.
func isNearly(name, near string) bool {
	_, ok := spelling.Within(name, []string{near}, 1)
	return ok && strings.Contains(near, "_") && !isCommon(near)
}

// isShared reports whether a name is one of ours but for the underscore, and may as well
// be another program's, as LOGLEVEL is.
func isShared(name, near string) bool {
	return isCommon(near) && name == strings.Replace(near, "_", "", 1)
}

// isCommon reports whether many programs use names like this one of ours.
func isCommon(known string) bool {
	return strings.HasPrefix(known, "LOG_") || strings.HasPrefix(known, "HTTP_")
}

// isPlatform reports whether the name is one that others set: the proxy's, and
// those that Kubernetes sets for every service.
func isPlatform(name string) bool {
	return name == "HTTP_PROXY" || strings.Contains(name, "_SERVICE_") || strings.Contains(name, "_PORT")
}
