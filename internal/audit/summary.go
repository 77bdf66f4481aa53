package audit

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// A summary is the life of one request, or of one delegation, in a line.
type summary struct {
	asked   time.Time
	meeting string
	by      string // who asked, and where
	answer  string // who clicked what, and when
	called  string // what the meeting service was asked to do
	outcome string
	told    string
	request string
	reason  string

	calls   int
	uses    int      // how often a delegation was used
	reports []string // card and thread
	owners  []notice // one per owner the bot told or tried to tell
}

// A notice is the latest result of telling an owner.
type notice struct{ user, told string }

// summarize summarizes the rows of one request, which are sorted oldest first.
func summarize(rows []store.AuditRow) summary {
	s := summary{asked: rows[0].At, request: string(rows[0].Request)}
	for _, r := range rows {
		if r.Meeting != "" {
			s.meeting = oneLine(r.Meeting)
		}
		if reason := r.Detail["reason"]; reason != "" {
			s.reason = oneLine(fmt.Sprintf("“%s”", reason))
		}
		s.add(r)
	}
	if s.calls > 1 {
		s.called = fmt.Sprintf("%s (%d times)", s.called, s.calls)
	}
	for _, n := range s.owners {
		s.reports = append(s.reports, n.told)
	}
	s.told = strings.Join(s.reports, ", ")
	for _, cell := range []*string{&s.meeting, &s.by, &s.answer, &s.called, &s.outcome, &s.told, &s.reason} {
		*cell = cmp.Or(*cell, "-")
	}
	return s
}

func (s *summary) add(r store.AuditRow) {
	d := r.Detail
	switch r.Event {
	case store.EventRequested:
		s.by = person(r, r.Actor)
		if d["channel"] != "" {
			s.by += " in " + oneLine(d["channel"])
		}
		if d["part_of"] != "" {
			s.reports = append(s.reports, "part of "+oneLine(d["part_of"]))
		}
	case store.EventAsked:
		s.answer = "waiting"
	case store.EventAskOwner:
		s.answer = "waiting for owner " + person(r, d["owner"])
	case store.EventReason: // summarize handles it
	case store.EventConfirmed, store.EventDeclined, store.EventUndone, store.EventExpired:
		s.answer = s.clicked(r)
	case store.EventUndoLate:
		s.answer += ", too late to undo for " + person(r, r.Actor)
	case store.EventMuted:
		s.answer += ", don't ask again until " + oneLine(d["until"])
	case store.EventChanged:
		s.outcome = "meeting had changed; asked again"
		if d["by"] != "" {
			s.outcome += " as " + oneLine(d["by"])
		}
	case store.EventCalling:
		s.calls++
		verb := "cancel "
		if d["end"] == "yes" {
			verb = "end and cancel "
		}
		s.called = verb + cmp.Or(words(d["scope"]), "meeting")
	case store.EventCallFailed:
		s.outcome = "call " + oneLine(d["result"]) + because(d)
	case store.EventSettled, store.EventRefused:
		s.outcome = cmp.Or(words(d["outcome"]), string(cancellation.Refused)) + because(d)
	case store.EventReported:
		if told := report(d); !slices.Contains(s.reports, told) {
			s.reports = append(s.reports, told)
		}
	case store.EventNotified:
		s.notified(d)
	case store.EventDelegated: // like a request, a delegation gets its own line
		s.by = person(r, r.Actor)
		s.answer = "delegated to " + person(r, d["receiver"])
		if until, err := time.Parse(time.RFC3339, d["until"]); err == nil {
			s.answer += " until " + until.UTC().Format(time.DateTime)
		}
		s.outcome = "active"
	case store.EventDelegationUsed:
		s.uses++
		s.called = fmt.Sprintf("used %d times, last for %s", s.uses, oneLine(d["request"]))
		if s.uses == 1 {
			s.called = "used for " + oneLine(d["request"])
		}
	case store.EventDelegationRevoked:
		s.outcome = "revoked"
		if d["why"] != "" {
			s.outcome = "ended" + because(d)
		}
	case store.EventDelegationExpired:
		s.outcome = "expired"
	case store.EventInvited:
		s.reports = append(s.reports, oneLine(d["told"])+" of "+oneLine(d["people"])+" invited people")
	default: // written by a newer version
		s.reports = append(s.reports, oneLine(string(r.Event)))
	}
}

// person returns who, a person that a row names, or says that they were blanked.
func person(r store.AuditRow, who string) string {
	if r.Blanked() {
		return "(blanked)"
	}
	return oneLine(who)
}

// notified records the result of telling an owner, replacing an earlier one.
func (s *summary) notified(d map[string]string) {
	n := notice{d["user"], "owner " + words(d["result"])}
	if n.user != "" {
		n.told += " " + oneLine(n.user)
	}
	s.owners = slices.DeleteFunc(s.owners, func(known notice) bool { return known.user == n.user })
	s.owners = append(s.owners, n)
}

// clicked says who answered the card, and how long after the request.
func (s *summary) clicked(r store.AuditRow) string {
	verb := string(r.Event)
	if r.Event == store.EventDeclined {
		verb = "kept"
	}
	if r.Actor != "" {
		verb += " by " + oneLine(r.Actor)
	}
	return verb + " after " + r.At.Sub(s.asked).Round(time.Second).String()
}

// because returns why something failed or ended, in brackets, or "" if unknown.
func because(d map[string]string) string {
	if d["why"] == "" {
		return ""
	}
	return " (" + words(d["why"]) + ")"
}

// report describes a report, such as the card or the thread reply: just its name if it
// was sent, or its name and the result.
func report(d map[string]string) string {
	name := words(d["what"])
	if d["what"] == string(cancellation.FinalEffect) {
		name = "card"
	}
	if d["result"] != "" && d["result"] != "sent" {
		return name + " " + words(d["result"])
	}
	return name
}

// words turns not_found into "not found".
func words(s string) string { return oneLine(strings.ReplaceAll(s, "_", " ")) }

// oneLine keeps user-supplied text from controlling the terminal or breaking the table.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || r == '\n' || r == '\r' {
			return ' '
		}
		if !unicode.IsPrint(r) {
			return '�'
		}
		return r
	}, s)
}
