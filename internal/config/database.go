package config

import (
	"net/url"
	"runtime"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const databaseName = "DATABASE_URL"

// Database loads only DATABASE_URL, for subcommands that just read the database and
// must not get the tokens. Other variables may be missing or wrong. The error is a
// [*Faults].
func Database(environ []string) (Secret, error) {
	l := loader{env: newEnvironment(environ)}
	l.read(settingOf(databaseName))
	l.database()
	if len(l.faults) > 0 {
		return "", &Faults{List: l.faults}
	}
	return l.config.DatabaseURL, nil
}

// DatabaseMayBePlain reports whether the connection to PostgreSQL on another machine is
// encrypted only if the server offers that, which the driver accepts unless DATABASE_URL
// has an sslmode that says otherwise.
func (c *Config) DatabaseMayBePlain() bool {
	server, err := pgconn.ParseConfig(c.DatabaseURL.Reveal())
	if err != nil || strings.HasPrefix(c.DatabaseURL.Reveal(), "sqlite:") {
		return false
	}
	encrypted := map[string]bool{server.Host: server.TLSConfig != nil}
	for _, f := range server.Fallbacks {
		before, again := encrypted[f.Host]
		if encrypted[f.Host] = f.TLSConfig != nil; again && before != encrypted[f.Host] && !isLoopback(f.Host) {
			return true
		}
	}
	return false
}

func (l *loader) database() {
	value := l.config.DatabaseURL.Reveal()
	if path, ok := strings.CutPrefix(value, "sqlite:"); ok {
		path = filePath(strings.TrimSpace(path), runtime.GOOS)
		problem, hint := fileProblem(path)
		l.hinted(databaseName, problem, hint)
		l.config.DatabaseURL = Secret("sqlite:" + path)
		return
	}
	problem, hint := serverProblem(value)
	l.hinted(databaseName, problem, hint)
}

// filePath returns path as the system wants it. On Windows, an address may have slashes
// before the drive, as in sqlite:///C:/data/meetingbot.db.
func filePath(path, system string) string {
	const drive = "C:"
	bare := strings.TrimLeft(path, "/")
	if system != "windows" || len(bare) < len(drive) || bare[1] != ':' {
		return path
	}
	return bare
}

// fileProblem says what is wrong with the path of a SQLite file, or returns "". hint says
// what to do, if the usual hint doesn't. Other programs accept more than a path; here it
// would only become part of a file name, and the trail would end up where no one looks.
func fileProblem(path string) (problem, hint string) {
	switch {
	case strings.Trim(path, "/") == "":
		return "names no file", ""
	case strings.Contains(path, "://"), strings.HasPrefix(path, "//") && strings.Contains(path, "@"): // as a path it would be printed, password and all
		return "is the address of a server, but SQLite needs a file", ""
	case strings.HasPrefix(path, "//") && !strings.HasPrefix(path, "///"):
		return "has two slashes before the file's name, which would put the file in the root folder",
			"write sqlite:meetingbot.db for a file in the folder the bot runs in, or a whole path such as sqlite:/var/lib/meetingbot/meetingbot.db"
	case strings.HasPrefix(path, ":memory:"), strings.HasPrefix(path, "file:"), strings.HasPrefix(path, "'"), strings.HasPrefix(path, `"`):
		return "has something other than the path of a file after sqlite:", "write only the path there, such as sqlite:meetingbot.db; the database has to outlive the process"
	case unexpanded.MatchString(path):
		return "begins with ~, $ or % after sqlite:, which nothing here replaces", wholePath
	case strings.Contains(path, "?"):
		return "has parameters after a ?; a SQLite file takes none", "leave out the ? and what follows it"
	}
	return "", ""
}

var sslModes = []string{"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}

// serverProblem says what is wrong with the address of a PostgreSQL server, or returns
// "". hint says what to do, if the usual hint doesn't. It never quotes the value: if a
// password has a stray @ or /, any part of the address may be part of the password.
func serverProblem(value string) (problem, hint string) {
	if !strings.HasPrefix(value, "postgres://") && !strings.HasPrefix(value, "postgresql://") {
		return "begins with neither sqlite: nor postgres://", ""
	}
	const escape = "percent-encode the user name and the password, all but A to Z, a to z and 0 to 9: @ is %40, / is %2F, ? is %3F, # is %23, % is %25"
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Fragment != "" || strings.Contains(u.EscapedPath(), "@") || strings.Count(authority(value), "@") > 1 || strayAt(u):
		return "is not an address", escape + "; check the host and the port, too"
	case strings.Contains(strings.TrimPrefix(u.EscapedPath(), "/"), "/"):
		return "has a / in the database name", escape
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return "has parameters after the ? that can't be read", "separate them with &, for example ?sslmode=verify-full&sslrootcert=/etc/ssl/db.pem"
	}
	if problem, hint := tlsProblem(query); problem != "" {
		return problem, hint
	}
	if _, err := pgx.ParseConfig(value); err != nil {
		return "is refused by the PostgreSQL driver", "check the port, the parameters after the ?, and any PG… variables, which the driver reads too"
	}
	return "", ""
}

// authority returns the part of an address between its // and the path or parameters. Go
// takes its last @ as the end of the password, the driver its first: the rest of the
// password would then be a host name, which errors quote.
func authority(address string) string {
	_, rest, _ := strings.Cut(address, "//")
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		return rest[:i]
	}
	return rest
}

// strayAt reports whether the part after the ? must be the rest of a password, because it
// has an @ where no parameter can have one. A file name can.
func strayAt(u *url.URL) bool {
	for parameter := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, _ := strings.Cut(parameter, "=")
		own := u.User == nil && (name == "user" || name == "password") // otherwise the address has them already
		if strings.Contains(name, "@") || strings.Contains(value, "@") && !own && !slices.Contains(allowsAt, name) {
			return true
		}
	}
	return false
}

// allowsAt are the parameters whose values are files or free text.
var allowsAt = []string{"sslrootcert", "sslcert", "sslkey", "passfile", "servicefile", "application_name", "options"}

func tlsProblem(query url.Values) (problem, hint string) {
	if query.Has("sslmode") && !slices.Contains(sslModes, query.Get("sslmode")) {
		return "has an unknown sslmode", "write one of " + strings.Join(sslModes, ", ")
	}
	if path := query.Get("sslrootcert"); path != "" && path != "system" {
		text, err := readValue(path)
		if err != nil {
			return "has an sslrootcert that " + err.Error(), pathHint(path, "give the path of the database's CA certificate in PEM form")
		}
		if problem := certificateProblem(text); problem != "" {
			return "has an sslrootcert whose file " + problem, "give the path of the database's CA certificate in PEM form"
		}
	}
	return "", ""
}
