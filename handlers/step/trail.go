package step

import (
	"cmp"
	"strconv"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// Requested is the audit row for who asks for what, and from where: the card it takes over, or
// the list it was picked from; if somebody typed it, neither.
func Requested(r cancellation.Request) store.AuditRow {
	detail := map[string]string{"channel": r.Channel, "end": Yes(r.End), "scope": string(r.Scope), "reason": r.Reason}
	if from := cmp.Or(r.Supersedes, r.From); from != "" {
		detail["from"] = string(from)
	}
	return store.Line(r, store.EventRequested, r.Asker, detail)
}

// Asked is the audit row for a card that is about to be shown, in the channel or to the
// owner alone.
func Asked(r cancellation.Request) store.AuditRow {
	line := store.Line(r, store.EventAsked, r.Asker, map[string]string{
		"channel": r.Channel, "running": Yes(r.Meeting.Running), "recurring": Yes(r.Meeting.Recurring),
	})
	if r.IsQuestion() {
		line.Event, line.Detail["owner"] = store.EventAskOwner, r.For
	}
	return line
}

// Yes writes a flag for the audit trail; false is left out.
func Yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// Calling is the audit row for a call that is about to be sent.
func Calling(r cancellation.Request) store.AuditRow {
	return store.Line(r, store.EventCalling, r.ConfirmedBy, map[string]string{
		"scope": string(r.Scope), "end": Yes(r.Ending()), "attempt": strconv.Itoa(r.Effects[cancellation.CallEffect].Attempts),
	})
}
