package handlers

import (
	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// ThreadReply says in the card's thread what happened, to which meeting, by
// whom and why, and whether the owner was told.
func (v *Views) ThreadReply(r cancellation.Request) bot.Message {
	p := v.channel(r)
	text := join(" ", p.happened(r, p.digits(r)), p.because(r), p.owner(r), p.brief(r))
	return bot.Message{
		Text:   text,
		Blocks: stack(section(p.happened(r, p.what(r)), p.because(r), p.planned(r)), p.why(r), p.ownerNote(r), p.smallPrint(r)),
	}
}

// planned says when the meeting would have been. A sentence about dates has
// named them already.
func (p page) planned(r cancellation.Request) string {
	if r.Meeting.Start.IsZero() || r.Scope == cancellation.Occurrence {
		return ""
	}
	return p.say("done.planned_for", vars{"When": p.moment("long", r.Meeting.Start)})
}

// brief is the reason for a notification.
func (p page) brief(r cancellation.Request) string {
	if r.Reason == "" {
		return ""
	}
	return p.say("label.reason", nil) + ": " + foreign(r.Reason, maxBrief)
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
	case cancellation.NoticeAmbiguous:
		key = "owner.ambiguous"
	case cancellation.NoticeRefused:
		key = "owner.refused"
	default: // not tried yet, not needed
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

// OwnerNotice tells the owner, in their language, what happened to their
// meeting. The link leads to the conversation; empty is none.
func (v *Views) OwnerNotice(locale string, r cancellation.Request, link string) bot.Message {
	p := v.person(locale)
	return p.notice(r, p.say("notice."+noticeKey(r)+"_title", nil), "", link)
}

func noticeKey(r cancellation.Request) string {
	switch {
	case r.State != cancellation.Done || !r.Outcome.Removed():
		return "other"
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
	return p.notice(r, p.title(r), join(" ", p.owner(r), p.say("notice.asker", nil)), link)
}

// notice is a direct message about an outcome.
func (p page) notice(r cancellation.Request, title, more, url string) bot.Message {
	thread := ""
	if l := link(url, p.say("notice.thread", nil)); l != p.say("notice.thread", nil) {
		thread = l
	}
	var note slack.Block
	if more != "" || thread != "" {
		note = section(more, thread)
	}
	return bot.Message{
		Text: join(" ", title+".", p.happened(r, p.digits(r)), p.because(r), p.brief(r)),
		Blocks: stack(header(title), section(p.happened(r, p.what(r)), p.because(r), p.planned(r)), p.why(r), note,
			p.smallPrint(r)),
	}
}
