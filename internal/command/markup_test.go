package command_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/command"
)

// TestParseMarkup covers lines that people copy from messages or format.
func TestParseMarkup(t *testing.T) {
	t.Parallel()
	cancel := command.Command{Verb: command.Cancel, Number: number}
	end := with(cancel, ended)
	series := with(cancel, func(c *command.Command) { c.Series = true })
	on := with(cancel, func(c *command.Command) { c.Occurrence = command.Occurrence{Date: "2026-12-01", Time: "10:00"} })
	reason := func(s string) command.Command { return with(cancel, func(c *command.Command) { c.Reason = s }) }
	for _, tt := range []struct {
		line string
		want command.Command
	}{
		{"914087436 `--end`", end},
		{"914087436`--end`", end},
		{"`914087436 --end`", end},
		{"`/cancel-meeting 914087436 --end`", end},
		{"```/cancel-meeting 914087436 --end```", end},
		{"```\n914087436\n--END\n```", end},
		{"914087436 *--end*", end},
		{"914087436 _--End_", end},
		{"914087436 ~--end~", end},
		{"914087436 *_--end_*", end},
		{"*914087436 --end*", end},
		{"914087436 *—end*", end},
		{"914087436 `–END`", end},
		{"*914087436*—end", end},
		{"*end* 914087436", end},
		{"914087436 --*end*", end},
		{"914087436 \"--end\"", end},
		{"914087436 \"--reason moved\"", reason("moved")},
		{"914087436 “--reason moved to Tuesday”", reason("moved to Tuesday")},
		{"914087436 '--reason it's off'", reason("it's off")},
		{"914087436 (--reason moved (again))", reason("moved (again)")},
		{"914087436 [--reason=moved]", reason("moved")},
		{"\"--reason moved\" 914087436", reason("moved")},
		{"914087436 \"--occurrence 2026-12-01 10:00\"", on},
		{"914087436 “—end”", end},
		{"‘--end’ 914087436", end},
		{"914087436 (--end)", end},
		{"914087436 [*--series*]", series},
		{"914087436 --reason see (--end)", reason("see (--end)")},
		{"914087436 `--series`", series},
		{"*914087436* _—SERIES_", series},
		{"914087436 `--occurrence 2026-12-01T10:00`", on},
		{"914087436 `--occurrence` `2026-12-01T10:00`", on},
		{"914087436 --occurrence *2026-12-01* _10:00_", on},
		{"914087436 --occurrence=*2026-12-01T10:00*", on},
		{"914087436 `--reason \"moved to Friday\"`", reason("moved to Friday")},
		{"914087436 *--reason* “moved to Friday”", reason("moved to Friday")},
		{"`914087436 --reason moved to Friday`", reason("moved to Friday")},
		{"*914087436 --reason moved to Friday*", reason("moved to Friday")},
		{"914087436 --reason *urgent* matter", reason("*urgent* matter")},
		{"914087436 --reason very `urgent`", reason("very `urgent`")},
		{"914087436 --reason \"*urgent*\"", reason("*urgent*")},
		{"`914087436 --reason moved` --end", with(reason("moved"), ended)},

		// Digits that Slack turns into telephone links.
		{"<tel:914087436|914 087 436>", cancel},
		{"<tel:914087436>", cancel},
		{"<tel:914087436|914-087-436> --end", end},
		{"*<tel:914087436|914 087 436>* —end", end},
		{"Meeting ID: <tel:914087436|914 087 436>", cancel},
		{"会议号：<tel:914087436|914 087 436> 密码：1234", cancel},
		{"Meeting ID:\n<tel:914087436|914 087 436>\nTel: <tel:+864008300830|4008300830>", cancel},
		{"914087436 <tel:914087436|914 087 436>", cancel},
		{"<tel:914087436|914 087 436>—end", end},
		{"*<tel:914087436|914 087 436>*--end", end},
		{"we meet at <tel:914087436|914 087 436> as always, all of us", cancel},
	} {
		if got, err := command.Parse(tt.line); err != nil || !cmp.Equal(got, tt.want) {
			t.Errorf("Parse(%q) = %+v, %v, want %+v", tt.line, got, err, tt.want)
		}
	}
}

// TestNothingUnderstoodIsLost puts various faults before every flag.
func TestNothingUnderstoodIsLost(t *testing.T) {
	t.Parallel()
	const one = command.Name + " " + number
	for _, tail := range []string{" --end", " --series", " --occurrence 2026-12-01", ` --reason "ill"`, ` --end --series --reason "ill"`} {
		for _, head := range []string{
			"914087436 please", "914087436 1234", "914087436 --foo", "914087436 hunter2", "9l4O87436", "914087436 --of @carol",
			"914087436 password 123456", "914087436 --occurrence 2026-02-30", "914087436 --reason",
		} {
			if head == "914087436 --reason" && tail[3] == 'r' {
				continue // the second --reason would be the first one's value
			}
			_, err := command.Parse(head + tail)
			var fault *command.Fault
			if !errors.As(err, &fault) || fault.Corrected != one+tail {
				t.Errorf("Parse(%q) = %+v, want the corrected line %q", head+tail, fault, one+tail)
			}
		}
	}
	for _, tail := range []string{" --of @carol", " --of carol@example.com", " --end", ` --reason "ill"`, ` --of @carol --end --reason "ill"`} {
		for head, want := range map[string]string{
			"today please": "today", "2026-12-05..2026-12-01": "2026-12-01..2026-12-05", "tomorow": "tomorrow", "today --foo": "today",
		} {
			_, err := command.Parse(head + tail)
			var fault *command.Fault
			if want = command.Name + " " + want + tail; !errors.As(err, &fault) || fault.Corrected != want {
				t.Errorf("Parse(%q) = %+v, want the corrected line %q", head+tail, fault, want)
			}
		}
	}
}

// TestIDOfSomethingElse asserts that only the meeting's own label gives a number precedence.
func TestIDOfSomethingElse(t *testing.T) {
	t.Parallel()
	for _, label := range []string{
		"Meeting ID", "meeting id", "*Meeting ID*", "会议号", "会议ID", "ID da reunião", "ID de la reunión", "ID of the meeting", "Meeting number", "ID",
	} {
		for _, foreign := range []string{
			"Customer ID 12345678", "Customer-ID: 123456789", "customer_id: 123456789", "Order ID: 123456789012", "Employee ID 100482913",
			"Standup ID 12345678", "客户ID：123456789", "订单ID 12345678", "ID do cliente: 123456789", "ID del cliente 12345678",
			"ID de usuario: 123456789", "ID of the customer: 123456789", "ID for the customer: 123456789", "ID for customer 12345678",
		} {
			for _, text := range []string{
				foreign + "\n" + label + ": 914 087 436", label + ": 914 087 436\n" + foreign,
				"Hi,\n" + foreign + ".\n" + label + ": 914 087 436 and more words than five",
			} {
				if got, err := command.FindNumber(text); err != nil || got != number {
					t.Errorf("FindNumber(%q) = %q, %v, want %q", text, got, err, number)
				}
				if got, err := command.Parse(text); err != nil || got.Number != number {
					t.Errorf("Parse(%q) = %+v, %v, want %q", text, got, err, number)
				}
			}
		}
	}
	for text, want := range map[string]string{
		"join with ID 12345678":                   "12345678",
		"ID for the meeting: 12345678":            "12345678",
		"ID for joining: 12345678":                "12345678",
		"the ID is 914087436":                     number,
		"con el ID 12345678":                      "12345678",
		"Standup ID 914087436":                    number,
		"Customer ID 12345678, call is 914087436": number,
	} {
		if got, err := command.FindNumber(text); err != nil || got != want {
			t.Errorf("FindNumber(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"Customer ID 123456789", "订单ID：123456789", "ID do pedido: 123456789", "Standup ID 12345678"} {
		if got, err := command.FindNumber(text); err == nil {
			t.Errorf("FindNumber(%q) = %q, want none", text, got)
		}
	}
}
