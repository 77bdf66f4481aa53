package page

import (
	"cmp"
	"slices"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// A Page renders text in one language for one kind of reader.
type Page struct {
	words.Language
	Bare     bool                      // leave out the subject and the owner
	ToOwner  bool                      // the reader is the meeting's owner
	Fallback bool                      // for Message.Text, which notifications show: dates in UTC, and ungrouped numbers that a search finds
	Second   cancellation.SecondPerson // when a second person has to confirm
	Tell     cancellation.TellInvited  // whether invited people are told
	Command  string                    // the slash command with its slash
}

// ForFallback returns the same page for Message.Text.
func (p Page) ForFallback() Page {
	p.Fallback = true
	return p
}

// Discreet returns the same page for a person who may have been refused: they need not learn
// more about a meeting than its number.
func (p Page) Discreet() Page {
	p.Bare = true
	return p
}

// ForOwner returns the same page for the meeting's owner.
func (p Page) ForOwner() Page {
	p.ToOwner = true
	return p
}

// What names r's meeting in the middle of a sentence, in as much detail as the reader may see.
func (p Page) What(r cancellation.Request) string {
	if r.Batch != nil {
		return p.Count("many.what", max(1, len(r.Batch.Ticked())), nil)
	}
	number, subject := block.Grouped(NumberOf(r)), block.Escape(r.Meeting.Subject, block.MaxSubject)
	if p.Fallback {
		number = block.Escape(NumberOf(r), block.MaxNumber)
	}
	noun := "what.meeting"
	if r.Meeting.Recurring {
		noun = "what.series"
	}
	switch {
	case number == "":
		return p.Say(noun+"_none", nil)
	case subject == "" || p.Bare:
		return p.Say(noun+"_bare", words.Vars{"Number": number})
	}
	return p.Say(noun+"_full", words.Vars{"Subject": subject, "Number": number})
}

// Who names a person by their Slack id.
func (p Page) Who(id string) string {
	if id == "" {
		return p.Say("what.someone", nil)
	}
	return block.Mention(id)
}

// NumberOf returns the number by which people know r's meeting; empty if there is none.
func NumberOf(r cancellation.Request) string {
	return cmp.Or(r.Meeting.Number, r.Number, r.Meeting.ID)
}

// Number returns the meeting's number, with the service's own id if that differs.
func (p Page) Number(m cancellation.Meeting) string {
	if m.Number == "" || m.ID == "" || m.Number == m.ID {
		return block.Grouped(cmp.Or(m.Number, m.ID))
	}
	return p.Say("label.number_and_id", words.Vars{"Number": block.Grouped(m.Number), "ID": block.Grouped(m.ID)})
}

// AskedBy says in small print who asked.
func (p Page) AskedBy(r cancellation.Request) string {
	return p.SayIf(r.Asker != "", "ask.asked_by", words.Vars{"Who": p.Who(r.Asker)})
}

// Reason returns the reason as a paragraph, or nil if none was given.
func (p Page) Reason(r cancellation.Request) slack.Block {
	if r.Reason == "" {
		return nil
	}
	return block.Section("*" + p.Say("label.reason", nil) + "*\n" + block.EscapeLine(r.Reason, block.MaxReason))
}

// Brief returns the reason, if any, for a notification or a row.
func (p Page) Brief(r cancellation.Request) string {
	return p.SayIf(r.Reason != "", "label.reason_brief", words.Vars{"Reason": block.Escape(r.Reason, block.MaxBrief)})
}

// Partial says that some meetings could not be read; empty if all could.
func (p Page) Partial(is bool) string { return p.SayIf(is, "list.partial", nil) }

// Channels names channels by their Slack ids, each once.
func (p Page) Channels(ids []string) string { return p.Several("more", mentions(ids)) }

// People names people or groups by their Slack ids, each once.
func (p Page) People(ids []string) string { return p.Several("more_people", mentions(ids)) }

func mentions(ids []string) []string {
	var names []string
	for _, id := range ids {
		if id != "" && id != "*" && !slices.Contains(names, block.Mention(id)) {
			names = append(names, block.Mention(id))
		}
	}
	return names
}

// Several lists the first names and counts the rest, in the words that the catalogue has
// under more: a language may count people in a way of their own.
func (p Page) Several(more string, names []string) string {
	shown := min(maxNamed, len(names))
	return block.Join(p.Say("separator", nil), append(names[:shown:shown], p.CountAny("count."+more, len(names)-shown))...)
}

// SayIf is Say, but empty unless the condition holds.
func (p Page) SayIf(holds bool, key string, v words.Vars) string {
	if !holds {
		return ""
	}
	return p.Say(key, v)
}

// CountAny is Count, but empty if there are none.
func (p Page) CountAny(key string, n int) string {
	if n <= 0 {
		return ""
	}
	return p.Count(key, n, nil)
}

// maxNamed is how many people, channels or numbers a sentence names.
const maxNamed = 10
