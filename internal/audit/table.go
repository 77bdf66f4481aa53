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

// A table prints one line per request. The rows of a request must be consecutive.
type table struct {
	*tabwriter.Writer
	rows  []store.AuditRow // of the current request
	lines int
}

// block is how many lines are buffered to align their columns. An audit may be too long
// to buffer in full.
const block = 1000

func newTable(w io.Writer) writer {
	return &table{Writer: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}
}

func (t *table) row(r store.AuditRow) error {
	if r.Request == "" {
		return nil // about the trail itself
	}
	var err error
	if len(t.rows) > 0 && t.rows[0].Request != r.Request {
		err = t.finish()
	}
	t.rows = append(t.rows, r)
	return err
}

func (t *table) end() error {
	if len(t.rows) == 0 {
		return nil
	}
	return errors.Join(t.finish(), t.Flush())
}

// finish adds the line for the current request, all of whose rows have been read.
func (t *table) finish() error {
	if t.lines == 0 {
		t.line("ASKED (UTC)", "MEETING", "BY", "ANSWER", "CALLED", "OUTCOME", "TOLD", "REQUEST", "REASON")
	}
	s := summarize(t.rows)
	t.rows = t.rows[:0]
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
