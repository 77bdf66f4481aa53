package list_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/list"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// some returns n meetings, an hour apart.
func some(n int) []cancellation.Choice {
	var all []cancellation.Choice
	for i := range n {
		all = append(all, cancellation.Choice{Number: fmt.Sprint(914087400 + i), Subject: fmt.Sprintf("Planning %d", i), Start: sample.Noon.Add(time.Duration(i) * time.Hour)})
	}
	return all
}

func TestRow(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		c    cancellation.Choice
		want string
	}{
		{cancellation.Choice{Number: "914087436", Subject: "Review", Start: sample.Noon, Owner: "Olga"}, "*Review*\nTue 2026-12-01 12:00 UTC · 914 087 436 · owner Olga"},
		{cancellation.Choice{Number: "914087436", Running: true, Recurring: true, Start: sample.Noon}, "*(no subject)*\nTue 2026-12-01 12:00 UTC · 914 087 436 · running now · recurring"},
		{cancellation.Choice{Number: "<!here>", Subject: "*x* <@U0ANA0001>", Owner: "<b>"}, "*∗x∗ &lt;@\u2060U0ANA0001&gt;*\ntime unknown · &lt;!here&gt; · owner &lt;b&gt;"},
		{cancellation.Choice{}, "*(no subject)*\ntime unknown"},
	} {
		if got := viewtest.Render(list.Row(viewtest.Page("en"), test.c)); got != test.want {
			t.Errorf("Row(%+v) = %q, want %q", test.c, got, test.want)
		}
	}
}

// TestMeetings checks how many rows are shown, what the title counts, and what is said about
// the rest.
func TestMeetings(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		rows, more int
		partial    bool
		title      string
		shown      int
		says       string
	}{
		{0, 0, false, "0 upcoming or running meetings", 0, "To cancel one, type `/cancel-meeting 914087436`"},
		{1, 0, false, "1 upcoming or running meeting", 1, "To cancel one, type `/cancel-meeting 914087400`"},
		{15, 0, false, "15 upcoming or running meetings", 15, ""},
		{16, 0, false, "16 upcoming or running meetings", 15, "1 more meeting is not shown. · "},
		{15, 3, true, "18 upcoming or running meetings", 15, "3 more meetings are not shown. · Some meetings could not be read and may be missing here. · "},
		{20, 3, false, "23 upcoming or running meetings", 15, "8 more meetings are not shown."},
	} {
		m := list.Meetings(viewtest.Page("en"), some(test.rows), test.more, test.partial)
		said := viewtest.Text(m.Blocks)
		if !strings.HasPrefix(said, test.title+"\n") || strings.Count(said, "*Planning ") != test.shown || !strings.Contains(said, test.says) {
			t.Errorf("Meetings(%d and %d more) shows %d rows, want %d, %q and %q:\n%s", test.rows, test.more, strings.Count(said, "*Planning "), test.shown, test.title, test.says, said)
		}
		if got := strings.Count(m.Text, "Planning "); got != min(5, test.rows) || strings.Contains(m.Text, "!date") {
			t.Errorf("the notification names %d, want at most five: %q", got, m.Text)
		}
		if strings.Contains(said, "more meeting") != (test.rows+test.more > test.shown) || strings.Contains(said, "could not be read") != test.partial {
			t.Errorf("Meetings(%d and %d more, %t) says of the rest:\n%s", test.rows, test.more, test.partial, said)
		}
	}
}

// TestChooser: each row has a button, in the given order, with a label for people who don't
// see the row.
func TestChooser(t *testing.T) {
	t.Parallel()
	r := cancellation.Request{ID: "abcdefghijklmnopqrstuvwxyz", Choices: some(17), More: 2, Partial: true}
	r.Choices[1].Subject = strings.Repeat("長", 100)
	r.Choices[2].Subject = ""
	m := list.Chooser(viewtest.Page("en"), r)
	said := viewtest.Text(m.Blocks)
	for _, want := range []string{
		"Which meeting?\nChoose one of 19 meetings. Nothing is cancelled before you confirm on the next card.", "\n4 more meetings are not shown. · Some meetings could not be read", "To cancel one that is not shown, type `/cancel-meeting 914087436`",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the chooser does not say %q:\n%s", want, said)
		}
	}
	if got := viewtest.Buttons(m.Blocks); !slices.Equal(got, slices.Repeat([]string{action.Choose + ": Choose"}, 15)) || len(viewtest.Dangerous(m.Blocks)) > 0 {
		t.Errorf("buttons = %q", got)
	}
	for i, want := range map[int]string{0: "Choose Planning 0, 914087400", 1: "Choose " + strings.Repeat("長", 29) + "…, 914087401", 2: "Choose (no subject), 914087402"} {
		row := m.Blocks[2+i].(*slack.SectionBlock)
		if at, ok := action.ChoiceIndex(row.BlockID); !ok || at != i || row.Accessory.ButtonElement.AccessibilityLabel != want || row.Accessory.ButtonElement.Value != string(r.ID) {
			t.Errorf("row %d: block %q, button %+v, want %q", i, row.BlockID, row.Accessory.ButtonElement, want)
		}
	}
	typed := cancellation.Request{Number: "900123456", Choices: some(17), End: true, Reason: `a "leak" & more`, Scope: cancellation.Occurrence, Wanted: "2026-12-01"}
	if said, want := viewtest.Text(list.Chooser(viewtest.Page("en"), typed).Blocks), "type `/cancel-meeting 914087436 --end --occurrence 2026-12-01 --reason \"a 'leak' &amp; more\"`"; !strings.Contains(said, want) {
		t.Errorf("the chooser does not say %q:\n%s", want, said)
	}
	one := list.Chooser(viewtest.Page("en"), cancellation.Request{Number: "900123456", Choices: some(1)})
	if said := viewtest.Text(one.Blocks); !strings.HasPrefix(said, "Which meeting in room 900 123 456?\nChoose the meeting to cancel.") || strings.Contains(said, "not shown") {
		t.Errorf("behind a room: %q", said)
	}
}

// TestDaysUnknown: a person whose time zone is unknown is told that their day is unclear, and
// shown the meetings.
func TestDaysUnknown(t *testing.T) {
	t.Parallel()
	for rows, want := range map[int][]string{
		0:  {"so “tomorrow` &lt;!here&gt;” could mean different days for you. Nothing was done. There are no meetings to choose from."},
		2:  {"Choose by number, for example `/cancel-meeting 914087400 --end --reason \"moved &amp; 'gone'\"`", "*Planning 1*"},
		17: {"*Planning 14*", "2 more meetings are not shown.", "Some meetings could not be read"},
	} {
		typed := command.Command{
			Verb: command.CancelMany, Days: command.Days{From: "tomorrow` <!here>", To: "tomorrow` <!here>"},
			Of: command.Person{Name: "carol"}, End: true, Reason: "moved & \"gone\"",
		}
		m := list.DaysUnknown(viewtest.Page("en"), typed, some(rows), 0, rows == 17)
		for _, w := range want {
			if said := viewtest.Text(m.Blocks); !strings.Contains(strings.ReplaceAll(said, "ˋ", "`"), w) || strings.Contains(said, "*Planning 15*") {
				t.Errorf("with %d meetings: %q is missing in:\n%s", rows, w, said)
			}
		}
	}
}

// TestHistory: each request has a row with what happened, when, and why; a card with several
// meetings lists them, as far as there is room.
func TestHistory(t *testing.T) {
	t.Parallel()
	finals := sample.Finals()
	open := sample.Planned()
	many := sample.ManyRequests()["many_part"]
	m := list.History(viewtest.Page("en"), []cancellation.Request{finals["cancelled"], finals["failed"], open, many})
	said := viewtest.Text(m.Blocks)
	for _, want := range []string{
		"Recent cancellation requests\n", "was cancelled by @BOB.\nTue 2026-12-01 12:00 UTC · Reason: the ∗room∗ is flooded &amp; cold\n", "It is unchanged.\nThe meeting service can't be reached right now.",
		"nobody has answered yet.\nTue 2026-12-01 12:00 UTC", "6 of 20 meetings were cancelled", "\n• 985 000 000 · Tue 2026-12-01 14:00 UTC: cancelled\n", "and 10 more",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("the history does not say %q:\n%s", want, said)
		}
	}
	if len(viewtest.Buttons(m.Blocks)) > 0 || !strings.HasPrefix(m.Text, "4 requests, newest first:\n") {
		t.Errorf("the history has buttons, or its notification begins %.60q", m.Text)
	}
	if rows := len(list.History(viewtest.Page("en"), slices.Repeat([]cancellation.Request{open}, 30)).Blocks) - 1; rows != list.MaxChoices {
		t.Errorf("a history of many has %d rows, want %d", rows, list.MaxChoices)
	}
}

// TestLongHistory: a row about twenty cloud-room meetings fits in a section, and as many rows
// as possible in a message. The oldest are left out.
func TestLongHistory(t *testing.T) {
	t.Parallel()
	rooms := sample.Change(sample.Many(20), sample.WithParts(sample.Over(cancellation.Ended, "")), sample.Finished(cancellation.Ended), sample.Reasoned, sample.OnBatch(func(b *cancellation.Batch) {
		for i := range b.Meetings {
			b.Meetings[i].Number = fmt.Sprint(900123456780 + i)
		}
	}))
	dates := sample.Change(sample.Recurring(), sample.Weeks(30), sample.Scoped(cancellation.Occurrence, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14), sample.DoneWith(cancellation.Cancelled, ""), sample.Reasoned)
	for _, locale := range words.Languages() {
		for name, r := range map[string]cancellation.Request{"rooms": rooms, "dates": dates} {
			for _, n := range []int{1, 15} {
				m := list.History(viewtest.Page(locale), slices.Repeat([]cancellation.Request{r}, n))
				total, shown := 0, len(m.Blocks)-1
				for _, text := range viewtest.Texts(m.Blocks) {
					total += utf8.RuneCountInString(text)
					if utf8.RuneCountInString(text) > 3000 {
						t.Errorf("%s in %s: a row has %d characters", name, locale, utf8.RuneCountInString(text))
					}
				}
				if total > 12000 || shown < min(n, 5) || !strings.HasPrefix(m.Text, viewtest.Page(locale).Count("history.text", shown, nil)+"\n") {
					t.Errorf("%s in %s: %d of %d rows with %d characters, and %.40q", name, locale, shown, n, total, m.Text)
				}
			}
		}
	}
}

// TestListsSayNoCode: lists show no code and repeat nothing, in any language.
func TestListsSayNoCode(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		p := viewtest.Page(locale)
		for name, blocks := range map[string][]slack.Block{
			"list": list.Meetings(p, sample.Choices(), 1, true).Blocks, "days": list.DaysUnknown(p, command.Command{Days: command.Days{From: command.Today, To: command.Today}}, sample.Choices(), 1, true).Blocks,
			"chooser": list.Chooser(p, cancellation.Request{Choices: sample.Choices(), More: 1, Partial: true}).Blocks,
		} {
			if code, twice := viewtest.FindCode(viewtest.Text(blocks)), viewtest.Repeated(viewtest.Texts(blocks)); code != "" || len(twice) > 0 {
				t.Errorf("%s in %s shows %q, repeats %q", name, locale, code, twice)
			}
		}
	}
}
