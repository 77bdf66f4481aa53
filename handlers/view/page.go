package view

import (
	"cmp"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"meetingbot/internal/cancellation"
)

// A page is one rendering: in one language, for one kind of reader.
type page struct {
	lang
	bare    bool // the reader need not learn the subject and the owner
	toOwner bool // the reader is the meeting's owner
	aloud   bool // for Message.Text: dates in UTC, numbers in one piece so that a search finds them
	second  cancellation.SecondPerson
	tell    cancellation.TellInvited
	command string
}

// spoken is the same page for Message.Text.
func (p page) spoken() page {
	p.aloud = true
	return p
}

// discreet is the same page for a person who perhaps should not learn more than the
// number.
func (p page) discreet() page {
	p.bare = true
	return p
}

// numberOf is the number by which people know r's meeting; empty if there is none.
func numberOf(r cancellation.Request) string {
	return cmp.Or(r.Meeting.Number, r.Number, r.Meeting.ID)
}

// what names r's meeting in the middle of a sentence, with as much detail as this
// reader may have.
func (p page) what(r cancellation.Request) string {
	if r.Batch != nil {
		return p.count("many.what", max(1, len(r.Batch.Ticked())), nil)
	}
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

// example is a command to copy, with r's number.
func (p page) example(r cancellation.Request, flags string) string {
	if r.Batch != nil && r.Batch.Line != "" {
		return p.toType(r.Batch.Line)
	}
	number := numberOf(r)
	if !isNumber(number) {
		number = exampleNumber
	}
	return "`" + join(" ", cmp.Or(r.As, p.command), number, flags) + "`"
}

// flags are what to type to ask for the same as r did.
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

// typedDate is the date that r's asker typed; empty if the dates were chosen on the
// card, or if the card took over from another, which asked for them again.
func typedDate(r cancellation.Request) string {
	if r.Supersedes != "" || strings.Trim(r.Wanted, "0123456789-T:") != "" {
		return ""
	}
	return plain(r.Wanted, maxNumber)
}

// exampleNumber is used in examples if no number is known.
const exampleNumber = "914087436"

// moment is t in each reader's own time zone, in one of the catalogue's formats. Old
// clients and notifications show UTC.
func (p page) moment(format string, t time.Time) string {
	if t.IsZero() {
		return p.say("date.unknown", nil)
	}
	if p.aloud {
		return p.utc(t)
	}
	return fmt.Sprintf("<!date^%d^%s|%s>", t.Unix(), p.say("date."+format, nil), p.utc(t))
}

const utcLayout = "2006-01-02 15:04 UTC"

// utc is t for places where Slack's date token does not work.
func (p page) utc(t time.Time) string {
	if t.IsZero() {
		return p.say("date.unknown", nil)
	}
	t = t.UTC()
	return p.say(fmt.Sprintf("weekday_short.d%d", t.Weekday()), nil) + " " + t.Format(utcLayout)
}

// length is a duration in words, to the minute, or to the second below a minute.
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

// sentence starts text with a capital letter, in scripts that have them.
func sentence(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(r)) + text[n:]
}
