package view

import (
	"cmp"
	"slices"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// drawHelp explains the command to one person: what to type, who may, where.
func (p page) drawHelp(f HelpFacts) bot.Message {
	p.command = cmp.Or(f.Command, p.command)
	intro := p.say("help.intro", vars{"Command": "`" + p.command + "`"})
	return bot.Message{
		Text: join("\n", p.say("help.title", nil), intro, p.example(cancellation.Request{}, "")),
		Blocks: stack(
			header(p.say("help.title", nil)),
			section(intro),
			section(slices.Concat([]string{"*" + p.say("help.examples", nil) + "*"}, p.examples(f))...),
			section(p.say("help.paste", nil)),
			section("*"+p.say("help.who", nil)+"*", p.mayWhat(f), p.mayWhere(f), p.needsSecond(f.SecondPerson)),
		),
	}
}

// examples are lines to type, each with what it does.
func (p page) examples(f HelpFacts) []string {
	var lines []string
	for _, e := range []struct{ flags, key string }{
		{"", "this_meeting"},
		{"--end", "end"},
		{"--series", "series"},
		{"--occurrence 2026-12-01T10:00", "occurrence"},
		{`--reason "…"`, "reason"},
	} {
		lines = append(lines, p.example(cancellation.Request{}, e.flags)+" "+p.say("help."+e.key, nil))
	}
	if f.Several {
		lines = append(lines, p.severalExamples(f)...)
	}
	for _, e := range []struct{ word, key string }{{"", "pick"}, {"list", "list"}, {"history", "history"}, {"help", "help"}} {
		lines = append(lines, "`"+join(" ", p.command, e.word)+"` "+p.say("help."+e.key, nil))
	}
	return lines
}

// severalExamples are the lines that lead to a card with several meetings. Listing
// somebody else's meetings is for people who may cancel any, and for delegates.
func (p page) severalExamples(f HelpFacts) (lines []string) {
	all := []struct{ words, key string }{
		{exampleNumber + " 985000010", "several"}, {"tomorrow", "day"}, {"2026-12-01..2026-12-05", "days"},
	}
	if f.MayAny {
		all = append(all, struct{ words, key string }{"today --of @carol", "of"})
	}
	for _, e := range all {
		lines = append(lines, "`"+p.command+" "+verbatim(e.words, maxName)+"` "+p.say("help."+e.key, nil))
	}
	return lines
}

// mayWhat says what this person may cancel, and who else may.
func (p page) mayWhat(f HelpFacts) string {
	people := p.list(f.Helpers)
	switch {
	case slices.Contains(f.Helpers, "*"):
		return p.say("help.who_everyone", nil)
	case f.MayAny && people != "":
		return p.say("help.who_among", vars{"People": people})
	case f.MayAny:
		return p.say("help.who_any", nil)
	case people != "":
		return join("\n", p.say("help.who_own", nil), p.say("help.who_others", vars{"People": people}))
	}
	return p.say("help.who_own", nil)
}

func (p page) mayWhere(f HelpFacts) string {
	where := p.list(f.Channels)
	if where == "" || slices.Contains(f.Channels, "*") {
		return ""
	}
	return p.say("help.where", vars{"Channels": where})
}

func (p page) needsSecond(s cancellation.SecondPerson) string {
	switch s {
	case cancellation.SecondEnd, cancellation.SecondSeries, cancellation.SecondMany, cancellation.SecondAlways:
		return p.say("help.second_"+string(s), nil)
	case cancellation.SecondNever:
	}
	return ""
}

// reasonModal asks for the reason of r.
func (p page) reasonModal(r cancellation.Request) bot.Modal {
	input := &slack.PlainTextInputBlockElement{
		Type: slack.METPlainTextInput, ActionID: InputReason, Multiline: true, FocusOnLoad: true,
		MaxLength: command.MaxReason, InitialValue: plain(r.Reason, command.MaxReason),
		Placeholder: unmarked(p.say("reason.placeholder", nil), maxHeader),
	}
	return bot.Modal{ModalViewRequest: slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: ModalReason, PrivateMetadata: string(r.ID),
		Title: unmarked(p.say("reason.title", nil), maxTitle), Submit: unmarked(p.say("reason.save", nil), maxTitle),
		Close: unmarked(p.say("reason.close", nil), maxTitle),
		Blocks: slack.Blocks{BlockSet: []slack.Block{slack.NewInputBlock(
			InputReason, unmarked(p.say("reason.label", nil), maxModalLabel), unmarked(p.say("reason.hint", nil), maxModalLabel), input,
		)}},
	}}
}

const (
	maxTitle      = 24   // of a modal's title and buttons
	maxModalLabel = 2000 // of an input's label and hint
)
