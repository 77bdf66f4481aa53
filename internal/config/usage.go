package config

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/kelseyhightower/envconfig"
)

const table = `{{range .}}{{usage_key .}}	{{if usage_required .}}required{{else}}{{usage_default .}}{{end}}	{{usage_description .}}
{{end}}`

// Usage writes a table of the variables and their defaults.
func Usage(w io.Writer) error {
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	err := envconfig.Usagef("", &Config{}, t, table)
	if err == nil {
		err = t.Flush()
	}
	if err != nil {
		return fmt.Errorf("print the variables: %w", err)
	}
	_, err = fmt.Fprintln(w, "\nEach NAME can also be given as NAME_FILE, the path of a file that holds the value.")
	return err
}
