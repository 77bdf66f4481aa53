package dbfault

import (
	"context"
	"database/sql/driver"
	"io"
	"strings"
	"sync"
)

// A Kind is what happens to a statement.
type Kind int

// The kinds.
const (
	Refuse     Kind = iota + 1 // it fails without being run
	Hang                       // it hangs until its deadline or [Driver.Heal], without being run
	LoseAnswer                 // it is run, but the answer is lost with the connection
)

// Names for statements without text.
const (
	Connect = "CONNECT"
	Begin   = "BEGIN"
	Commit  = "COMMIT"
)

// ErrLost is the error of a failed statement, as if the connection had ended.
var ErrLost = io.ErrUnexpectedEOF

// A Driver sits between a store and its database. The zero Driver passes everything on. It
// is safe for concurrent use.
type Driver struct {
	// Around, if not nil, wraps every statement: it decides whether and when to run it,
	// and returns the result. Set it before using the driver.
	Around func(ctx context.Context, text string, run func() error) error

	mu         sync.Mutex
	faults     []*fault
	healed     chan struct{} // closed to release hanging statements; nil if there are none
	statements int
	commits    int
}

type fault struct {
	part  string // of the statement's text
	kind  Kind
	times int // how many times are left; negative for always
}

// Next makes the next statements whose text contains part fail in the given way: times of
// them, or all if times is negative. An empty part matches every statement, including
// [Begin] and [Commit].
func (d *Driver) Next(part string, kind Kind, times int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = append(d.faults, &fault{part: part, kind: kind, times: times})
}

// Heal ends all faults. Hanging statements fail with [ErrLost].
func (d *Driver) Heal() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.faults = nil
	if d.healed != nil {
		close(d.healed)
		d.healed = nil
	}
}

// Counts returns the number of statements and commits so far. Beginning or ending a
// transaction or a savepoint is not counted as a statement.
func (d *Driver) Counts() (statements, commits int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.statements, d.commits
}

// do runs a statement, or makes it fail.
func (d *Driver) do(ctx context.Context, text string, f func() error) error {
	if d.Around != nil {
		inner := f
		f = func() error { return d.Around(ctx, text, inner) }
	}
	kind, healed := d.take(text)
	switch kind {
	case Refuse:
		return ErrLost
	case Hang:
		select {
		case <-ctx.Done():
			return context.Cause(ctx) // a deadline stays one, see conn.do
		case <-healed:
			return ErrLost
		}
	case LoseAnswer:
		if err := f(); err != nil {
			return err
		}
		return ErrLost
	}
	return f()
}

// take counts a statement and returns the fault that hits it, if any.
func (d *Driver) take(text string) (Kind, <-chan struct{}) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch verb, _, _ := strings.Cut(strings.TrimSpace(text), " "); verb {
	case Commit:
		d.commits++
	case Connect, Begin, "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA":
	default:
		d.statements++
	}
	for _, f := range d.faults {
		if f.times == 0 || !strings.Contains(text, f.part) {
			continue
		}
		f.times--
		if f.kind == Hang && d.healed == nil {
			d.healed = make(chan struct{})
		}
		return f.kind, d.healed
	}
	return 0, nil
}

// Connect wraps a connector; it is meant for store.Options.
func (d *Driver) Connect(c driver.Connector) driver.Connector { return connector{inner: c, d: d} }

type connector struct {
	inner driver.Connector
	d     *Driver
}

func (c connector) Driver() driver.Driver { return c.inner.Driver() }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	var inner driver.Conn
	err := c.d.do(ctx, Connect, func() (err error) {
		inner, err = c.inner.Connect(ctx)
		return err
	})
	if err != nil {
		if inner != nil {
			_ = inner.Close()
		}
		return nil, err
	}
	return &conn{innerConn: inner.(innerConn), d: c.d}, nil //nolint:forcetypeassert // both drivers implement all of it
}
