package audit

import (
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
	begun bool             // the head is there
}

func newTable(w io.Writer) (writer, error) {
	return &table{Writer: tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)}, nil
}

func (t *table) row(r store.AuditRow) error {
	if r.Request == "" {
		return nil // about the trail itself
	}
	if len(t.life) > 0 && t.life[0].Request != r.Request {
		t.finish()
	}
	t.life = append(t.life, r)
	return nil
}

func (t *table) end() error {
	if len(t.life) > 0 {
		t.finish()
	}
	return t.Flush()
}

// finish adds the line of the request whose rows have all been read.
func (t *table) finish() {
	if !t.begun {
		t.line("ASKED (UTC)", "MEETING", "BY", "ANSWER", "CALLED", "OUTCOME", "TOLD", "REQUEST", "REASON")
	}
	s := tell(t.life)
	t.life, t.begun = t.life[:0], true
	t.line(s.asked.Format(time.DateTime), s.meeting, s.by, s.answer, s.called, s.outcome, s.told, s.request, s.reason)
}

func (t *table) line(cells ...string) { fmt.Fprintln(t, strings.Join(cells, "\t")) }
