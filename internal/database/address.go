package database

import (
	"errors"
	"fmt"

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

// parseAddress parses the address of a PostgreSQL server. Package config has already said
// what is wrong with one that can't be parsed. The error of pgx may quote the password.
func parseAddress(address string) (*pgx.ConnConfig, error) {
	cfg, err := pgx.ParseConfig(address)
	if err != nil {
		return nil, fmt.Errorf("%w is refused by the PostgreSQL driver", ErrAddress)
	}
	return cfg, nil
}
