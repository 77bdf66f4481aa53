package view

import (
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// threadReply says in the card's thread what happened, to which meeting, by whom and
// why, and whether the owner was told. An unknown outcome is not reported there until
// it is known.
func (p page) threadReply(r cancellation.Request) bot.Message {
	aloud := p.spoken()
	text := join("\n", aloud.happened(r), p.because(r), aloud.planned(r), p.owner(r), p.toldInvited(r), p.brief(r))
	return bot.Message{
		Text:   text,
		Blocks: stack(section(p.happened(r), p.because(r), p.planned(r)), p.reason(r), p.ownerNote(r), p.smallPrint(r)),
	}
}

// planned says when the meeting is, or would have been, unless the sentence has
// already named the dates.
func (p page) planned(r cancellation.Request) string {
	start, key := r.Meeting.Start, "done.planned_for"
	unchanged := r.State != cancellation.Done || r.Outcome == cancellation.Refused || r.Outcome == cancellation.Failed
	switch {
	case r.IsQuestion() && r.State == cancellation.Expired: // perhaps because it has started
		return ""
	case r.Scope == cancellation.Occurrence, unchanged && (r.Meeting.Recurring || r.Meeting.Running):
		return ""
	case r.Meeting.Recurring:
		key = "done.next_date"
		if next := r.Meeting.Occurrences; len(next) > 0 {
			start = next[0].Start
		}
	case unchanged && !overtaken(r):
		key = "done.planned_still"
	}
	if start.IsZero() {
		return ""
	}
	return p.say(key, vars{"When": p.moment("long", start)})
}

// overtaken reports whether the service, when it refused r, revealed that the meeting
// is no longer as the card showed it.
func overtaken(r cancellation.Request) bool {
	return r.State == cancellation.Done && slices.Contains([]string{"not_found", "started", "ended", "transient", "changed"}, r.Why)
}

// brief is the reason for a notification.
func (p page) brief(r cancellation.Request) string {
	if r.Reason == "" {
		return ""
	}
	return p.say("label.reason_brief", vars{"Reason": foreign(r.Reason, maxBrief)})
}

// owner says whether the owner was told; empty if nobody has tried yet or there was
// nothing to tell.
func (p page) owner(r cancellation.Request) string {
	var key string
	switch r.Owner.Result {
	case cancellation.NoticeSent:
		key = "owner.sent"
	case cancellation.NoticeOwnAction:
		if r.IsQuestion() {
			return "" // they are the reader
		}
		return p.say("owner.own_action", nil)
	case cancellation.NoticeNotFound:
		if r.Meeting.OwnerUUID == "" { // then nobody could be asked who it is
			return p.say("owner.unnamed", nil)
		}
		key = "owner.not_found"
	case cancellation.NoticeRefused:
		key = "owner.refused"
	case cancellation.NoticeDelayed:
		key = "owner.delayed"
	default: // not tried yet
		return ""
	}
	name := foreign(r.Owner.Name, maxName)
	if name == "" {
		name = foreign(r.Meeting.OwnerName, maxName)
	}
	if name == "" || p.bare {
		return p.say(key+"_bare", nil)
	}
	return p.say(key, vars{"Name": name})
}

func (p page) ownerNote(r cancellation.Request) slack.Block {
	if text := join("\n", p.owner(r), p.toldInvited(r)); text != "" {
		return section(text)
	}
	return nil
}

// ownerNotified tells the owner, in their language, that their meeting, or dates of it,
// were cancelled or ended, or that somebody whom they let tried to. The link leads to the conversation; it may be empty.
func (p page) ownerNotified(r cancellation.Request, link string) bot.Message {
	if r.State != cancellation.Done || !r.Outcome.Removed() { // by somebody whom they let
		return p.notice(r, p.title(r), nil, p.say("notice.used", vars{"Who": p.who(r.ConfirmedBy)}), link)
	}
	return p.notice(r, p.say("notice."+noticeKey(r)+"_title", nil), p.rebook(r), "", link)
}

// rebook has what is needed to book the meeting again, other than the subject and the
// dates, which the message names anyway.
func (p page) rebook(r cancellation.Request) slack.Block {
	m := r.Meeting
	rows := []string{"*" + p.say("label.rebook", nil) + "*"}
	row := func(label, value string) {
		if value != "" {
			rows = append(rows, p.say("label."+label, nil)+p.say("label.colon", nil)+value)
		}
	}
	if r.Scope != cancellation.Occurrence {
		if when := "when"; !m.Start.IsZero() {
			if m.Recurring {
				when = "next_date"
			}
			row(when, p.moment("long", m.Start))
		}
		if m.Recurring {
			row("repeats", p.rule(r))
		}
	}
	if m.Length() > 0 {
		row("length", p.length(m.Length()))
	}
	if m.InvitedKnown && m.Invited > 0 {
		row("invited", strconv.Itoa(m.Invited))
	}
	if len(rows) == 1 {
		return nil
	}
	return section(rows...)
}

func noticeKey(r cancellation.Request) string {
	switch {
	case r.Scope == cancellation.Series:
		return "series"
	case r.Scope == cancellation.Occurrence:
		return "dates"
	case r.Outcome == cancellation.Ended:
		return "ended"
	}
	return "cancelled"
}

// askerNotice tells the asker the outcome in a direct message if the card and its
// thread can't be reached any more.
func (p page) askerNotice(r cancellation.Request, link string) bot.Message {
	return p.notice(r, p.title(r), nil, flow(p.owner(r), p.say("notice.asker", nil)), link)
}

// notice is a direct message about a known outcome. Its details, if any, say when the
// meeting would have been.
func (p page) notice(r cancellation.Request, title string, details slack.Block, more, url string) bot.Message {
	because, thread := p.because(r), p.say("notice.thread", nil)
	if thread = link(url, thread); !strings.HasPrefix(thread, "<") {
		thread = ""
	}
	var note slack.Block
	if more != "" || thread != "" {
		note = section(more, thread)
	}
	planned := p.planned(r)
	if details != nil {
		planned = ""
	}
	aloud := p.spoken()
	return bot.Message{
		Text:   join("\n", title, aloud.happened(r), because, aloud.planned(r), p.brief(r)),
		Blocks: stack(header(title), section(p.happened(r), because, planned), p.reason(r), details, note, p.smallPrint(r)),
	}
}
