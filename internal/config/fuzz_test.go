package config_test

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"meetingbot/internal/config"
)

// FuzzDatabase reads database addresses that contain a password somewhere, escaped or
// not. No fault may quote a piece of the password.
func FuzzDatabase(f *testing.F) {
	f.Add("postgres://user:p@ss/", "@host/db")
	f.Add("postgres://user:", "@db.example:5432/bot?sslmode=required")
	f.Add("postgres://user:#?%", "@host:port/db")
	f.Add("host=db password='", "' dbname=bot")
	f.Add("sqlite://", "@host")
	f.Add("postgresql://db/bot?password=", "&sslrootcert=/nowhere")
	f.Fuzz(func(t *testing.T, before, after string) {
		const password = "hunter2hunter2"
		_, err := config.Database([]string{"DATABASE_URL=" + before + password + after})
		if err == nil {
			return
		}
		if printed := fmt.Sprintf("%v %+v %q", err, err, err); strings.Contains(printed, password) {
			t.Errorf("the password is quoted in %s", printed)
		}
	})
}

// FuzzVariables puts anything into any variable or NAME_FILE. No fault may quote a piece
// of it.
func FuzzVariables(f *testing.F) {
	names := []string{"HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "NO_PROXY"}
	for _, field := range reflect.VisibleFields(reflect.TypeFor[config.Config]()) {
		if name := field.Tag.Get("envconfig"); name != "" {
			names = append(names, name, name+"_FILE")
		}
	}
	for i := range names {
		f.Add(uint8(i), "", "")
		f.Add(uint8(i), "https://user:", "@host:x/#?%zz")
		f.Add(uint8(i), "-----BEGIN CERTIFICATE-----\n", "\n-----END CERTIFICATE-----")
	}
	f.Fuzz(func(t *testing.T, which uint8, before, after string) {
		const secret = "hunter2hunter2"
		name := names[int(which)%len(names)]
		_, err := config.Load(with(map[string]string{name: before + secret + after}))
		if printed := fmt.Sprintf("%v %+v %q", err, err, err); err != nil && strings.Contains(printed, secret) {
			t.Errorf("%s=%q is quoted in %s", name, before+secret+after, printed)
		}
	})
}

// FuzzOwners reads any file as OWNER_MAP. A fault names its line and quotes nothing, and
// every person read has a user id or an e-mail address.
func FuzzOwners(f *testing.F) {
	for _, s := range []string{
		"ana@corp,U0ANA\n", "account,slack\r\nff80,ana@example.com\r\n", "\"a,b\",U1\n#c,U2\n", "a,U1\nA,U2\n", "\ufeffa,U1\n", "a,\"U1\nb", "a;U1\n", ",,\n",
	} {
		f.Add(s)
	}
	path := filepath.Join(f.TempDir(), "owners.csv")
	f.Fuzz(func(t *testing.T, text string) {
		const secret = "hunter2hunter2"
		if err := os.WriteFile(path, []byte(text+secret+text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load(with(map[string]string{"OWNER_MAP": path}))
		if err != nil && strings.Contains(fmt.Sprintf("%v %+v", err, err), secret) {
			t.Errorf("a map of %q is quoted in %v", text, err)
		}
		for account, o := range c.Owners {
			if account == "" || o == "" {
				t.Errorf("a map of %q has %q for %q", text, account, o)
			}
		}
	})
}
