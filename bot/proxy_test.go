package bot

import (
	"strings"
	"testing"
)

func TestCheckProxy(t *testing.T) {
	t.Parallel()
	for value, ok := range map[string]bool{
		"": true, "http://proxy.example:3128": true, "https://user:hunter2@proxy.example": true, "proxy.example:3128": true,
		"proxy.example": true, "socks5://10.0.0.1:1080": true, "socks5h://proxy": true, "10.0.0.1:3128": true, "[::1]:3128": true,
		"http://": false, "ftp://hunter2.example": false, "http//hunter2 example": false, "http://hunter2:port": false, "://hunter2": false,
		"http://user:hunter2%zz@proxy": false, " http://hunter2": false, ":3128": false, "hunter2.example:many": false,
	} {
		err := CheckProxy(func(name string) string {
			if name == "HTTPS_PROXY" {
				return value
			}
			return ""
		})
		if (err == nil) != ok {
			t.Errorf("CheckProxy(HTTPS_PROXY=%q) = %v, want ok %t", value, err, ok)
		}
		if err != nil && (strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "HTTPS_PROXY")) {
			t.Errorf("CheckProxy() = %v, want the name and not the value", err)
		}
	}
}

func TestCheckProxyNamesAll(t *testing.T) {
	t.Parallel()
	err := CheckProxy(func(string) string { return "http://" })
	for _, name := range []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"} {
		if err == nil || !strings.Contains(err.Error(), name+" is not") {
			t.Errorf("CheckProxy() = %v, want it to name %s", err, name)
		}
	}
}
