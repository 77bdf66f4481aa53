package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// OpenReadOnly opens a database for looking, also while the bot runs on it: no
// lock is taken, no table is made and nothing can be written through it. A
// SQLite file must exist.
func OpenReadOnly(ctx context.Context, url string) (*Store, error) {
	s, err := connectReadOnly(url)
	if err != nil {
		return nil, err
	}
	if err := s.db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open database: %w", explain(err)), s.Close())
	}
	return s, nil
}

func connectReadOnly(url string) (*Store, error) {
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok {
		s, err := connect(url)
		if err == nil {
			s.now = time.Now
		}
		return s, err
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db, err := sql.Open("sqlite", dsn(path)+"&mode=ro&_pragma=query_only(1)")
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	return &Store{db: db, dialect: SQLite, now: time.Now}, nil
}
