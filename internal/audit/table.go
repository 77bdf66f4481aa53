package audit

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"meetingbot/internal/store"
)

// A table prints a line per request. A request's rows must be consecutive.
type table struct {
	*tabwriter.Writer
	life  []store.AuditRow // of the current request
	lines int
}

// block is how many lines are held back to align their columns: an audit may be long.
const block = 1000

func newTable(w io.Writer) writer {
	return &table{Writer: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
}

func (t *table) row(r store.AuditRow) error {
	if r.Request == "" {
		return nil // about the trail itself
	}
	var err error
	if len(t.life) > 0 && t.life[0].Request != r.Request {
		err = t.finish()
	}
	t.life = append(t.life, r)
	return err
}

func (t *table) end() error {
	if len(t.life) == 0 {
		return nil
	}
	return errors.Join(t.finish(), t.Flush())
}

// finish adds the line of the request whose rows have all been read.
func (t *table) finish() error {
	if t.lines == 0 {
		t.line("ASKED (UTC)", "MEETING", "BY", "ANSWER", "CALLED", "OUTCOME", "TOLD", "REQUEST", "REASON")
	}
	s := tell(t.life)
	t.life = t.life[:0]
	t.line(s.asked.Format(time.DateTime), s.meeting, s.by, s.answer, s.called, s.outcome, s.told, s.request, s.reason)
	if t.lines%block != 0 {
		return nil
	}
	return t.Flush()
}

func (t *table) line(cells ...string) {
	fmt.Fprintln(t, strings.Join(cells, "\t"))
	t.lines++
}
