package handlers

import (
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// ThreadReply says in the card's thread what happened, to which meeting, by
// whom and why, and whether the owner was told. An outcome that is not known is
// not told there before it is.
func (v *Views) ThreadReply(r cancellation.Request) bot.Message {
	p := v.channel(r)
	aloud := p.spoken()
	text := join("\n", aloud.happened(r), p.because(r), aloud.planned(r), p.owner(r), p.brief(r))
	return bot.Message{
		Text:   text,
		Blocks: stack(section(p.happened(r), p.because(r), p.planned(r)), p.reason(r), p.ownerNote(r), p.smallPrint(r)),
	}
}

// planned says when the meeting is, or would have been. A sentence about dates
// has named them already.
func (p page) planned(r cancellation.Request) string {
	start, key := r.Meeting.Start, "done.planned_for"
	unchanged := r.State != cancellation.Done || r.Outcome == cancellation.Refused || r.Outcome == cancellation.Failed
	switch {
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

// overtaken reports whether the service, in refusing r, has told that the
// meeting does not stand any more as the card showed it.
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

// owner says whether the owner was told; nothing if nobody tried yet, or if
// there was nothing to tell.
func (p page) owner(r cancellation.Request) string {
	var key string
	switch r.Owner.Result {
	case cancellation.NoticeSent:
		key = "owner.sent"
	case cancellation.NoticeOwnAction:
		return p.say("owner.own_action", nil)
	case cancellation.NoticeNotFound:
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
	if text := p.owner(r); text != "" {
		return section(text)
	}
	return nil
}

// OwnerNotice tells the owner, in their language, that their meeting, or dates of
// it, were cancelled or ended. The link leads to the conversation; empty is none.
func (v *Views) OwnerNotice(locale string, r cancellation.Request, link string) bot.Message {
	p := v.person(locale)
	return p.notice(r, p.say("notice."+noticeKey(r)+"_title", nil), "", link)
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

// AskerNotice tells the asker the outcome in a direct message, where the card
// and its thread cannot be reached any more.
func (v *Views) AskerNotice(locale string, r cancellation.Request, link string) bot.Message {
	p := v.person(locale)
	return p.notice(r, p.title(r), flow(p.owner(r), p.say("notice.asker", nil)), link)
}

// notice is a direct message about an outcome that is known.
func (p page) notice(r cancellation.Request, title, more, url string) bot.Message {
	because, thread := p.because(r), p.say("notice.thread", nil)
	if thread = link(url, thread); !strings.HasPrefix(thread, "<") {
		thread = ""
	}
	var note slack.Block
	if more != "" || thread != "" {
		note = section(more, thread)
	}
	aloud := p.spoken()
	return bot.Message{
		Text:   join("\n", title, aloud.happened(r), because, aloud.planned(r), p.brief(r)),
		Blocks: stack(header(title), section(p.happened(r), because, p.planned(r)), p.reason(r), note, p.smallPrint(r)),
	}
}
