package database

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/jackc/pgx/v5"
)

// ErrAddress means that DATABASE_URL itself is wrong: a configuration error.
var ErrAddress = errors.New("DATABASE_URL")

// errPooler is an [ErrAddress].
var errPooler = fmt.Errorf("%w points to a connection pooler that shares sessions among transactions (pgbouncer with pool_mode=transaction); "+
	"use the PostgreSQL server itself, or a pool with pool_mode=session", ErrAddress)

// errOption is an [ErrAddress].
var errOption = fmt.Errorf("%w has an option after the ? that the PostgreSQL server does not know, or with a value that it refuses; "+
	"correct it or remove it", ErrAddress)

// errForeign is an [ErrAddress].
var errForeign = fmt.Errorf("%w names a database in which another program keeps its tables (and goose_db_version, their version); "+
	"give meetingbot a database or a schema of its own", ErrAddress)

// parseAddress parses the address of a PostgreSQL server. It never quotes an address
// that it can't parse, because any part of it may be the password. Package config has
// already reported the details.
func parseAddress(address string) (*pgx.ConnConfig, error) {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return nil, fmt.Errorf("%w must begin with sqlite: or postgres://", ErrAddress)
	}
	cfg, err := pgx.ParseConfig(address)
	if err == nil {
		return cfg, nil
	}
	// Go and pgx quote what they can't parse.
	if _, err := url.Parse(address); err != nil {
		return nil, fmt.Errorf("%w is not a PostgreSQL address like postgres://USER:PASSWORD@HOST:PORT/NAME; "+
			"in a password, write %%40 for @, %%2F for /, %%3A for : and %%25 for %%", ErrAddress)
	}
	return nil, fmt.Errorf("%w is not a PostgreSQL address like postgres://USER:PASSWORD@HOST:PORT/NAME; "+
		"an option after the ? may be misspelt or have an invalid value", ErrAddress)
}
