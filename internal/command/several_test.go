package command_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/command"
)

const (
	number2 = "914087437"
	number3 = "914087438"
)

func many(numbers ...string) command.Command {
	return command.Command{Verb: command.CancelMany, Numbers: numbers}
}

func days(from, to command.Day) command.Command {
	return command.Command{Verb: command.CancelMany, Days: command.Days{From: from, To: to}}
}

// with returns c with change applied.
func with(c command.Command, change func(*command.Command)) command.Command {
	change(&c)
	return c
}

func of(p command.Person) func(*command.Command) {
	return func(c *command.Command) { c.Of = p }
}

func ended(c *command.Command) { c.End = true }

func TestParseNumbers(t *testing.T) {
	t.Parallel()
	two := many(number, number2)
	for _, tt := range []struct {
		line string
		want command.Command
	}{
		{"914087436 914087437", two},
		{"914087437 914087436", many(number2, number)},
		{"914 087 436 914 087 437", two},
		{"914 087 436, 914-087-437", two},
		{"914087436,914087437", two},
		{"914087436、914087437", two},
		{"914087436\n914087437\n", two},
		{"914087436\r\n914087437\r\n914087436", two},
		{"• 914087436\n• 914 087 437", two},
		{"- 914087436\n- 914087437", two},
		{"914 087 436 914087437", two},
		{"914087437 914 087 438 914087436", many(number2, number3, number)},
		{"914087436 914087437 914087436 914 087 437", two},
		{"914087436, 914 087 436", command.Command{Verb: command.Cancel, Number: number}},
		{"12345678 12345679", many("12345678", "12345679")},
		{"123456789012345 914087436", many("123456789012345", number)},
		{"914087436 914087437 --end", with(two, ended)},
		{"914087436 —end 914087437", with(two, ended)},
		{"914087436 914087437 end", with(two, ended)},
		{"`914087436` `914087437`", two},
		{"*914087436*, _914087437_", two},
		{"```\n914087436\n914087437 --end\n```", with(two, ended)},
		{"<tel:914087436|914087436> <tel:914087437|914 087 437>", two},
		{`914087436 914087437 --reason "flooded"`, with(two, func(c *command.Command) { c.Reason = "flooded" })},
	} {
		if got, err := command.Parse(tt.line); err != nil || !cmp.Equal(got, tt.want) {
			t.Errorf("Parse(%q) = %+v, %v, want %+v", tt.line, got, err, tt.want)
		}
	}
}

func TestParseTwentyNumbersAndMore(t *testing.T) {
	t.Parallel()
	for _, count := range []int{20, 21, 300} {
		numbers := numbersUpTo(count)
		for _, gap := range []string{" ", ",", "\n"} {
			got, err := command.Parse(strings.Join(numbers, gap))
			if err != nil || !cmp.Equal(got, many(numbers...)) {
				t.Errorf("Parse(%d numbers, gap %q) = %+v, %v, want them", count, gap, got, err)
			}
		}
	}
}

func numbersUpTo(n int) []string {
	var numbers []string
	for i := range n {
		numbers = append(numbers, "914"+string([]byte{byte('0' + i/100), byte('0' + i/10%10), byte('0' + i%10)})+"436")
	}
	return numbers
}

func TestPortions(t *testing.T) {
	t.Parallel()
	c := with(many(numbersUpTo(41)...), func(c *command.Command) { c.End, c.Reason = true, "flooded" })
	portions := c.Portions(20)
	var sizes []int
	var again []string
	for _, portion := range portions {
		got, err := command.Parse(portion.String())
		if err != nil || !cmp.Equal(got, portion) {
			t.Errorf("Parse(%q) = %+v, %v, want the portion %+v", portion, got, err, portion)
		}
		if !portion.End || portion.Reason != "flooded" {
			t.Errorf("portion %+v has lost a flag", portion)
		}
		numbers := portion.Numbers
		if portion.Verb == command.Cancel {
			numbers = []string{portion.Number}
		}
		sizes, again = append(sizes, len(numbers)), append(again, numbers...)
	}
	if !cmp.Equal(sizes, []int{20, 20, 1}) || !cmp.Equal(again, c.Numbers) {
		t.Errorf("Portions(20) of 41 have the sizes %v and the numbers %v", sizes, again)
	}
	for most, want := range map[int]int{-1: 41, 0: 41, 1: 41, 40: 2, 41: 1, 100: 1} {
		if got := len(c.Portions(most)); got != want {
			t.Errorf("Portions(%d) of 41 = %d commands, want %d", most, got, want)
		}
	}
	for _, c := range []command.Command{{}, {Verb: command.Cancel, Number: number}, days(command.Today, command.Today)} {
		if got := c.Portions(20); len(got) != 1 || !cmp.Equal(got[0], c) {
			t.Errorf("Portions(20) of %+v = %+v, want the same", c, got)
		}
	}
}

func TestParseDays(t *testing.T) {
	t.Parallel()
	today, tomorrow := days(command.Today, command.Today), days(command.Tomorrow, command.Tomorrow)
	first, week := days("2026-12-01", "2026-12-01"), days("2026-12-01", "2026-12-05")
	carol := command.Person{ID: "U0123456789"}
	mail := command.Person{Email: "Carol.Smith+x@example.com"}
	for _, tt := range []struct {
		line string
		want command.Command
	}{
		{"today", today},
		{"Today", today},
		{"*today*", today},
		{"hoje", today},
		{"hoy", today},
		{"今天", today},
		{"tomorrow", tomorrow},
		{"amanhã", tomorrow},
		{"mañana", tomorrow},
		{"明天", tomorrow},
		{"today..tomorrow", days(command.Today, command.Tomorrow)},
		{"today..2026-12-05", days(command.Today, "2026-12-05")},
		{"2026-12-01..today", days("2026-12-01", command.Today)},
		{"2026-12-01", first},
		{"2026/12/1", first},
		{"2026.12.01", first},
		{"２０２６－１２－０１", first},
		{"`2026-12-01`", first},
		{"2026-12-01..2026-12-01", first},
		{"2026-12-01..2026-12-05", week},
		{"2026-12-01 .. 2026-12-05", week},
		{"2026-12-01…2026-12-05", week},
		{"2026-12-01 – 2026-12-05", week},
		{"2026.12.01..2026.12.05", week},
		{"2026-12-01 to 2026-12-05", week},
		{"2026-12-01至2026-12-05", week},
		{"2026年12月1日到2026年12月5日", week},
		{"2026-12-01..2027-03-02", days("2026-12-01", "2027-03-02")}, // 92 days
		{"tomorrow --end", with(tomorrow, ended)},
		{"tomorrow end", with(tomorrow, ended)},
		{"--end tomorrow", with(tomorrow, ended)},
		{"tomorrow --reason ill", with(tomorrow, func(c *command.Command) { c.Reason = "ill" })},

		{"today --of <@U0123456789>", with(today, of(carol))},
		{"today --of <@U0123456789|carol>", with(today, of(carol))},
		{"today --of <@U0123456789|carol smith>", with(today, of(carol))},
		{"today --of &lt;@U0123456789&gt;", with(today, of(carol))},
		{"--of=<@U0123456789> today", with(today, of(carol))},
		{"today —OF @U0123456789", with(today, of(carol))},
		{"today --of U0123456789", with(today, of(carol))},
		{"today --of @carol", with(today, of(command.Person{Name: "carol"}))},
		{"today --of @\u200bcarol.smith,", with(today, of(command.Person{Name: "carol.smith"}))},
		{"today `--of @carol`", with(today, of(command.Person{Name: "carol"}))},
		{"today --of ＠carol", with(today, of(command.Person{Name: "carol"}))},
		{"today --of @张伟", with(today, of(command.Person{Name: "张伟"}))},
		{"today --of Carol.Smith+x@example.com", with(today, of(mail))},
		{`today --of "Carol.Smith+x@example.com"`, with(today, of(mail))},
		{"today --of <mailto:Carol.Smith+x@example.com|Carol.Smith+x@example.com>", with(today, of(mail))},
		{"today --of @carol --of @carol", with(today, of(command.Person{Name: "carol"}))},
		{"*today* --of _@carol_", with(today, of(command.Person{Name: "carol"}))},
		{"*today --of @carol*", with(today, of(command.Person{Name: "carol"}))},
		{"--of leaver@example.com 2026-12-01..2026-12-05", with(week, of(command.Person{Email: "leaver@example.com"}))},
	} {
		got, err := command.Parse(tt.line)
		if err != nil || !cmp.Equal(got, tt.want) {
			t.Errorf("Parse(%q) = %+v, %v, want %+v", tt.line, got, err, tt.want)
			continue
		}
		if again, err := command.Parse(got.String()); err != nil || !cmp.Equal(again, got) {
			t.Errorf("Parse(%q) = %+v, %v, want %+v", got, again, err, got)
		}
	}
}
