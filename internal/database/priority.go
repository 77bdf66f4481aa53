package database

import "context"

// A priority orders the queue for SQLite's writer, most urgent first.
type priority int

const (
	confirmed  priority = iota // a confirmation and the work that follows from it
	clicked                    // a click that waits for its ack
	ordinary                   // everything else
	priorities                 // how many there are
)

// Urgent returns a context whose transactions go first on SQLite: a confirmation, and the
// work that follows from it. It changes nothing on PostgreSQL, where transactions don't
// wait for one another.
func Urgent(ctx context.Context) context.Context {
	return context.WithValue(ctx, priorityKey{}, confirmed)
}

// Clicked returns a context whose transactions go second: a click that waits for its ack.
// No priority delays another for longer than one commit.
func Clicked(ctx context.Context) context.Context {
	return context.WithValue(ctx, priorityKey{}, clicked)
}

type priorityKey struct{}

func priorityOf(ctx context.Context) priority {
	if p, ok := ctx.Value(priorityKey{}).(priority); ok {
		return p
	}
	return ordinary
}
