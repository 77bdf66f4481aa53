package sim

import (
	"context"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/dbfault"
)

// aroundStatement wraps every statement of a process.
func (p *process) aroundStatement(ctx context.Context, text string, carryOut func() error) error {
	w, place := p.w, statement(text)
	if place == dbfault.Begin || place == dbfault.Connect || strings.HasPrefix(place, "SELECT") {
		// A frozen process still finishes statements it has started. Otherwise SQLite's
		// file would stay locked for everyone else.
		if err := p.gateUntil(ctx); err != nil {
			return err
		}
	}
	if p.isDead() {
		return errDead
	}
	if beforeBlanking(text) {
		w.remember(p.url)
	}
	if place == dbfault.Commit && ctx.Err() == nil {
		time.Sleep(w.chance.between(w.chance.next("commit"), 100*time.Microsecond, 4*time.Millisecond))
	}
	w.dieIfDue(p, "db "+place, false)
	err := p.runStatement(ctx, place, carryOut)
	w.dieIfDue(p, "db "+place, true)
	if p.isDead() {
		return errDead
	}
	return err
}

// runStatement runs a statement, unless a fault prevents it.
func (p *process) runStatement(ctx context.Context, place string, carryOut func() error) error {
	do := func() error {
		p.statements.RLock()
		defer p.statements.RUnlock()
		if p.isDead() {
			return errDead
		}
		return carryOut()
	}
	if place == dbfault.Connect || place == "" {
		return do()
	}
	l, struck := p.w.faultFor("db", place, p.slot)
	if !struck {
		return do()
	}
	l.goOn("")
	if place == dbfault.Commit || l.place != "" {
		p.w.tell("%s: the database: %s %s", l.name, place, l.how)
	}
	switch l.how {
	case refused:
		return dbfault.ErrLost
	case full:
		return errFull()
	case readOnly:
		return errReadOnly
	case hangs:
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Until(l.to)):
			return dbfault.ErrLost
		}
	case slow:
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(l.delay):
			return do()
		}
	}
	if err := do(); err != nil {
		return err
	}
	return dbfault.ErrLost
}

// statement names the kind of a statement and its table.
func statement(text string) string {
	f := strings.Fields(text)
	if len(f) == 0 {
		return ""
	}
	switch f[0] {
	case dbfault.Connect, dbfault.Begin, dbfault.Commit, "WITH":
		return f[0]
	case "SELECT": // counted per table, so that a background read of one table doesn't shift the faults of others
		if i := slices.Index(f, "FROM"); i >= 0 && i+1 < len(f) {
			return "SELECT " + strings.Trim(f[i+1], "(),")
		}
		return "SELECT"
	case "UPDATE":
		return "UPDATE " + f[1]
	case "INSERT", "DELETE":
		return f[0] + " " + strings.TrimSuffix(f[2], "(")
	}
	return "" // savepoints and the like
}
