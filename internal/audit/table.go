package audit

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"meetingbot/internal/store"
)

// tableBlock is how many lines are buffered to align their columns. Later blocks are
// at least as wide as earlier ones.
const tableBlock = 200

// A table prints a line per request. A request's rows must be consecutive.
type table struct {
	w      io.Writer
	life   []store.AuditRow // of the current request
	lines  [][]string       // not printed yet
	widths []int
}

func newTable(w io.Writer) (writer, error) { return &table{w: w}, nil }

func (t *table) row(r store.AuditRow) error {
	if r.Request == "" {
		return nil // about the trail itself
	}
	var err error
	if len(t.life) > 0 && t.life[0].Request != r.Request {
		err = t.told()
	}
	t.life = append(t.life, r)
	return err
}

func (t *table) end() error {
	if len(t.life) == 0 {
		return nil
	}
	if err := t.told(); err != nil {
		return err
	}
	return t.flush()
}

// told adds the line of the request whose rows have all been read.
func (t *table) told() error {
	if t.widths == nil {
		t.line("ASKED (UTC)", "MEETING", "BY", "ANSWER", "CALLED", "OUTCOME", "TOLD", "REQUEST", "REASON")
	}
	s := tell(t.life)
	t.life = t.life[:0]
	t.line(s.asked.Format(time.DateTime), s.meeting, s.by, s.answer, s.called, s.outcome, s.told, s.request, s.reason)
	if len(t.lines) < tableBlock {
		return nil
	}
	return t.flush()
}

func (t *table) line(cells ...string) {
	if t.widths == nil {
		t.widths = make([]int, len(cells))
	}
	for i, c := range cells {
		t.widths[i] = max(t.widths[i], utf8.RuneCountInString(c))
	}
	t.lines = append(t.lines, cells)
}

// flush prints the buffered lines.
func (t *table) flush() error {
	var b strings.Builder
	for _, cells := range t.lines {
		last := len(cells) - 1
		for i, c := range cells[:last] {
			fmt.Fprintf(&b, "%-*s  ", t.widths[i], c)
		}
		b.WriteString(cells[last] + "\n")
	}
	t.lines = t.lines[:0]
	_, err := io.WriteString(t.w, b.String())
	return err
}
