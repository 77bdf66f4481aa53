package help

import (
	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/command"
)

// Fault says which part of a command is wrong, and gives the corrected line to copy, or an
// example if only the person knows what they meant.
func Fault(p page.Page, f *command.Fault) bot.Message {
	wrong := []string{whatIsWrong(p, f)}
	for i := range f.Also {
		wrong = append(wrong, whatIsWrong(p, &f.Also[i]))
	}
	if len(f.Without) > 0 {
		wrong = append(wrong, p.Say("fault.without", words.Vars{"Flags": p.Several("more", f.Without)}))
	}
	text := block.Flow(append(wrong, p.Say("fault.nothing_done", nil))...)
	label, lines := p.Say("fault.corrected", nil), append([]string{f.Corrected}, f.More...)
	if f.Corrected == "" {
		label, lines = p.Say("fault.example", nil), []string{p.Command + " " + f.Example(page.ExampleNumber)}
	}
	first, copied, more := page.ToCopy(label, lines)
	blocks := append(block.Stack(block.Section(text)), copied...)
	return bot.Message{Text: block.Flow(text, label, first), Blocks: block.Stack(append(blocks, block.Small(p.CountAny("many.portions_more", more)))...)}
}

// whatIsWrong quotes the part that is wrong. f leaves out a part that may be a secret; the
// sentence then says what is wrong without it.
func whatIsWrong(p page.Page, f *command.Fault) string {
	part := words.Vars{"Part": block.Escape(f.Part, block.MaxName), "Flags": "`--end` `--series` `--occurrence` `--of` `--reason`"}
	keys := faultKeys[f.Kind]
	switch {
	case f.Kind == command.TwoNumbers && len(f.Numbers) > 0:
		var numbers []string
		for _, n := range f.Numbers {
			numbers = append(numbers, block.Grouped(n))
		}
		return p.Say("fault.two_numbers", words.Vars{"Numbers": p.Several("more", numbers)})
	case f.Kind == command.TooManyDays:
		return p.Count("fault.too_many_days", command.MaxDays, nil)
	case f.Kind == command.ReasonTooLong:
		return p.Count("fault.reason_too_long", command.MaxReason, nil)
	case keys.named != "" && f.Part != "":
		return p.Say("fault."+keys.named, part)
	case keys.bare != "":
		return p.Say("fault."+keys.bare, part)
	}
	return p.Say("fault.general", nil)
}

// faultKeys has the catalogue keys for each kind of fault: a sentence that quotes the part,
// and one that doesn't. Either may be empty.
var faultKeys = map[command.Kind]struct{ named, bare string }{
	command.UnknownFlag:         {"unknown_flag", "unknown_flag_bare"},
	command.MisusedFlag:         {"misused_flag", ""},
	command.UnknownWord:         {"unknown_word", "unknown_word_bare"},
	command.StrayDigits:         {"", "stray_digits"},
	command.NotANumber:          {"not_a_number", "no_number"},
	command.TooShort:            {"too_short", "no_number"},
	command.TooLong:             {"too_long", "no_number"},
	command.NoNumber:            {"", "no_number"},
	command.MissingValue:        {"missing_value", ""},
	command.BadOccurrence:       {"bad_occurrence", "bad_occurrence_bare"},
	command.SeriesAndOccurrence: {"", "series_and_occurrence"},
	command.Repeated:            {"repeated", ""},
	command.LineTooLong:         {"", "line_too_long"},
	command.SingleOnly:          {"single_only", ""},
	command.DaysReversed:        {"days_reversed", ""},
	command.DaysPast:            {"days_past", ""},
	command.BadDay:              {"bad_day", ""},
	command.BadPerson:           {"bad_person", "bad_person_bare"},
	command.OfWithoutDays:       {"", "of_without_days"},
	command.OfWithNumber:        {"", "of_with_number"},
	command.DayWithNumber:       {"day_with_number", ""},
	command.SeveralDays:         {"", "several_days"},
}
