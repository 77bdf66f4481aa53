package config

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"unicode"
)

// wrongCertificates says what is wrong with certificates in PEM, or returns "".
// The standard library skips what it can't read; here every one counts, since
// the one that is missing is the one that would have been needed.
func wrongCertificates(text string) string {
	rest, n := []byte(text), 0
	for {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		switch {
		case strings.HasSuffix(block.Type, "PRIVATE KEY"):
			return "contains a private key; only certificates belong there"
		case block.Type != "CERTIFICATE":
			continue
		}
		n++
		if _, err := x509.ParseCertificate(block.Bytes); err != nil {
			return fmt.Sprintf("contains a certificate that can't be read: number %d", n)
		}
	}
	switch {
	case text != "" && n == 0:
		return "contains no certificate in PEM form"
	case strings.Count(text, "-----BEGIN ") > n && strings.Contains(string(rest), "-----BEGIN "):
		return fmt.Sprintf("ends in the middle of certificate number %d", n+1)
	}
	return ""
}

// wrongHeader says why value can't be sent as a header, or returns "".
func wrongHeader(value string) string {
	const longest = 256
	switch {
	case len(value) > longest:
		return fmt.Sprintf("is longer than %d characters", longest)
	case strings.ContainsFunc(value, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsPrint(r) }):
		return "contains characters that a header can't carry"
	}
	return ""
}

// proxy checks the variable that net/http takes its proxy from. net/http silently
// ignores a value that it can't parse, and uses no proxy.
func (l *loader) proxy(environ []string) {
	for _, name := range []string{"HTTPS_PROXY", "https_proxy"} { // the first that is set counts, as in net/http
		i := slices.IndexFunc(environ, func(line string) bool { return strings.HasPrefix(line, name+"=") })
		if i < 0 || environ[i] == name+"=" {
			continue
		}
		if wrong := wrongProxy(strings.TrimPrefix(environ[i], name+"=")); wrong != "" {
			l.faults = append(l.faults, Fault{Name: name, Wrong: wrong, Hint: "for example http://proxy.example.com:3128; write @, / and % in a password as %40, %2F and %25"})
		}
		return
	}
}

// wrongProxy says why net/http would not use value as a proxy, or returns "".
func wrongProxy(value string) string {
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
