package sample

import (
	"strings"

	"meetingbot/internal/command"
)

// FaultLines returns command lines by name, with every kind of fault.
func FaultLines() map[string]string {
	return map[string]string{
		"unknown_flag":          "914087436 --now",
		"unknown_flag_secret":   "914087436 --ana@example.com",
		"misused_flag":          "list --end",
		"misused_flag_value":    "914087436 --end=yes",
		"unknown_word":          "914087436 please",
		"unknown_word_secret":   "914087436 hunter2",
		"two_numbers":           "914087436 or 914087437 --end",
		"two_numbers_many":      "914087430 914087431 914087432 914087433 914087434 914087435 914087436 914087437 914087438 914087439 914087440 or 914087441",
		"stray_digits":          "914087436 1234",
		"not_a_number":          "abc",
		"not_a_number_verb":     "lsit",
		"not_a_number_letters":  "9l4O87436",
		"not_a_number_secret":   "ana@example.com",
		"too_short":             "12345",
		"too_long":              "1234567890123456",
		"no_number":             "--end",
		"no_number_link":        "https://vc.example.cn/s/AbCd",
		"missing_reason":        "914087436 --reason",
		"missing_occurrence":    "914087436 --occurrence",
		"bad_occurrence":        "914087436 --occurrence 2026-02-30",
		"bad_occurrence_secret": "914087436 --occurrence https://x.example/?k=1",
		"series_and_occurrence": "914087436 --series --occurrence 2026-12-01",
		"repeated_occurrence":   "914087436 --occurrence 2026-12-01 --occurrence 2026-12-08",
		"repeated_reason":       `914087436 --reason "a" --reason "b"`,
		"reason_too_long":       "914087436 --reason " + strings.Repeat("x", command.MaxReason+1),
		"single_only":           "914087436 914087437 --series",
		"single_only_days":      "today --occurrence 2026-12-01",
		"days_reversed":         "2026-12-05..2026-12-01 --end",
		"too_many_days":         "2026-12-01..2028-01-05",
		"bad_day":               "2026-02-30 --end",
		"bad_person":            "today --of carol",
		"bad_person_secret":     "today --of https://x.example/?k=1",
		"of_without_days":       "--of @carol --end",
		"of_with_number":        "914087436 --of @carol",
		"day_with_number":       "today 914087436",
		"several_days":          "2026-12-01 and 2026-12-05",
		"several_faults":        "914087436 please tomorrow --of @carol",
		"line_too_long":         strings.Repeat("9", command.MaxLine+1),
	}
}

// Classes returns the classes of error that the product knows, and one that it doesn't.
func Classes() []string {
	return strings.Split("not_found started not_started ended transient denied bad_request auth credentials clock locked wrong_site kind_unknown meeting_locked "+
		"throttled server unavailable unknown_outcome not_sent canceled not_allowed changed unlisted post stopped last_dates still_listed in_doubt stale not_owner owner_left other", " ")
}
