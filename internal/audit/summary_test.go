package audit

import (
	"testing"
	"time"

	"meetingbot/internal/store"
)

// TestSummarize covers every way a request can end.
func TestSummarize(t *testing.T) {
	t.Parallel()
	type detail = map[string]string
	for _, tt := range []struct {
		name                          string
		rows                          []store.AuditRow
		answer, called, outcome, told string
	}{
		{"refused before a card", []store.AuditRow{
			{Event: store.EventRefused, Detail: detail{"why": "not_found"}},
		}, "-", "-", "refused (not found)", "-"},
		{"expired", []store.AuditRow{
			{Event: store.EventAsked}, {Event: store.EventExpired}, {Event: store.EventReported, Detail: detail{"what": "final", "result": "sent"}},
		}, "expired after 2s", "-", "-", "card"},
		{"undone", []store.AuditRow{
			{Event: store.EventAsked}, {Event: store.EventConfirmed, Actor: "U2"}, {Event: store.EventUndone, Actor: "U2"},
		}, "undone by U2 after 3s", "-", "-", "-"},
		{"undone too late", []store.AuditRow{
			{Event: store.EventAsked}, {Event: store.EventConfirmed, Actor: "U2"}, {Event: store.EventUndoLate, Actor: "U3"},
		}, "confirmed by U2 after 2s, too late to undo for U3", "-", "-", "-"},
		{"changed", []store.AuditRow{
			{Event: store.EventAsked}, {Event: store.EventConfirmed, Actor: "U2"}, {Event: store.EventChanged, Detail: detail{"by": "next"}},
		}, "confirmed by U2 after 2s", "-", "meeting had changed; asked again as next", "-"},
		{"settled later", []store.AuditRow{
			{Event: store.EventAsked},
			{Event: store.EventConfirmed, Actor: "U2"},
			{Event: store.EventCalling, Detail: detail{"scope": "series"}},
			{Event: store.EventSettled, Detail: detail{"outcome": "unknown"}},
			{Event: store.EventReported, Detail: detail{"what": "final", "result": "sent"}},
			{Event: store.EventSettled, Detail: detail{"outcome": "cancelled"}},
			{Event: store.EventReported, Detail: detail{"what": "final", "result": "sent"}},
			{Event: store.EventNotified, Detail: detail{"result": "not_found"}},
		}, "confirmed by U2 after 2s", "cancel series", "cancelled", "card, owner not found"},
		{"invited people told", []store.AuditRow{
			{Event: store.EventReported, Detail: detail{"what": "thread", "result": "sent"}},
			{Event: store.EventInvited, Detail: detail{"told": "9", "people": "12", "not_found": "3"}},
		}, "-", "-", "-", "thread, 9 of 12 invited people"},
		{"several owners, one told twice", []store.AuditRow{
			{Event: store.EventNotified, Detail: detail{"result": "sent", "user": "U3"}},
			{Event: store.EventNotified, Detail: detail{"result": "own_action", "user": "U2"}},
			{Event: store.EventNotified, Detail: detail{"result": "not_found"}},
			{Event: store.EventNotified, Detail: detail{"result": "sent", "user": "U3"}},
		}, "-", "-", "-", "owner own action U2, owner not found, owner sent U3"},
		{"called twice", []store.AuditRow{
			{Event: store.EventCalling, Detail: detail{"scope": "meeting"}},
			{Event: store.EventCalling, Detail: detail{"scope": "meeting"}},
			{Event: store.EventSettled, Detail: detail{"outcome": "failed", "why": "unavailable"}},
		}, "-", "cancel meeting (2 times)", "failed (unavailable)", "-"},
		{"owner asked", []store.AuditRow{{Event: store.EventAskOwner, Detail: detail{"owner": "U3"}}}, "waiting for owner U3", "-", "-", "-"},
		{"owner muted the asker", []store.AuditRow{
			{Event: store.EventAskOwner, Detail: detail{"owner": "U3"}},
			{Event: store.EventDeclined, Actor: "U3"},
			{Event: store.EventMuted, Actor: "U3", Detail: detail{"asker": "U1", "until": "2026-12-31T12:00:00Z"}},
			{Event: store.EventReported, Detail: detail{"what": "asker", "result": "sent"}},
		}, "kept by U3 after 2s, don't ask again until 2026-12-31T12:00:00Z", "-", "-", "asker"},
		{"delegation used and revoked", []store.AuditRow{
			{Event: store.EventDelegated, Actor: "U1", Detail: detail{"receiver": "U2", "until": "2026-12-01T23:00:00Z"}},
			{Event: store.EventDelegationUsed, Actor: "U2", Meeting: "914087436", Detail: detail{"request": "a"}},
			{Event: store.EventDelegationUsed, Actor: "U2", Meeting: "914087437", Detail: detail{"request": "b"}},
			{Event: store.EventDelegationRevoked, Actor: "U1"},
		}, "delegated to U2 until 2026-12-01 23:00:00", "used 2 times, last for b", "revoked", "-"},
		{"delegation expired", []store.AuditRow{
			{Event: store.EventDelegated, Actor: "U1", Detail: detail{"receiver": "U2"}}, {Event: store.EventDelegationExpired},
		}, "delegated to U2", "-", "expired", "-"},
		{"delegation by a deactivated giver", []store.AuditRow{
			{Event: store.EventDelegated, Actor: "U1", Detail: detail{"receiver": "U2"}},
			{Event: store.EventDelegationRevoked, Detail: detail{"why": "giver_deactivated"}},
		}, "delegated to U2", "-", "ended (giver deactivated)", "-"},
		{"delegation, blanked", []store.AuditRow{
			{Event: store.EventDelegated, Digest: "d", Detail: detail{"until": "2026-12-01T23:00:00Z"}}, {Event: store.EventDelegationExpired},
		}, "delegated to (blanked) until 2026-12-01 23:00:00", "-", "expired", "-"},
		{"of a newer version", []store.AuditRow{{Event: "archived"}}, "-", "-", "-", "archived"},
	} {
		rows := append([]store.AuditRow{{Event: store.EventRequested, Actor: "U1", Request: "r"}}, tt.rows...)
		for i := range rows {
			rows[i].At = time.Unix(int64(i), 0)
		}
		s := summarize(rows)
		if got, want := [4]string{s.answer, s.called, s.outcome, s.told}, [4]string{tt.answer, tt.called, tt.outcome, tt.told}; got != want {
			t.Errorf("%s: summarize() = %q, want %q", tt.name, got, want)
		}
	}
}
