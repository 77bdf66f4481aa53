package handlers

import (
	"meetingbot/bot"
	"meetingbot/internal/command"
)

// Fault says which part of a command is wrong, and gives the corrected line to
// copy, or an example where only the person can know what was meant.
func (v *Views) Fault(locale string, f *command.Fault) bot.Message {
	p := v.person(locale)
	text := flow(p.fault(f), p.say("fault.nothing_done", nil))
	label, line := p.say("fault.corrected", nil), f.Corrected
	if line == "" {
		label, line = p.say("fault.example", nil), p.command+" "+exampleNumber
	}
	line = verbatim(line, maxField)
	return bot.Message{
		Text:   flow(text, label, "`"+line+"`"),
		Blocks: stack(section(text), section(label+"\n```"+line+"```")),
	}
}

// fault names the part that is wrong, as it was typed. A part that may be a
// secret is not in f; what is wrong with it is said all the same.
func (p page) fault(f *command.Fault) string {
	part := vars{"Part": foreign(f.Part, maxName), "Flags": "`--end` `--series` `--occurrence` `--reason`"}
	key, bare := faultKeys(f.Kind)
	switch {
	case f.Kind == command.TwoNumbers && len(f.Numbers) > 0:
		var numbers []string
		for _, n := range f.Numbers {
			numbers = append(numbers, grouped(n))
		}
		return p.say("fault.two_numbers", vars{"Numbers": p.several(numbers)})
	case f.Kind == command.ReasonTooLong:
		return p.count("fault.reason_too_long", command.MaxReason, nil)
	case key != "" && f.Part != "":
		return p.say("fault."+key, part)
	case bare != "":
		return p.say("fault."+bare, part)
	}
	return p.say("fault.general", nil)
}

// faultKeys are the sentences of a kind of fault: the one that names the part,
// and the one without a part to name. Either may be empty.
func faultKeys(k command.Kind) (key, bare string) {
	switch k {
	case command.UnknownFlag:
		return "unknown_flag", "unknown_flag_bare"
	case command.MisusedFlag:
		return "misused_flag", ""
	case command.UnknownWord:
		return "unknown_word", "unknown_word_bare"
	case command.StrayDigits:
		return "", "stray_digits"
	case command.NotANumber:
		return "not_a_number", "no_number"
	case command.TooShort:
		return "too_short", "no_number"
	case command.TooLong:
		return "too_long", "no_number"
	case command.NoNumber:
		return "", "no_number"
	case command.MissingValue:
		return "missing_value", ""
	case command.BadOccurrence:
		return "bad_occurrence", "bad_occurrence_bare"
	case command.SeriesAndOccurrence:
		return "", "series_and_occurrence"
	case command.Repeated:
		return "repeated", ""
	case command.LineTooLong:
		return "", "line_too_long"
	case command.TwoNumbers, command.ReasonTooLong:
	}
	return "", ""
}
