package step

import (
	"cmp"
	"strconv"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
)

// Requested returns the audit row for a new request. Its "from" is the card it takes over or
// the list it was picked from; a typed command has none.
func Requested(r cancellation.Request) store.AuditRow {
	detail := map[string]string{"channel": r.Channel, "end": Yes(r.End), "scope": string(r.Scope), "reason": r.Reason}
	if from := cmp.Or(r.Supersedes, r.From); from != "" {
		detail["from"] = string(from)
	}
	return store.RequestRow(r, store.EventRequested, r.Asker, detail)
}

// Asked returns the audit row for a card about to be posted, in the channel or to the owner.
func Asked(r cancellation.Request) store.AuditRow {
	row := store.RequestRow(r, store.EventAsked, r.Asker, map[string]string{
		"channel": r.Channel, "running": Yes(r.Meeting.Running), "recurring": Yes(r.Meeting.Recurring),
	})
	if r.IsQuestion() {
		row.Event, row.Detail["owner"] = store.EventAskOwner, r.For
	}
	return row
}

// Yes returns a flag's value in the audit trail, which leaves out false.
func Yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// Calling returns the audit row for a call about to be sent.
func Calling(r cancellation.Request) store.AuditRow {
	return store.RequestRow(r, store.EventCalling, r.ConfirmedBy, map[string]string{
		"scope": string(r.Scope), "end": Yes(r.Ending()), "attempt": strconv.Itoa(r.Effects[cancellation.CallEffect].Attempts),
	})
}
