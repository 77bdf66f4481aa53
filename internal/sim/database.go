package sim

import (
	"context"
	"slices"
	"strings"
	"time"

	"meetingbot/internal/dbfault"
)

// around is around every statement of a process.
func (p *process) around(ctx context.Context, text string, carryOut func() error) error {
	w, place := p.w, statement(text)
	if place == dbfault.Begin || place == dbfault.Connect || strings.HasPrefix(place, "SELECT") {
		// What is under way in the database when the process freezes comes to its
		// end: SQLite's file would be locked for whoever looks at it.
		if err := p.gateUntil(ctx); err != nil {
			return err
		}
	}
	if p.isDead() {
		return errDead
	}
	if place == dbfault.Commit && ctx.Err() == nil {
		time.Sleep(w.chance.between(w.chance.next("commit"), 100*time.Microsecond, 4*time.Millisecond))
	}
	w.reaper(p, "db "+place, false)
	err := p.carry(ctx, place, carryOut)
	w.reaper(p, "db "+place, true)
	if p.isDead() {
		return errDead
	}
	return err
}

// carry carries a statement out, or not.
func (p *process) carry(ctx context.Context, place string, carryOut func() error) error {
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
	l, struck := p.w.strike("db", place)
	if !struck {
		return do()
	}
	if place == dbfault.Commit || l.place != "" {
		p.w.tell("%s: the database: %s %s", l.name, place, l.how)
	}
	switch l.how {
	case refused:
		return dbfault.ErrLost
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

// statement names what a statement does, and to which table.
func statement(text string) string {
	f := strings.Fields(text)
	if len(f) == 0 {
		return ""
	}
	switch f[0] {
	case dbfault.Connect, dbfault.Begin, dbfault.Commit, "WITH":
		return f[0]
	case "SELECT": // those of one table are counted by themselves: who reads another in the background shifts none of them
		if i := slices.Index(f, "FROM"); i >= 0 && i+1 < len(f) {
			return "SELECT " + strings.Trim(f[i+1], "(),")
		}
		return "SELECT"
	case "UPDATE":
		return "UPDATE " + f[1]
	case "INSERT", "DELETE":
		return f[0] + " " + strings.TrimSuffix(f[2], "(")
	}
	return "" // what begins or ends a part of a transaction
}
