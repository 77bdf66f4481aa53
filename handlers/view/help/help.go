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
	MayAny       bool     // this person may cancel any meeting
	Several      bool     // one card may cancel several meetings
	Helpers      []string // Slack ids of users and user groups who may cancel any; "*" is everybody
	Channels     []string // Slack channel ids where it works; empty or "*" is everywhere
	SecondPerson cancellation.SecondPerson
}

// Draw explains the command to one person: what to type, who may, where.
func Draw(p page.Page, f Facts) bot.Message {
	intro := p.Say("help.intro", words.Vars{"Command": "`" + p.Command + "`"})
	return bot.Message{
		Text: block.Join("\n", p.Say("help.title", nil), intro, p.Example(cancellation.Request{}, "")),
		Blocks: block.Stack(
			block.Header(p.Say("help.title", nil)),
			block.Section(intro),
			block.Section(slices.Concat([]string{"*" + p.Say("help.examples", nil) + "*"}, examples(p, f))...),
			block.Section(p.Say("help.paste", nil)),
			block.Section("*"+p.Say("help.who", nil)+"*", mayWhat(p, f), MayWhere(p, f), needsSecond(p, f.SecondPerson)),
		),
	}
}

// examples are lines to type, each with what it does.
func examples(p page.Page, f Facts) []string {
	var lines []string
	for _, e := range []struct{ flags, key string }{
		{"", "this_meeting"},
		{"--end", "end"},
		{"--series", "series"},
		{"--occurrence 2026-12-01T10:00", "occurrence"},
		{`--reason "…"`, "reason"},
	} {
		lines = append(lines, p.Example(cancellation.Request{}, e.flags)+" "+p.Say("help."+e.key, nil))
	}
	if f.Several {
		lines = append(lines, severalExamples(p, f)...)
	}
	for _, e := range []struct{ word, key string }{{"", "pick"}, {"list", "list"}, {"history", "history"}, {"help", "help"}} {
		lines = append(lines, "`"+block.Join(" ", p.Command, e.word)+"` "+p.Say("help."+e.key, nil))
	}
	return lines
}

// severalExamples are the lines that lead to a card with several meetings. Listing
// somebody else's meetings is for people who may cancel any, and for delegates.
func severalExamples(p page.Page, f Facts) (lines []string) {
	all := []struct{ words, key string }{
		{page.ExampleNumber + " 985000010", "several"}, {"tomorrow", "day"}, {"2026-12-01..2026-12-05", "days"},
	}
	if f.MayAny {
		all = append(all, struct{ words, key string }{"today --of @carol", "of"})
	}
	for _, e := range all {
		lines = append(lines, "`"+p.Command+" "+block.Verbatim(e.words, block.MaxName)+"` "+p.Say("help."+e.key, nil))
	}
	return lines
}

// mayWhat says what this person may cancel, and who else may.
func mayWhat(p page.Page, f Facts) string {
	people := p.List(f.Helpers)
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

// MayWhere says in which channels the command works; empty if everywhere.
func MayWhere(p page.Page, f Facts) string {
	where := p.List(f.Channels)
	if where == "" || slices.Contains(f.Channels, "*") {
		return ""
	}
	return p.Say("help.where", words.Vars{"Channels": where})
}

func needsSecond(p page.Page, s cancellation.SecondPerson) string {
	switch s {
	case cancellation.SecondEnd, cancellation.SecondSeries, cancellation.SecondMany, cancellation.SecondAlways:
		return p.Say("help.second_"+string(s), nil)
	case cancellation.SecondNever:
	}
	return ""
}
