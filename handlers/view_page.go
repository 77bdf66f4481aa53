package handlers

import (
	"cmp"
	"fmt"
	"time"
	"unicode"
	"unicode/utf8"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
)

// A page is one rendering: in one language, for one kind of reader.
type page struct {
	lang
	bare    bool // a channel reads it, and CARD_DETAILS is minimal: no subject, no owner
	second  SecondPerson
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

// numberOf is the number by which people know the meeting of r; empty if there is none.
func numberOf(r cancellation.Request) string {
	return cmp.Or(r.Meeting.Number, r.Number, r.Meeting.ID)
}

// what names the meeting of r in the middle of a sentence, as fully as this
// reader may know it.
func (p page) what(r cancellation.Request) string {
	subject := r.Meeting.Subject
	if p.bare {
		subject = ""
	}
	return p.name(r, grouped(numberOf(r)), foreign(subject, maxSubject))
}

// named is what by the number alone: for people who may not be meant to know
// the subject.
func (p page) named(r cancellation.Request) string {
	return p.name(r, grouped(numberOf(r)), "")
}

// digits is what for notifications, with the number in one piece so that a
// search finds it.
func (p page) digits(r cancellation.Request) string {
	subject := r.Meeting.Subject
	if p.bare {
		subject = ""
	}
	return p.name(r, foreign(numberOf(r), maxNumber), foreign(subject, maxSubject))
}

func (p page) name(r cancellation.Request, number, subject string) string {
	noun := "what.meeting"
	if r.Meeting.Recurring {
		noun = "what.series"
	}
	switch {
	case number == "":
		return p.say(noun+"_none", nil)
	case subject == "":
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
	line := join(" ", p.command, cmp.Or(numberOf(r), exampleNumber), flags)
	return "`" + verbatim(line, maxField) + "`"
}

// exampleNumber stands in examples where no number is known.
const exampleNumber = "914087436"

// moment is t as each reader's own clock shows it, by one of the formats of
// the catalogue. Old clients and notifications show UTC.
func (p page) moment(format string, t time.Time) string {
	if t.IsZero() {
		return p.say("date.unknown", nil)
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
