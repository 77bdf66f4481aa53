package sim

import (
	"context"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"meetingbot/internal/config"
	"meetingbot/internal/dbfault"
	"meetingbot/internal/service"
)

// A process is one run of the service, from start to exit or kill.
type process struct {
	w    *world
	n    int // numbers the processes
	slot *slot
	url  string // of its database
	db   dbfault.Driver
	stop context.CancelFunc
	done chan struct{} // closed when it has ended

	statements sync.RWMutex // read-held while a statement runs
	mu         sync.Mutex
	dead       bool
	frozen     chan struct{} // closed when it wakes up; nil while it is awake
	conns      map[*conn]bool
}

// A slot is where a process runs, one at a time. With PostgreSQL there are two.
type slot struct {
	current *process      // nil if none is running
	url     string        // of the database that the next process opens
	ahead   time.Duration // the error of its machine's clock
}

// startProcess starts the service on a database.
func (w *world) startProcess(at *slot, url string) *process {
	ctx, cancel := context.WithCancel(context.Background())
	p := &process{w: w, slot: at, url: url, stop: cancel, done: make(chan struct{}), conns: map[*conn]bool{}}
	w.mu.Lock()
	w.lives++
	p.n = w.lives
	at.current = p
	w.all = append(w.all, p)
	w.mu.Unlock()
	p.db.Around = p.aroundStatement
	cfg := w.settings()
	cfg.DatabaseURL = config.Secret(url)
	log := slog.New(w.logOf(p))
	outside := service.Env{Dial: p.dial, Connect: p.db.Connect, Now: func() time.Time { return w.clockOf(at) }}
	go func() {
		defer close(p.done)
		p.restartUnlessAsked(service.RunWith(ctx, outside, cfg, "sim", log), ctx.Err() != nil)
	}()
	return p
}

// restartUnlessAsked restarts the service if it exits on its own, as a supervisor would.
func (p *process) restartUnlessAsked(err error, asked bool) {
	if err == nil || asked || p.isDead() {
		return
	}
	p.w.tell("process %d exited: %v", p.n, err)
	p.w.inBackground(func() { p.w.restart(p, 2*time.Second) })
}

// restart starts the next process after a pause, unless there is one already or the schedule
// is over.
func (w *world) restart(after *process, pause time.Duration) {
	w.troubleUntil(time.Now().Add(pause))
	time.Sleep(pause)
	w.mu.Lock()
	may := after.slot.current == after && !w.over
	w.mu.Unlock()
	if may {
		w.tell("the next process starts")
		w.startProcess(after.slot, after.url)
		w.troubleUntil(time.Now())
	}
}

// gate blocks a frozen process and returns an error to a dead one.
func (p *process) gate() error { return p.gateUntil(context.Background()) }

// gateUntil is gate with a deadline. A transaction's statement holds a lock that its rollback
// waits for, and a bubble's clock stands still while a goroutine waits for a lock.
func (p *process) gateUntil(ctx context.Context) error {
	for {
		p.mu.Lock()
		frozen, dead := p.frozen, p.dead
		p.mu.Unlock()
		switch {
		case dead:
			return errDead
		case frozen == nil:
			return nil
		}
		select {
		case <-frozen:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// track registers a connection, and reports whether the process is still alive.
func (p *process) track(c *conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[c] = true
	return !p.dead
}

func (p *process) untrack(c *conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, c)
}

func (p *process) isFrozen() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.frozen != nil
}

func (p *process) isDead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// kill ends the process at this instant: nothing it does has any effect from now on.
// Everything it has committed is in the file that the next process opens.
func (p *process) kill() (url string, ok bool) {
	if !p.w.real {
		p.statements.Lock()
		defer p.statements.Unlock()
	}
	p.mu.Lock()
	if p.dead || p.isOver() {
		p.mu.Unlock()
		return "", false
	}
	p.dead = true
	if p.frozen != nil {
		close(p.frozen)
		p.frozen = nil
	}
	var open []*conn
	for c := range p.conns {
		open = append(open, c)
	}
	p.mu.Unlock()
	next := p.url
	if !p.w.real {
		next = p.copyDatabase()
	}
	for _, c := range open {
		_ = c.Close()
	}
	p.stop()
	return next, true
}

// copyDatabase copies the database as it is now.
func (p *process) copyDatabase() (url string) {
	from, _ := strings.CutPrefix(p.url, "sqlite:")
	to := p.w.newFile()
	for _, suffix := range []string{"", "-wal"} {
		if err := copyFile(from+suffix, to+suffix); err != nil {
			p.w.fail("harness", "copy the database: %v", err)
		}
	}
	return "sqlite:" + to
}

// isOver reports whether the process has ended.
func (p *process) isOver() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

func copyFile(from, to string) error {
	b, err := os.ReadFile(from)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.WriteFile(to, b, 0o600)
}

// freeze stops the process until wake.
func (p *process) freeze() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead || p.frozen != nil {
		return false
	}
	p.frozen = make(chan struct{})
	return true
}

// wake resumes a frozen process.
func (p *process) wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.frozen != nil {
		close(p.frozen)
		p.frozen = nil
	}
}

// silence makes all connections to a service fall silent.
func (p *process) silence(to string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		if c.to == to {
			c.fallSilent()
		}
	}
}
