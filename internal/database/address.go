package database

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrAddress means that DATABASE_URL is wrong, whatever the server does: a
// configuration error.
var ErrAddress = errors.New("DATABASE_URL")

// errPooler is an [ErrAddress].
var errPooler = fmt.Errorf("%w points to a connection pooler that shares sessions among transactions (pgbouncer with pool_mode=transaction); "+
	"use the PostgreSQL server itself, or a pool with pool_mode=session", ErrAddress)

// errOption is an [ErrAddress].
var errOption = fmt.Errorf("%w has an option after the ? that the PostgreSQL server does not know, or with a value that it refuses; "+
	"correct it or remove it", ErrAddress)

// parseAddress reads the address of a PostgreSQL server. It never quotes an address
// that it can't parse, because any part of it may be the password.
func parseAddress(address string) (*pgx.ConnConfig, error) {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return nil, fmt.Errorf("%w must begin with sqlite: or postgres://", ErrAddress)
	}
	cfg, err := pgx.ParseConfig(address)
	if err == nil {
		return cfg, nil
	}
	// Go and pgx quote what they can't parse.
	u, err := url.Parse(address)
	if err != nil {
		return nil, fmt.Errorf("%w is not a PostgreSQL address like postgres://USER:PASSWORD@HOST:PORT/NAME; "+
			"in a password, write %%40 for @, %%2F for /, %%3A for : and %%25 for %%", ErrAddress)
	}
	if err := checkTLS(u.Query()); err != nil {
		return nil, err
	}
	return nil, fmt.Errorf("%w is not a PostgreSQL address like postgres://USER:PASSWORD@HOST:PORT/NAME; "+
		"an option after the ? may be misspelt or have an invalid value", ErrAddress)
}

// sslModes are the values that sslmode can have.
func sslModes() []string {
	return []string{"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
}

// checkTLS checks the TLS options itself, because the driver's error messages about
// them repeat the whole address.
func checkTLS(options url.Values) error {
	if mode := options.Get("sslmode"); mode != "" && !slices.Contains(sslModes(), mode) {
		return fmt.Errorf("%w: sslmode must be one of %s", ErrAddress, strings.Join(sslModes(), ", "))
	}
	for _, name := range []string{"sslrootcert", "sslcert", "sslkey"} {
		path := options.Get(name)
		if path == "" || name == "sslrootcert" && path == "system" {
			continue
		}
		_, err := os.ReadFile(path) //nolint:gosec // the operator names the file
		if cause, ok := errors.AsType[*fs.PathError](err); ok {
			return fmt.Errorf("%w: the file that %s names can't be read: %w", ErrAddress, name, cause.Err)
		}
	}
	if (options.Get("sslcert") == "") != (options.Get("sslkey") == "") {
		return fmt.Errorf("%w: sslcert and sslkey must be set together", ErrAddress)
	}
	return nil
}
