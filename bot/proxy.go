package bot

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// CheckProxy returns an error that names each of HTTPS_PROXY and HTTP_PROXY that is set to something other than a proxy
// address, in either spelling. net/http ignores such values and uses no proxy. The error does not quote them, because
// they may hold a password. env looks up a variable.
func CheckProxy(env func(name string) string) error {
	var all []error
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		if value := env(name); value != "" && !isProxy(value) {
			all = append(all, fmt.Errorf("%s is not the address of a proxy, which looks like http://proxy.example:3128: nothing would go through it", name))
		}
	}
	return errors.Join(all...)
}

// isProxy reports whether net/http would take value for a proxy.
func isProxy(value string) bool {
	schemes := []string{"http", "https", "socks5", "socks5h"}
	u, err := url.Parse(value)
	if err == nil && slices.Contains(schemes, u.Scheme) {
		return isHost(u)
	}
	if strings.Contains(value, "://") {
		return false
	}
	u, err = url.Parse("http://" + value) // a bare host:port is allowed
	return err == nil && isHost(u) && strings.Trim(u.Path, "/") == ""
}

func isHost(u *url.URL) bool {
	return u.Hostname() != "" && !strings.ContainsAny(u.Hostname(), " ,;")
}
