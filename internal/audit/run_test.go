package audit_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/audit"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/pgtest"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
)

// evening is when the trail in these tests begins.
var evening = time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)

// A row is an entry to write to the trail.
type row struct {
	request string
	event   store.Event
	actor   string
	meeting string
	detail  map[string]string
}

// trail writes rows a second apart into a new SQLite file and returns the environment to
// read it with. The file stays open, as it would while the bot runs.
func trail(t *testing.T, rows []row) []string {
	t.Helper()
	return trailIn(t, sqlitetest.URL(t), rows)
}

func trailIn(t *testing.T, url string, rows []row) []string {
	t.Helper()
	now := evening
	s, err := store.Open(t.Context(), url, store.Options{Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	for _, r := range rows {
		request := cancellation.Request{ID: cancellation.ID(r.request), Number: r.meeting}
		err := s.Do(t.Context(), func(tx *store.Tx) error {
			return tx.Audit(t.Context(), store.RequestRow(request, r.event, r.actor, r.detail))
		})
		if err != nil {
			t.Fatal(err)
		}
		now = now.Add(time.Second)
	}
	return []string{"DATABASE_URL=" + url}
}

// threeRequests returns the rows of three requests: one done, one kept, one waiting.
func threeRequests() []row {
	return []row{
		{"aaa", store.EventRequested, "U1", "900", map[string]string{"channel": "C1", "reason": "=HYPERLINK(\"http://evil\")\x1b[2J"}},
		{"aaa", store.EventAsked, "U1", "914087436", map[string]string{"channel": "C1", "way": "message"}},
		{"bbb", store.EventRequested, "U2", "222", map[string]string{"channel": "C2"}},
		{"aaa", store.EventConfirmed, "U3", "914087436", map[string]string{"asker": "U1"}},
		{"aaa", store.EventCalling, "U3", "914087436", map[string]string{"scope": "meeting", "end": "yes", "attempt": "1"}},
		{"bbb", store.EventAsked, "U2", "222", map[string]string{"channel": "C2"}},
		{"aaa", store.EventSettled, "U3", "914087436", map[string]string{"outcome": "ended", "why": "", "reference": "req-1"}},
		{"aaa", store.EventReported, "", "914087436", map[string]string{"what": "final", "result": "sent"}},
		{"aaa", store.EventNotified, "", "914087436", map[string]string{"result": "sent", "user": "U9"}},
		{"aaa", store.EventReported, "", "914087436", map[string]string{"what": "thread", "result": "another way"}},
		{"bbb", store.EventDeclined, "U2", "222", nil},
		{"ccc", store.EventRequested, "U1", "333", map[string]string{"channel": "C1"}},
		{"ccc", store.EventAsked, "U1", "333", nil},
	}
}

// run returns what the command prints, and fails the test unless it exits with 0.
func run(t *testing.T, environ []string, args ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := audit.Run(t.Context(), args, environ, &stdout, &stderr); code != 0 {
		t.Fatalf("Run(%q) = %d, want 0\n%s", args, code, &stderr)
	}
	return stdout.String()
}

func TestTable(t *testing.T) {
	t.Parallel()
	environ := trail(t, threeRequests())
	got := run(t, environ, "--since", "2026-11-23")
	want := `
ASKED (UTC)          MEETING    BY        ANSWER                      CALLED                  OUTCOME  TOLD                                  REQUEST  REASON
2026-11-23 18:00:00  914087436  U1 in C1  confirmed by U3 after 3s    end and cancel meeting  ended    card, thread another way, owner sent U9  aaa      “=HYPERLINK("http://evil")�[2J”
2026-11-23 18:00:02  222        U2 in C2  kept by U2 after 8s         -                       -        -                                     bbb      -
2026-11-23 18:00:11  333        U1 in C1  waiting                     -                       -        -                                     ccc      -
`
	if diff := cmp.Diff(fields(want), fields(got)); diff != "" {
		t.Errorf("table (-want +got)\n%s\n%s", diff, got)
	}
}

// fields splits s into lines and collapses runs of blanks, because column widths vary.
func fields(s string) (lines []string) {
	for line := range strings.Lines(strings.TrimSpace(s)) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return lines
}

// TestFilters lists the requests and rows that each filter selects.
func TestFilters(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		testFilters(t, trail(t, threeRequests()))
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		testFilters(t, trailIn(t, pgtest.URL(t), threeRequests()))
	})
}

func testFilters(t *testing.T, environ []string) {
	t.Helper()
	for _, tt := range []struct {
		args []string
		want string // the first letter of each row's request
	}{
		{nil, "aabaabaaaabcc"},
		{[]string{"--since", "2026-11-23T18:00:10Z"}, "bcc"},
		{[]string{"--since", "2026-11-24"}, ""},
		{[]string{"--meeting", "914087436"}, "aaaaaaaa"},
		{[]string{"--meeting", "914 087-436"}, "aaaaaaaa"},
		{[]string{"--meeting", "914–087–436"}, "aaaaaaaa"},
		{[]string{"--meeting", "https://meeting.example.com/#/j/914087436"}, "aaaaaaaa"},
		{[]string{"--meeting", "900"}, "aaaaaaaa"}, // the number as typed
		{[]string{"--user", "U3"}, "aaaaaaaa"},
		{[]string{"--user", "<@U2>"}, "bbb"},
		{[]string{"--request", "BBB"}, "bbb"},
		{[]string{"--request", "REQ-1"}, "aaaaaaaa"}, // the service's id of an answer
		{[]string{"--request", "zzz"}, ""},
		{[]string{"--user", "U1", "--meeting", "333"}, "cc"},
		{[]string{"--user", "U7"}, ""},
	} {
		args := append([]string{"--format=json", "--since=2026-01-01"}, tt.args...)
		var got strings.Builder
		for line := range strings.Lines(run(t, environ, args...)) {
			var r store.AuditRow
			if err := json.Unmarshal([]byte(line), &r); err != nil {
				t.Fatalf("Run(%q) printed %q: %v", args, line, err)
			}
			got.WriteString(string(r.Request[0]))
		}
		if got.String() != tt.want {
			t.Errorf("Run(%q) = rows of %q, want %q", args, &got, tt.want)
		}
	}
}

// TestSummaryIsComplete filters out a request's first rows, but its line still starts
// with them.
func TestSummaryIsComplete(t *testing.T) {
	t.Parallel()
	got := run(t, trail(t, threeRequests()), "--since", "2026-11-23T18:00:08Z", "--user", "U3")
	if !strings.Contains(got, "2026-11-23 18:00:00") || !strings.Contains(got, "U1 in C1") {
		t.Errorf("table lacks who asked, and when:\n%s", got)
	}
}

func TestCSV(t *testing.T) {
	t.Parallel()
	text := run(t, trail(t, threeRequests()), "--format", "csv", "--request", "aaa")
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 9 {
		t.Fatalf("%d records, want a head and 8 rows:\n%s", len(records), text)
	}
	column := func(name string, row int) string {
		for i, n := range records[0] {
			if n == name {
				return records[row][i]
			}
		}
		t.Fatalf("no column %q in %q", name, records[0])
		return ""
	}
	if got, want := column("reason", 1), "'=HYPERLINK(\"http://evil\")\x1b[2J"; got != want {
		t.Errorf("reason = %q, want %q", got, want)
	}
	if got, want := column("outcome", 5), "ended"; got != want {
		t.Errorf("outcome = %q, want %q", got, want)
	}
	if got, want := column("detail", 4), `{"attempt":"1"}`; got != want {
		t.Errorf("detail = %q, want %q", got, want)
	}
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	environ := trail(t, threeRequests())
	for _, tt := range []struct {
		args    []string
		environ []string
		code    int
		says    string
	}{
		{[]string{"--since", "soon"}, environ, 2, "--since"},
		{[]string{"--user", "ana"}, environ, 2, "--user ana is not a Slack id"},
		{[]string{"--user", "U0ANA"}, environ, 0, "nothing found since"},
		{[]string{"--since", "-3d"}, environ, 2, "--since"},
		{[]string{"--format", "xml"}, environ, 2, "--format"},
		{[]string{"--colour"}, environ, 2, "--help"},
		{[]string{"914087436"}, environ, 2, "not an option"},
		{nil, []string{"DATABASE_URL=mysql://x"}, 2, "DATABASE_URL"},
		{nil, []string{"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "none.db")}, 1, "no database"},
		{nil, []string{"DATABASE_URL=postgres://bot:hunter2@127.0.0.1:1/bot"}, 1, "audit"},
		{[]string{"--help"}, nil, 0, ""},
		{[]string{"--since", "0d"}, environ, 0, "nothing found since"},
	} {
		var stdout, stderr bytes.Buffer
		code := audit.Run(t.Context(), tt.args, tt.environ, &stdout, &stderr)
		if code != tt.code || !strings.Contains(stderr.String(), tt.says) {
			t.Errorf("Run(%q) = %d, %q, want %d, %q", tt.args, code, &stderr, tt.code, tt.says)
		}
		if strings.Contains(stdout.String()+stderr.String(), "hunter2") {
			t.Errorf("Run(%q) prints a password: %q", tt.args, &stderr)
		}
	}
}

// TestWrongDatabase asserts that a DATABASE_URL that can't work is a configuration error.
func TestWrongDatabase(t *testing.T) {
	t.Parallel()
	plain, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = plain.Close() })
	go func() {
		for {
			conn, err := plain.Accept()
			if err != nil {
				return
			}
			_, _ = conn.Read(make([]byte, 8)) // the request for TLS
			_, _ = conn.Write([]byte("N"))
			_ = conn.Close()
		}
	}()
	for name, url := range map[string]func(t *testing.T) string{
		"a server without TLS": func(*testing.T) string {
			return "postgres://bot@" + plain.Addr().String() + "/bot?sslmode=require"
		},
		"an unknown option": func(t *testing.T) string {
			address, options, _ := strings.Cut(pgtest.URL(t), "?")
			return address + "?nonsense=1&" + options
		},
		"a folder": func(t *testing.T) string { return "sqlite:" + t.TempDir() },
		"in a folder that is not there": func(t *testing.T) string {
			return "sqlite:" + filepath.Join(t.TempDir(), "nowhere", "m.db")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			environ := []string{"DATABASE_URL=" + url(t)}
			for _, args := range [][]string{nil, {"verify"}} {
				var stdout, stderr bytes.Buffer
				if code := audit.Run(t.Context(), args, environ, &stdout, &stderr); code != 2 {
					t.Errorf("Run(%q) = %d, %s want 2", args, code, &stderr)
				}
			}
		})
	}
}
