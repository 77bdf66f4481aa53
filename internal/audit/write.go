package audit

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"maps"
	"strconv"
	"strings"
	"time"

	"meetingbot/internal/store"
)

// A writer prints rows one by one, as they are read.
type writer interface {
	row(r store.AuditRow) error
	end() error // flushes what is buffered
}

func writers() map[string]func(io.Writer) writer {
	return map[string]func(io.Writer) writer{"table": newTable, "json": newLines, "csv": newSheet}
}

type lines struct{ *json.Encoder }

func newLines(w io.Writer) writer {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return lines{e}
}

func (l lines) row(r store.AuditRow) error { return l.Encode(r) }
func (l lines) end() error                 { return nil }

// columns are the details that have their own column in CSV. The rest share the last
// one, as JSON.
var columns = [...]string{"channel", "scope", "end", "reason", "outcome", "why", "reference", "result", "user"}

type sheet struct{ *csv.Writer }

func newSheet(w io.Writer) writer {
	s := sheet{csv.NewWriter(w)}
	head := append([]string{"seq", "at", "request", "event", "actor", "meeting"}, columns[:]...)
	_ = s.Write(append(head, "detail", "prev", "hash")) // end returns its error
	return s
}

func (s sheet) row(r store.AuditRow) error {
	record := []string{
		strconv.FormatInt(r.Seq, 10), r.At.Format(time.RFC3339Nano), string(r.Request), string(r.Event), r.Actor, r.Meeting,
	}
	rest := maps.Clone(r.Detail)
	for _, name := range columns {
		record = append(record, r.Detail[name])
		delete(rest, name)
	}
	var detail []byte
	if len(rest) > 0 {
		detail, _ = json.Marshal(rest) // strings can't fail
	}
	record = append(record, string(detail), r.Prev, r.Hash)
	for i := range record {
		record[i] = escapeFormula(record[i])
	}
	return s.Write(record)
}

func (s sheet) end() error {
	s.Flush()
	return s.Error()
}

// escapeFormula keeps a spreadsheet from running user-supplied text as a formula: a
// leading apostrophe marks it as text.
func escapeFormula(cell string) string {
	if strings.HasPrefix(strings.TrimLeft(cell, " "), "=") || cell != "" && strings.ContainsRune("+-@\t\r\n|%＝＋－＠", []rune(cell)[0]) {
		return "'" + cell
	}
	return cell
}
