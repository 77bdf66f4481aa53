package config_test

import (
	"fmt"
	"strings"
	"testing"

	"meetingbot/internal/config"
)

// FuzzDatabase reads addresses of a database that hold a password somewhere,
// escaped or not. Whatever is wrong with one, no piece of the password is quoted.
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
