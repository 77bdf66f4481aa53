package database

import "context"

// A priority is a transaction's place in the queue for SQLite's writer, most urgent
// first.
type priority int

const (
	confirmed  priority = iota // what follows from a confirmation
	clicked                    // a click that waits for its ack
	ordinary                   // everything else
	priorities                 // how many there are
)

// Urgent marks a context whose transactions come first on SQLite: what a person has
// confirmed, and what follows from it, comes before mere questions. It changes
// nothing on PostgreSQL, where transactions don't wait for one another.
func Urgent(ctx context.Context) context.Context {
	return context.WithValue(ctx, priorityKey{}, confirmed)
}

// Clicked marks a context whose transactions come next: a click that waits for its
// ack. No priority delays another for longer than a commit.
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
