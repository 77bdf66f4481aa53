package handlers

import (
	"strings"

	"meetingbot/bot"
	"meetingbot/internal/command"
)

// Fault says which part of a command is wrong, and gives the corrected line to
// copy, or an example where only the person can know what was meant.
func (v *Views) Fault(locale string, f *command.Fault) bot.Message {
	p := v.person(locale)
	text := join(" ", p.fault(f), p.say("fault.nothing_done", nil))
	label, line := p.say("fault.corrected", nil), f.Corrected
	if line == "" {
		label, line = p.say("fault.example", nil), p.command+" "+exampleNumber
	}
	line = verbatim(line, maxField)
	return bot.Message{
		Text:   text + " " + label + " `" + line + "`",
		Blocks: stack(section(text), section(label+"\n```"+line+"```")),
	}
}

// fault names the part that is wrong, as it was typed.
func (p page) fault(f *command.Fault) string {
	part := vars{"Part": foreign(f.Part, maxName)}
	keys := map[command.Kind]string{
		command.UnknownWord: "unknown_word", command.NotANumber: "not_a_number", command.TooShort: "too_short",
		command.TooLong: "too_long", command.MissingValue: "missing_value", command.BadOccurrence: "bad_occurrence",
		command.Repeated: "repeated",
	}
	if key, names := keys[f.Kind]; names && f.Part != "" {
		return p.say("fault."+key, part)
	}
	switch f.Kind {
	case command.UnknownFlag:
		if f.Part != "" {
			part["Flags"] = "`--end` `--series` `--occurrence` `--reason`"
			return p.say("fault.unknown_flag", part)
		}
	case command.TwoNumbers:
		var numbers []string
		for _, n := range f.Numbers {
			numbers = append(numbers, grouped(n))
		}
		return p.say("fault.two_numbers", vars{"Numbers": strings.Join(numbers, p.say("separator", nil))})
	case command.StrayDigits:
		return p.say("fault.stray_digits", nil)
	case command.NoNumber, command.NotANumber, command.TooShort, command.TooLong:
		return p.say("fault.no_number", nil)
	case command.SeriesAndOccurrence:
		return p.say("fault.series_and_occurrence", nil)
	case command.ReasonTooLong:
		return p.count("fault.reason_too_long", command.MaxReason, nil)
	case command.LineTooLong:
		return p.say("fault.line_too_long", nil)
	case command.UnknownWord, command.MissingValue, command.BadOccurrence, command.Repeated:
	}
	return p.say("fault.general", nil)
}
