package config

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"meetingbot/internal/spelling"
)

// An UnknownVariable is a variable that looks like one of ours but isn't.
type UnknownVariable struct {
	// Name is the variable's name.
	Name string
	// Meant is the variable that was probably meant, or empty.
	Meant string
}

// ownPrefix is a prefix that people expect our variables to have. They don't.
const ownPrefix = "MEETINGBOT_"

// misspelt looks for misspelt variables among those that aren't ours. A likely
// misspelling of a variable that isn't set is a fault: ignoring SECOND_PERSN=always would
// mean starting without the rule. It is only a warning if the right variable is set too,
// the name just starts like one of ours, or many programs use it. If there are other
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
		case likely && !isShared(name, near) && (failing || !l.isSet(strings.TrimSuffix(near, fileSuffix))):
			l.faults = append(l.faults, Fault{Name: visible(name), Problem: "is not read by this program", Hint: "did you mean " + near + "?"})
		case likely:
			l.config.Unread = append(l.config.Unread, UnknownVariable{Name: visible(name), Meant: near})
		case startsLikeOurs(name) && !isPlatform(strings.ToUpper(name)):
			l.config.Unread = append(l.config.Unread, UnknownVariable{Name: visible(name)})
		}
	}
}

// visible returns name, quoted if it has characters that could not be seen, such as the byte
// order mark of an environment file: "did you mean" the same name would help nobody.
func visible(name string) string {
	if strings.ContainsFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return strconv.QuoteToASCII(name)
	}
	return name
}

// startsLikeOurs reports whether name has the same first word as one of our variables,
// such as SLACK_ or LEAD_.
func startsLikeOurs(name string) bool {
	first, _, more := strings.Cut(strings.ToUpper(name), "_")
	return more && slices.ContainsFunc(settings(), func(s setting) bool { return strings.HasPrefix(s.name, first+"_") })
}

// minSimilar is how long a name that doesn't start like one of ours must be to count as
// a misspelling on similarity alone. SLCK_APP_TOKEN is long enough.
const minSimilar = 12

// meant returns the variable that name probably misspells, preferably one that isn't
// set.
func (l *loader) meant(name string, known []string) (string, bool) {
	name, prefixed := strings.CutPrefix(name, ownPrefix)
	if prefixed && slices.Contains(known, name) {
		return name, true
	}
	for _, form := range [][2]string{{"DELEGATE_", "DELEGATION_"}, {"CONFIRMATION_", "CONFIRM_"}} { // too far off to count as similar
		if rest, ok := strings.CutPrefix(name, form[0]); ok && slices.Contains(known, form[1]+rest) {
			return form[1] + rest, true
		}
	}
	free := slices.DeleteFunc(slices.Clone(known), func(k string) bool { return l.isSet(strings.TrimSuffix(k, fileSuffix)) })
	for _, names := range [][]string{free, known} {
		near, ok := nearest(name, names)
		same := strings.EqualFold(name, near) && strings.Contains(near, "_")
		if ok && (same || startsLikeOurs(name) || len(name) >= minSimilar || isNearly(name, near) || isShared(name, near)) {
			return near, true
		}
	}
	return "", false
}

// nearest returns the one of names that differs from name by letter case or by at most
// two characters.
func nearest(name string, names []string) (string, bool) {
	if upper := strings.ToUpper(name); upper != name {
		return upper, slices.Contains(names, upper)
	}
	return spelling.Within(name, names, 2)
}

// isNearly reports whether a short name differs from one of ours by one character, as
// ALOW_USERS and LEADTIME do. Names that many programs use don't count, and neither do
// single words: many are similar to KEEP.
func isNearly(name, near string) bool {
	_, ok := spelling.Within(name, []string{near}, 1)
	return ok && strings.Contains(near, "_") && !isCommon(near)
}

// isShared reports whether name is one of ours without the underscore, and might just as
// well belong to another program, as LOGLEVEL might.
func isShared(name, near string) bool {
	return isCommon(near) && name == strings.Replace(near, "_", "", 1)
}

// isCommon reports whether other programs often use a name like ours.
func isCommon(known string) bool {
	return strings.HasPrefix(known, "LOG_") || strings.HasPrefix(known, "HTTP_")
}

// isPlatform reports whether the platform sets name: it is the proxy's, or one that
// Kubernetes sets for every service.
func isPlatform(name string) bool {
	return name == "HTTP_PROXY" || strings.Contains(name, "_SERVICE_") || strings.Contains(name, "_PORT")
}
