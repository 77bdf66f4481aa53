package audit

import (
	"testing"
	"time"
)

func TestParseSince(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ in, want string }{
		{"30d", "2026-10-24T18:00:00Z"},
		{"0d", "2026-11-23T18:00:00Z"},
		{"12h", "2026-11-23T06:00:00Z"},
		{"1h30m", "2026-11-23T16:30:00Z"},
		{"1d12h", "2026-11-22T06:00:00Z"},
		{"99999999999d", "1734-08-14T18:12:43Z"},
		{"2026-11-01", "2026-11-01T00:00:00Z"},
		{"2026-11-01T10:00:00+02:00", "2026-11-01T08:00:00Z"},
		{"", "error"},
		{"-1d", "error"},
		{"-1h", "error"},
		{"1.5d", "error"},
		{"2026-13-01", "error"},
		{"1d0", "error"},
	} {
		got := "error"
		if at, err := parseSince(tt.in, now); err == nil {
			got = at.UTC().Format(time.RFC3339)
		}
		if got != tt.want {
			t.Errorf("parseSince(%q) = %s, want %s", tt.in, got, tt.want)
		}
	}
}

func TestEscapeFormula(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ in, want string }{
		{"", ""},
		{"room is closed", "room is closed"},
		{"a=b", "a=b"},
		{"=1+1", "'=1+1"},
		{"  =1+1", "'  =1+1"},
		{"+1", "'+1"},
		{"-1", "'-1"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"\t=1", "'\t=1"},
		{"＝1", "'＝1"},
	} {
		if got := escapeFormula(tt.in); got != tt.want {
			t.Errorf("escapeFormula(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
