package config

import (
	"net/url"
	"slices"
	"strings"
)

// proxy checks the variable that net/http takes its proxy from, because net/http silently
// ignores a value that it can't parse, and uses no proxy.
func (l *loader) proxy(environ []string) {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} { // the first one set wins, as in net/http
		i := slices.IndexFunc(environ, func(line string) bool { return strings.HasPrefix(line, name+"=") })
		if i < 0 || environ[i] == name+"=" {
			continue
		}
		if problem := proxyProblem(strings.TrimPrefix(environ[i], name+"=")); problem != "" {
			l.faults = append(l.faults, Fault{Name: name, Problem: problem, Hint: "for example http://proxy.example.com:3128; write @, / and % in a password as %40, %2F and %25"})
		}
		return
	}
}

// proxyProblem says why net/http wouldn't use value as a proxy, or returns "".
func proxyProblem(value string) string {
	if value != strings.TrimSpace(value) {
		return "begins or ends with a space or a line break"
	}
	u, err := url.Parse(value)
	if !strings.Contains(value, "://") {
		u, err = url.Parse("http://" + value) // as net/http reads it
	}
	switch {
	case err != nil || u.Hostname() == "":
		return "is not an address"
	case !slices.Contains([]string{"http", "https", "socks5", "socks5h"}, u.Scheme):
		return "does not begin with http://, https:// or socks5://"
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return "contains more than a user, a host and a port"
	}
	return ""
}
