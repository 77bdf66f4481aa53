package handlers

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// A page is one rendering: in one language, for one kind of reader.
type page struct {
	lang
	bare    bool // the reader need not learn the subject and the owner
	aloud   bool // for Message.Text: dates in UTC, numbers in one piece so that a search finds them
	second  cancellation.SecondPerson
	command string
}

// channel is a page that everybody in the channel of r reads. A card in a
// direct message is read by the asker alone.
func (v *Views) channel(r cancellation.Request) page {
	p := v.person("")
	p.bare = v.Minimal && r.Card.Way != cancellation.ByDirect
	return p
}

// person is a page that one person reads; an empty locale is that of the channels.
func (v *Views) person(locale string) page {
	return page{
		lang: v.Words.in(cmp.Or(locale, v.Locale)), second: v.Second,
		command: cmp.Or(v.Command, command.Name),
	}
}

// spoken is the same page for Message.Text.
func (p page) spoken() page {
	p.aloud = true
	return p
}

// discreet is the same page for somebody who may not be meant to know more
// than the number.
func (p page) discreet() page {
	p.bare = true
	return p
}

// numberOf is the number by which people know the meeting of r; empty if there is none.
func numberOf(r cancellation.Request) string {
	return cmp.Or(r.Meeting.Number, r.Number, r.Meeting.ID)
}

// what names the meeting of r in the middle of a sentence, as fully as this
// reader may know it.
func (p page) what(r cancellation.Request) string {
	number, subject := grouped(numberOf(r)), foreign(r.Meeting.Subject, maxSubject)
	if p.aloud {
		number = foreign(numberOf(r), maxNumber)
	}
	noun := "what.meeting"
	if r.Meeting.Recurring {
		noun = "what.series"
	}
	switch {
	case number == "":
		return p.say(noun+"_none", nil)
	case subject == "" || p.bare:
		return p.say(noun+"_bare", vars{"Number": number})
	}
	return p.say(noun+"_full", vars{"Subject": subject, "Number": number})
}

// who names a person by their Slack id.
func (p page) who(id string) string {
	if id == "" {
		return p.say("what.someone", nil)
	}
	return mention(id)
}

// example is a command that can be copied, with the number of r.
func (p page) example(r cancellation.Request, flags string) string {
	number := numberOf(r)
	if !isNumber(number) {
		number = exampleNumber
	}
	return "`" + join(" ", p.command, number, flags) + "`"
}

// flags are what is typed to ask for the same as r did.
func flags(r cancellation.Request, end bool) string {
	var how, which string
	if end {
		how = "--end"
	}
	switch {
	case r.Scope == cancellation.Series:
		which = "--series"
	case r.Scope == cancellation.Occurrence && typedDate(r) != "":
		which = "--occurrence " + typedDate(r)
	}
	return join(" ", how, which)
}

// typedDate is the date that r's asker has typed; empty if the dates were chosen on
// the card. A card that took over from another has asked for them anew.
func typedDate(r cancellation.Request) string {
	if r.Supersedes != "" || strings.Trim(r.Wanted, "0123456789-T:") != "" {
		return ""
	}
	return plain(r.Wanted, maxNumber)
}

// exampleNumber stands in examples where no number is known.
const exampleNumber = "914087436"

// moment is t as each reader's own clock shows it, by one of the formats of
// the catalogue. Old clients and notifications show UTC.
func (p page) moment(format string, t time.Time) string {
	if t.IsZero() {
		return p.say("date.unknown", nil)
	}
	if p.aloud {
		return p.utc(t)
	}
	return fmt.Sprintf("<!date^%d^%s|%s>", t.Unix(), p.say("date."+format, nil), p.utc(t))
}

// utc is t where Slack's date token does not work.
func (p page) utc(t time.Time) string {
	if t.IsZero() {
		return p.say("date.unknown", nil)
	}
	t = t.UTC()
	return p.say(fmt.Sprintf("weekday_short.d%d", t.Weekday()), nil) + " " + t.Format("2006-01-02 15:04 UTC")
}

// length is a duration in words, to the minute; below a minute to the second.
func (p page) length(d time.Duration) string {
	if d < time.Minute {
		return p.count("count.seconds", max(1, int((d+time.Second-1)/time.Second)), nil)
	}
	minutes := int((d + time.Minute - 1) / time.Minute)
	hours, minutes := minutes/60, minutes%60
	switch {
	case hours == 0:
		return p.count("count.minutes", minutes, nil)
	case minutes == 0:
		return p.count("count.hours", hours, nil)
	}
	return p.say("count.hours_and_minutes", vars{
		"Hours": p.count("count.hours", hours, nil), "Minutes": p.count("count.minutes", minutes, nil),
	})
}

// sentence begins text with a capital letter, where the script has them.
func sentence(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}
