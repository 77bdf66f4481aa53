package command_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/command"
)

// invitations returns the texts of testdata/invitation by name. Each is about meeting
// 914087436 and also has passwords, times and telephone numbers.
func invitations(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("testdata/invitation/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("Glob(invitations) = %v, %v, want some", files, err)
	}
	texts := map[string]string{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(file)] = string(text)
	}
	return texts
}

func TestParseInvitation(t *testing.T) {
	t.Parallel()
	for name, text := range invitations(t) {
		oneLine := strings.Join(strings.Fields(text), " ")
		for form, line := range map[string]string{
			"unchanged": text, "flattened": oneLine, "crlf": strings.ReplaceAll(text, "\n", "\r\n"),
		} {
			want := command.Command{Verb: command.Cancel, Number: number}
			if got, err := command.Parse(line); err != nil || !cmp.Equal(got, want) {
				t.Errorf("Parse(%s, %s) = %+v, %v, want %+v", name, form, got, err, want)
			}
			want.End, want.Reason = true, "moved"
			if got, err := command.Parse(line + ` --end --reason "moved"`); err != nil || !cmp.Equal(got, want) {
				t.Errorf("Parse(%s, %s, with flags) = %+v, %v, want %+v", name, form, got, err, want)
			}
			if got, err := command.FindNumber(line); err != nil || got != number {
				t.Errorf("FindNumber(%s, %s) = %q, %v, want %q", name, form, got, err, number)
			}
		}
	}
}

func TestFindNumber(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want string
		kind command.Kind
		all  []string
		line string
	}{
		{text: "12 345 678", want: "12345678"},
		{text: "please cancel 914087436 today", want: number},
		{text: "cancel 914 087 436, not the 10:00 one", want: number},
		{text: "<https://vc.example.cn/#/j/914087436|Standup> with <@U0123456789>", want: number},
		{text: "<!date^1764583200^{date} at {time}|1 Dec> in 914087436", want: number},
		// Mail gateways that wrap every link.
		{text: "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fvc.example.cn%2F%23%2Fj%2F914087436&data=05%7C02%7C123456789%7C", want: number},
		{text: "https://gate.example/?u=https%253A%252F%252Fvc.example.cn%252F%2523%252Fj%252F914087436", want: number},
		{text: "https://urldefense.com/v3/__https://vc.example.cn/*/j/914087436__;Iw!!NEzj12345678$", want: number},
		{text: "https://vc.example.cn/%zz/j/914087436", want: number},
		{text: "914087436 " + strings.Repeat("x", 39_979) + " 914087437123", want: number}, // half a number doesn't count
		{text: "<tel:+864008300830|4008300830> 914087436", want: number},
		{text: "see <tel:914087436|914 087 436> tomorrow", want: number},
		{text: "ok <tel:914087436|914087436>", want: number},
		{text: "<tel:914087436|914 087 436> ok", want: number},
		{text: "<tel:914087436|914-087-436>, see you", want: number},
		{text: "<tel:914087436|914 087 436> 1234 is the room", want: number},
		{text: "phone <tel:075512345678|0755 1234 5678>.\nThe call is <tel:914087436|914 087 436>", want: number},
		{text: "<tel:4008300830|4008300830> or <tel:914087436|914087436>?", kind: command.TwoNumbers, all: []string{"4008300830", number}, line: command.Name + " 4008300830 914087436"},
		{text: "Meeting ID: <tel:914087436|914 087 436>, or <tel:914087437|914 087 437>", want: number},
		{text: "<tel:+864008300830|4008300830>", kind: command.NoNumber},
		{text: "call <tel:+864008300830|4008300830> now", kind: command.NoNumber},
		{text: "+55 <tel:1132145678|11 3214 5678>", kind: command.NoNumber},
		{text: "dial <tel:914087436|914 087 436> or <tel:914087437|914 087 437>", kind: command.NoNumber},
		{text: "my phone: <tel:914087436|914087436>", kind: command.NoNumber},
		{text: "Tel. <tel:914087436|914087436>", kind: command.NoNumber},
		{text: "password <tel:914087436|914087436>", kind: command.NoNumber},
		{text: "see <tel:13812345678|138 1234 5678> tomorrow", kind: command.NoNumber},
		{text: "see <tel:9140874361234|914 087 436 1234> tomorrow", kind: command.NoNumber},
		{text: "on <tel:2026-12-01|2026-12-01>", kind: command.NoNumber},
		{text: "Write to <mailto:914087999@example.com|914087999@example.com> about 914087436", want: number},
		{text: "the call is 914087436 and then 914087436", want: number},
		{text: "Room number: 88001234 (vmr)", want: "88001234"},
		{text: "password 914087436", kind: command.NoNumber},
		{text: "call me at +86 138 1234 5678", kind: command.NoNumber},
		{text: "my mobile is 13812345678", kind: command.NoNumber},
		{text: "13812345678 and 075512345678 and 202612011000", kind: command.NoNumber},
		{text: "at 2026-12-01 10:00, host 122.112.208.40", kind: command.NoNumber},
		{text: "build a914087436b and 914087436f", kind: command.NoNumber},
		{text: "", kind: command.NoNumber},
		{text: "no digits at all", kind: command.NoNumber},
		{text: "914087436 or 914087437?", kind: command.TwoNumbers, all: []string{number, "914087437"}, line: command.Name + " 914087436 914087437"},
		{text: "please cancel 914 087 436 914 087 437", kind: command.TwoNumbers, all: []string{number, "914087437"}, line: command.Name + " 914087436 914087437"},
		{text: "Meeting ID: 914 087 436 914 087 437", kind: command.TwoNumbers, all: []string{number, "914087437"}, line: command.Name + " 914087436 914087437"},
		{text: "Meeting ID: 914 087 436 12 34 56 78", kind: command.NoNumber},
		{text: "phone: 10 2030 4050 607 914087436", want: number}, // digits of another kind don't swallow it
		{
			text: "Meeting ID: 914087436\nMeeting ID: 914087437", kind: command.TwoNumbers,
			all: []string{number, "914087437"}, line: command.Name + " 914087436 914087437",
		},
	} {
		got, err := command.FindNumber(tt.text)
		if tt.kind == 0 {
			if err != nil || !cmp.Equal(got, tt.want) {
				t.Errorf("FindNumber(%q) = %q, %v, want %q", tt.text, got, err, tt.want)
			}
			continue
		}
		var fault *command.Fault
		if !errors.As(err, &fault) || got != "" {
			t.Errorf("FindNumber(%q) = %q, %v, want a fault %v", tt.text, got, err, tt.kind)
			continue
		}
		if diff := cmp.Diff(command.Fault{Kind: tt.kind, Numbers: tt.all, Corrected: tt.line}, *fault); diff != "" {
			t.Errorf("FindNumber(%q) fault (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestNoSecretInFaults(t *testing.T) {
	t.Parallel()
	const password, token = "48291377", "tok3n9876543210"
	for _, line := range []string{
		"914087436 " + password,
		"914087436 pwd" + password,
		"914087436 please " + password,
		"914087436 password: " + password + " --foo",
		"914087436 --password=" + password,
		"https://vc.example.cn/s/" + token,
		"join https://vc.example.cn/s/" + token,
		"914087436 --occurrence https://vc.example.cn/s/" + token,
		"list https://vc.example.cn/s/" + token,
		"914087436 914087437 " + password,
		"914087436, 914 087 437 please " + password,
		"today --of https://vc.example.cn/s/" + token,
		"today https://vc.example.cn/s/" + token,
		"Customer ID " + password + " Meeting ID 914087436 --foo",
		"Meeting ID: 914087436 Meeting ID: 914087437 password " + password,
	} {
		_, err := command.Parse(line)
		var fault *command.Fault
		if !errors.As(err, &fault) {
			t.Errorf("Parse(%q) = %v, want a fault", line, err)
			continue
		}
		shown := fault.Part + fault.Corrected + fault.Error() + fault.Kept + strings.Join(slices.Concat(fault.More, fault.Numbers), " ")
		if strings.Contains(shown, password) || strings.Contains(shown, token) {
			t.Errorf("Parse(%q) shows a secret: %+v", line, *fault)
		}
		if n := utf8.RuneCountInString(fault.Part); n > command.MaxPart {
			t.Errorf("Parse(%q) part has %d characters, want %d at most", line, n, command.MaxPart)
		}
	}
}
