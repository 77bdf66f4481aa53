package audit

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"meetingbot/internal/store"
)

// writers are the formats by name.
func writers() map[string]func(io.Writer, []store.AuditRow) error {
	return map[string]func(io.Writer, []store.AuditRow) error{"table": writeTable, "json": writeJSON, "csv": writeCSV}
}

// writeJSON writes a line of JSON for each row.
func writeJSON(w io.Writer, rows []store.AuditRow) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, r := range rows {
		if err := e.Encode(r); err != nil {
			return err
		}
	}
	return nil
}

// columns are the details that have a column of their own in CSV; the rest
// shares the last one, as JSON.
var columns = [...]string{"channel", "scope", "end", "reason", "outcome", "why", "reference", "result", "user"}

// writeCSV writes the rows for a spreadsheet.
func writeCSV(w io.Writer, rows []store.AuditRow) error {
	c := csv.NewWriter(w)
	head := append([]string{"seq", "at", "request", "event", "actor", "meeting"}, columns[:]...)
	if err := c.Write(append(head, "detail")); err != nil {
		return err
	}
	for _, r := range rows {
		record := []string{
			strconv.FormatInt(r.Seq, 10), r.At.Format(time.RFC3339Nano), string(r.Request), string(r.Event), r.Actor, r.Meeting,
		}
		rest := map[string]string{}
		for k, v := range r.Detail {
			rest[k] = v
		}
		for _, name := range columns {
			record = append(record, r.Detail[name])
			delete(rest, name)
		}
		detail := []byte{}
		if len(rest) > 0 {
			var err error
			if detail, err = json.Marshal(rest); err != nil {
				return err
			}
		}
		record = append(record, string(detail))
		for i := range record {
			record[i] = harmless(record[i])
		}
		if err := c.Write(record); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// harmless keeps a spreadsheet from taking somebody's words for a formula: a
// leading apostrophe says that what follows is text.
func harmless(cell string) string {
	if strings.HasPrefix(strings.TrimLeft(cell, " "), "=") || cell != "" && strings.ContainsRune("+-@\t\r\n|%＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}

// writeTable writes a line for each request.
func writeTable(w io.Writer, rows []store.AuditRow) error {
	if len(rows) == 0 {
		return nil
	}
	t := tabwriter.NewWriter(w, 0, 4, 2, ' ', 0)
	line := func(cells ...string) error {
		_, err := io.WriteString(t, strings.Join(cells, "\t")+"\n")
		return err
	}
	if err := line("ASKED (UTC)", "MEETING", "BY", "ANSWER", "CALLED", "OUTCOME", "TOLD", "REQUEST", "REASON"); err != nil {
		return err
	}
	for _, r := range requests(rows) {
		s := tell(r)
		if err := line(s.asked.Format(time.DateTime), s.meeting, s.by, s.answer, s.called, s.outcome, s.told, s.request, s.reason); err != nil {
			return err
		}
	}
	return t.Flush()
}
