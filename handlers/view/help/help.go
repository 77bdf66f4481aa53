package help

import (
	"slices"

	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Facts are what the help text depends on.
type Facts struct {
	MayAny       bool     // the reader may cancel any meeting
	Several      bool     // one card may cancel several meetings
	Helpers      []string // Slack ids of users and user groups who may cancel any meeting; "*" means everyone
	Channels     []string // Slack channels where the command works; empty or "*" means everywhere
	SecondPerson cancellation.SecondPerson
}

// Draw explains the command to one person: what to type, who may cancel what, and where.
func Draw(p page.Page, f Facts) bot.Message {
	second := p.SayIf(f.SecondPerson != "" && f.SecondPerson != cancellation.SecondNever, "help.second_"+string(f.SecondPerson), nil)
	intro := p.Say("help.intro", words.Vars{"Command": "`" + p.Command + "`"})
	return bot.Message{
		Text: block.Join("\n", p.Say("help.title", nil), intro, p.Example(cancellation.Request{}, "")),
		Blocks: block.Stack(
			block.Header(p.Say("help.title", nil)),
			block.Section(intro),
			block.Section(slices.Concat([]string{"*" + p.Say("help.examples", nil) + "*"}, examples(p, f))...),
			block.Section(p.Say("help.paste", nil)),
			block.Section("*"+p.Say("help.who", nil)+"*", rights(p, f), Where(p, f), second),
		),
	}
}

// examples returns lines to type, each with what it does. Only people who may cancel any
// meeting, and delegates, can list those of another person.
func examples(p page.Page, f Facts) (lines []string) {
	type example struct{ typed, key string }
	const one = page.ExampleNumber
	all := []example{
		{one, "this_meeting"},
		{one + " --end", "end"},
		{one + " --series", "series"},
		{one + " --occurrence 2026-12-01T10:00", "occurrence"},
		{one + ` --reason "…"`, "reason"},
	}
	if f.Several {
		all = append(all, example{one + " 985000010", "several"}, example{"tomorrow", "day"}, example{"2026-12-01..2026-12-05", "days"})
	}
	if f.Several && f.MayAny {
		all = append(all, example{"today --of @carol", "of"})
	}
	all = append(all, example{"", "pick"}, example{"list", "list"}, example{"history", "history"}, example{"help", "help"})
	for _, e := range all {
		lines = append(lines, "`"+block.Join(" ", p.Command, block.Verbatim(e.typed, block.MaxName))+"` "+p.Say("help."+e.key, nil))
	}
	return lines
}

// rights says what the reader may cancel, and who else may.
func rights(p page.Page, f Facts) string {
	people := p.People(f.Helpers)
	switch {
	case slices.Contains(f.Helpers, "*"):
		return p.Say("help.who_everyone", nil)
	case f.MayAny && people != "":
		return p.Say("help.who_among", words.Vars{"People": people})
	case f.MayAny:
		return p.Say("help.who_any", nil)
	case people != "":
		return block.Join("\n", p.Say("help.who_own", nil), p.Say("help.who_others", words.Vars{"People": people}))
	}
	return p.Say("help.who_own", nil)
}

// Where says in which channels the command works; empty if everywhere.
func Where(p page.Page, f Facts) string {
	where := p.Channels(f.Channels)
	return p.SayIf(where != "" && !slices.Contains(f.Channels, "*"), "help.where", words.Vars{"Channels": where})
}
