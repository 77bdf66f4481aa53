package command_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/command"
)

const number = "914087436"

func TestParse(t *testing.T) {
	t.Parallel()
	cancel := command.Command{Verb: command.Cancel, Number: number}
	end := cancel
	end.End = true
	series := cancel
	series.Series = true
	with := func(reason string) command.Command {
		c := cancel
		c.Reason = reason
		return c
	}
	on := func(date, time string) command.Command {
		c := cancel
		c.Occurrence = command.Occurrence{Date: date, Time: time}
		return c
	}
	for _, tt := range []struct {
		line string
		want command.Command
	}{
		// Nothing, and the verbs.
		{"", command.Command{}},
		{" \t\u00a0\u200b ", command.Command{}},
		{"/cancel-meeting", command.Command{}},
		{"help", command.Command{Verb: command.Help}},
		{"HELP me", command.Command{Verb: command.Help}},
		{"?", command.Command{Verb: command.Help}},
		{"--help", command.Command{Verb: command.Help}},
		{"914087436 —help", command.Command{Verb: command.Help}},
		{"List", command.Command{Verb: command.List}},
		{"history", command.Command{Verb: command.History}},
		{"history 914 087 436", command.Command{Verb: command.History, Number: number}},

		// The number in the formats people use.
		{"914087436", cancel},
		{"/cancel-meeting 914087436", cancel},
		{"  914087436\n", cancel},
		{"914 087 436", cancel},
		{"914-087-436", cancel},
		{"914.087.436", cancel},
		{"914\u00a0087\u202f436", cancel},
		{"914–087—436", cancel},
		{"914 - 087 - 436", cancel},
		{"(914) 087-436", cancel},
		{"“914 087 436”", cancel},
		{"`914087436`", cancel},
		{"*914087436*", cancel},
		{"#914087436", cancel},
		{"<914087436>", cancel},
		{"914087436.", cancel},
		{"９１４０８７４３６", cancel},
		{"９１４　０８７　４３６", cancel},
		{"٩١٤٠٨٧٤٣٦", cancel},
		{"9\u200b1\u200c4\u200d0\u20608\ufeff7436", cancel},
		{"\u202a914087436\u202c", cancel},
		{"914087436 914087436", cancel},
		{"914 087 436 914 087 436", cancel},
		{"914087436, 914 087 436", cancel},
		{"ID 914087436", cancel},
		{"Meeting ID: 914 087 436", cancel},
		{"会议ID：914 087 436", cancel},
		{"会议号９１４０８７４３６", cancel},
		{"ID da reunião: 914 087 436", cancel},
		{"12345678", command.Command{Verb: command.Cancel, Number: "12345678"}},
		{"123456789012345", command.Command{Verb: command.Cancel, Number: "123456789012345"}},

		// Join links.
		{"https://meeting.huaweicloud.com/#/j/914087436", cancel},
		{"<https://meeting.huaweicloud.com/#/j/914087436>", cancel},
		{"<https://meeting.huaweicloud.com/#/j/914087436|Join at 10:00>", cancel},
		{"https://meeting.huaweicloud.com:36443/#/j/914087436/1a2b3c987654321", cancel},
		{"https://intl.meeting.huaweicloud.com/j/914087436?pwd=123456789", cancel},
		{"https://vc.example.cn/join?pwd=12345678&amp;id=914087436", cancel},
		{"https://vc.example.cn/x?conferenceId=914087436&confId=914087436", cancel},
		{"https://meeting.huaweicloud.com/#/j/914087436 --end", end},
		{"914087436 https://meeting.huaweicloud.com/#/j/914087436", cancel},

		// --end and what phones make of it.
		{"914087436 --end", end},
		{"914087436 --END", end},
		{"914087436 —end", end},
		{"914087436 –End", end},
		{"914087436 ——end", end},
		{"914087436 -end", end},
		{"914087436 end", end},
		{"914087436 — end", end},
		{"914087436—end", end},
		{"914 087 436--end", end},
		{"--end 914087436", end},
		{"914 --end 087 436", end},
		{"914087436 －－ｅｎｄ", end},
		{"914087436 --end --end", end},
		{"Meeting ID: 914 087 436 —end", end},

		// The other flags.
		{"914087436 --series", series},
		{"—series 914087436", series},
		{"914087436 --occurrence 2026-12-01T10:00", on("2026-12-01", "10:00")},
		{"914087436 --occurrence=2026-12-01t09:05:00", on("2026-12-01", "09:05")},
		{"914087436 --occurrence 2026-12-01 10:00", on("2026-12-01", "10:00")},
		{"--occurrence 2026/12/1 914087436", on("2026-12-01", "")},
		{"--occurrence 2026年12月1日 10:00 914087436", on("2026-12-01", "10:00")},
		{"914087436 —occurrence “2026–12–01”", on("2026-12-01", "")},
		{"914087436 --occurrence 2026-12-01T00:00", on("2026-12-01", "00:00")},
		{`914087436 --reason "room is flooded"`, with("room is flooded")},
		{`--reason "room is flooded" 914087436`, with("room is flooded")},
		{`914087436 --reason="it's off"`, with("it's off")},
		{`914087436 —reason “房间已满！ＯＫ”`, with("房间已满！ＯＫ")},
		{`914087436 --reason 'moved to Friday'`, with("moved to Friday")},
		{`914087436 --reason moved to Friday, it's better`, with("moved to Friday, it's better")},
		{`914087436 --reason moved – see mail -thanks`, with("moved – see mail -thanks")},
		{`914087436 --reason "never closed`, with("never closed")},
		{"914087436 --reason \"two\n lines\t\x00\"", with("two lines")},
		{"914087436 --reason \"turned \u202earound\"", with("turned around")},
		{`914087436 --reason "say --end 12345678"`, with("say --end 12345678")},
		{`914087436 --reason ` + strings.Repeat("é", command.MaxReason), with(strings.Repeat("é", command.MaxReason))},
		{`--reason budget cut --end 914087436`, func() command.Command {
			c := end
			c.Reason = "budget cut"
			return c
		}()},
	} {
		got, err := command.Parse(tt.line)
		if err != nil || !cmp.Equal(got, tt.want) {
			t.Errorf("Parse(%q) = %+v, %v, want %+v", tt.line, got, err, tt.want)
		}
	}
}

func TestParseFaults(t *testing.T) {
	t.Parallel()
	const corrected = command.Name + " " + number
	for _, tt := range []struct {
		line string
		want command.Fault
	}{
		{"abc", command.Fault{Kind: command.NotANumber, Part: "abc"}},
		{"lsit", command.Fault{Kind: command.NotANumber, Part: "lsit", Corrected: command.Name + " list"}},
		{"hlep --of", command.Fault{Kind: command.MissingValue, Part: "--of", Corrected: command.Name + " help", Without: []string{"--of"}}},
		{"hlep", command.Fault{Kind: command.NotANumber, Part: "hlep", Corrected: command.Name + " help"}},
		{"9l4O87436x", command.Fault{Kind: command.NotANumber, Part: "9l4O87436x"}},
		{"9l4O87436", command.Fault{Kind: command.NotANumber, Part: "9l4O87436", Corrected: corrected}},
		{"9l4O87436-1234", command.Fault{Kind: command.NotANumber, Part: "9l4O87436-1234"}},
		{"<tel:|>", command.Fault{Kind: command.NoNumber}},
		{"+8613812345678", command.Fault{Kind: command.NotANumber, Part: "+8613812345678"}},
		{strings.Repeat("x", 100), command.Fault{Kind: command.NotANumber, Part: strings.Repeat("x", 59) + "…"}},
		{"ana@example.com", command.Fault{Kind: command.NotANumber}},
		{"next week please", command.Fault{Kind: command.NotANumber, Part: "next"}},
		{"914087436 please", command.Fault{Kind: command.UnknownWord, Part: "please", Corrected: corrected}},
		{"please 914 087 436", command.Fault{Kind: command.UnknownWord, Part: "please", Corrected: corrected}},
		{"see <tel:914087436|914 087 436> tomorrow", command.Fault{
			Kind: command.UnknownWord, Part: "see", Corrected: corrected, Also: []command.Fault{{Kind: command.DayWithNumber, Part: "tomorrow"}},
		}},
		{"<tel:914087436|914-087-436>, see you", command.Fault{Kind: command.UnknownWord, Part: "see", Corrected: corrected}},
		{"dial <tel:914087436|914 087 436>", command.Fault{Kind: command.NotANumber, Part: "dial"}},
		{"<tel:+864008300830|4008300830>", command.Fault{Kind: command.NotANumber, Part: "4008300830"}},
		{"--reason flooded <tel:914087436|914 087 436>", command.Fault{Kind: command.NoNumber, Corrected: corrected + ` --reason "flooded"`}},
		{"914087436 hunter2", command.Fault{Kind: command.UnknownWord, Corrected: corrected}},
		{"914087436 password 123456", command.Fault{Kind: command.UnknownWord, Part: "password", Corrected: corrected}},
		{"914 087 436 password 1234", command.Fault{Kind: command.UnknownWord, Part: "password", Corrected: corrected}},
		{"914087436 1234", command.Fault{Kind: command.StrayDigits, Corrected: corrected}},
		{"list tomorrow", command.Fault{Kind: command.UnknownWord, Part: "tomorrow", Corrected: command.Name + " list"}},
		{"list --now", command.Fault{Kind: command.UnknownFlag, Part: "--now", Corrected: command.Name + " list"}},
		{"list --end", command.Fault{Kind: command.MisusedFlag, Part: "--end", Corrected: command.Name + " list"}},
		{"history abc", command.Fault{Kind: command.NotANumber, Part: "abc", Corrected: command.Name + " history"}},
		{"history 914087436 --end", command.Fault{Kind: command.MisusedFlag, Part: "--end", Corrected: command.Name + " history " + number}},

		{"12345", command.Fault{Kind: command.TooShort, Part: "12345"}},
		{"1 234 567", command.Fault{Kind: command.TooShort, Part: "1 234 567"}},
		{"1234567890123456", command.Fault{Kind: command.TooLong, Part: "1234567890123456"}},
		{strings.Repeat("9", 4000), command.Fault{Kind: command.TooLong, Part: strings.Repeat("9", 59) + "…"}},
		{"123 / 456", command.Fault{Kind: command.NotANumber}},
		{strings.Repeat("9", 4001), command.Fault{Kind: command.LineTooLong}},
		{
			"914087436 and 914087437",
			command.Fault{Kind: command.TwoNumbers, Numbers: []string{number, "914087437"}, Corrected: corrected + " 914087437"},
		},
		{
			"914087436 https://vc.example.cn/#/j/914087437",
			command.Fault{Kind: command.TwoNumbers, Numbers: []string{"914087437", number}, Corrected: command.Name + " 914087437 914087436"},
		},

		{"--end", command.Fault{Kind: command.NoNumber, Kept: "--end"}},
		{"end", command.Fault{Kind: command.NoNumber, Kept: "--end"}},
		{"https://vc.example.cn/s/AbCd", command.Fault{Kind: command.NoNumber}},
		{`--reason "x"`, command.Fault{Kind: command.NoNumber, Kept: `--reason "x"`}},
		{"--reason budget cut 914087436", command.Fault{Kind: command.NoNumber, Corrected: corrected + ` --reason "budget cut"`}},

		{"914087436 --force", command.Fault{Kind: command.UnknownFlag, Part: "--force", Corrected: corrected}},
		{"914087436 --edn", command.Fault{Kind: command.UnknownFlag, Part: "--edn", Corrected: corrected + " --end"}},
		{"914087436 —ned", command.Fault{Kind: command.UnknownFlag, Part: "—ned", Corrected: corrected + " --end"}},
		{"914087436 --end=yes", command.Fault{Kind: command.MisusedFlag, Part: "--end", Corrected: corrected + " --end"}},
		{"914087436 --end=no", command.Fault{Kind: command.MisusedFlag, Part: "--end", Corrected: corrected}},
		{"914087436 --Series=FALSE", command.Fault{Kind: command.MisusedFlag, Part: "--Series", Corrected: corrected}},
		{"914087436 --password=hunter2", command.Fault{Kind: command.UnknownFlag, Part: "--password", Corrected: corrected}},
		{"914087436 --serie", command.Fault{Kind: command.UnknownFlag, Part: "--serie", Corrected: corrected + " --series"}},
		{
			"914087436 --ocurrence 2026-12-01",
			command.Fault{Kind: command.UnknownFlag, Part: "--ocurrence", Corrected: corrected + " --occurrence 2026-12-01"},
		},
		{
			"914087436 --raeson=moved --foo",
			command.Fault{Kind: command.UnknownFlag, Part: "--raeson", Corrected: corrected + ` --reason "moved"`},
		},
		{"Meeting ID: 914087436 --foo", command.Fault{Kind: command.UnknownFlag, Part: "--foo", Corrected: corrected}},

		{"914087436 --reason", command.Fault{Kind: command.MissingValue, Part: "--reason", Corrected: corrected, Without: []string{"--reason"}}},
		{"914087436 --reason --end", command.Fault{Kind: command.MissingValue, Part: "--reason", Corrected: corrected + " --end", Without: []string{"--reason"}}},
		{`914087436 --reason ""`, command.Fault{Kind: command.MissingValue, Part: "--reason", Corrected: corrected, Without: []string{"--reason"}}},
		{"914087436 --reason=\"\u200b\"", command.Fault{Kind: command.MissingValue, Part: "--reason", Corrected: corrected, Without: []string{"--reason"}}},
		{"914087436 --occurrence", command.Fault{Kind: command.MissingValue, Part: "--occurrence", Corrected: corrected, Without: []string{"--occurrence"}}},
		{"914087436 --occurrence 2026-02-30", command.Fault{Kind: command.BadOccurrence, Part: "2026-02-30", Corrected: corrected, Without: []string{"--occurrence"}}},
		{"914087436 --occurrence 2026-12-01T25:00", command.Fault{Kind: command.BadOccurrence, Part: "2026-12-01T25:00", Corrected: corrected + " --occurrence 2026-12-01"}},
		{"914087436 --occurrence https://x.example/?k=1", command.Fault{Kind: command.BadOccurrence, Corrected: corrected, Without: []string{"--occurrence"}}},
		{
			"914087436 --series --occurrence 2026-12-01",
			command.Fault{Kind: command.SeriesAndOccurrence, Corrected: corrected + " --occurrence 2026-12-01"},
		},
		{
			"914087436 --occurrence 2026-12-01 --occurrence 2026-12-08",
			command.Fault{Kind: command.Repeated, Part: "--occurrence", Corrected: corrected + " --occurrence 2026-12-01", More: []string{corrected + " --occurrence 2026-12-08"}},
		},
		{
			`914087436 --reason "a" --reason "b"`,
			command.Fault{Kind: command.Repeated, Part: "--reason", Corrected: corrected + ` --reason "a; b"`},
		},
		{
			"914087436 --reason " + strings.Repeat("é", command.MaxReason-2) + "🇧🇷🇨🇳",
			command.Fault{Kind: command.ReasonTooLong, Corrected: corrected + ` --reason "` + strings.Repeat("é", command.MaxReason-2) + `…"`},
		},
		{
			"914087436 --reason " + strings.Repeat("é", command.MaxReason+1),
			command.Fault{Kind: command.ReasonTooLong, Corrected: corrected + ` --reason "` + strings.Repeat("é", command.MaxReason-1) + `…"`},
		},
	} {
		got, err := command.Parse(tt.line)
		var fault *command.Fault
		if !errors.As(err, &fault) {
			t.Errorf("Parse(%q) = %+v, %v, want a fault %v", tt.line, got, err, tt.want.Kind)
			continue
		}
		if diff := cmp.Diff(tt.want, *fault); diff != "" {
			t.Errorf("Parse(%q) fault (-want +got):\n%s", tt.line, diff)
		}
		if !cmp.Equal(got, command.Command{}) {
			t.Errorf("Parse(%q) = %+v with a fault, want the zero Command", tt.line, got)
		}
	}
}
