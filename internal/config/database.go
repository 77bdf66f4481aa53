package config

// Database reads DATABASE_URL alone, or its file, with its default: what a
// reader of the database needs, who is to have none of the tokens. Other
// variables may be missing or wrong. The error is a [*Faults].
func Database(environ []string) (Secret, error) {
	const name = "DATABASE_URL"
	l := loader{env: newEnvironment(environ)}
	for _, s := range settings() {
		if s.name == name {
			l.read(s)
		}
	}
	l.fault(name, wrongDatabase(l.config.DatabaseURL.Reveal()))
	if len(l.faults) > 0 {
		return "", &Faults{List: l.faults}
	}
	return l.config.DatabaseURL, nil
}
