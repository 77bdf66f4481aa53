package audit

import (
	"testing"
	"time"

	"meetingbot/internal/store"
)

// TestTell tells every way in which a request can end.
func TestTell(t *testing.T) {
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
		{"changed", []store.AuditRow{
			{Event: store.EventAsked}, {Event: store.EventConfirmed, Actor: "U2"}, {Event: store.EventChanged, Detail: detail{"by": "next"}},
		}, "confirmed by U2 after 2s", "-", "meeting had changed; asked anew as next", "-"},
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
		{"called twice", []store.AuditRow{
			{Event: store.EventCalling, Detail: detail{"scope": "meeting"}},
			{Event: store.EventCalling, Detail: detail{"scope": "meeting"}},
			{Event: store.EventSettled, Detail: detail{"outcome": "failed", "why": "unavailable"}},
		}, "-", "cancel meeting (2 times)", "failed (unavailable)", "-"},
		{"of a newer version", []store.AuditRow{{Event: "archived"}}, "-", "-", "-", "archived"},
	} {
		rows := append([]store.AuditRow{{Event: store.EventRequested, Actor: "U1", Request: "r"}}, tt.rows...)
		for i := range rows {
			rows[i].At = time.Unix(int64(i), 0)
		}
		s := tell(rows)
		if got, want := [4]string{s.answer, s.called, s.outcome, s.told}, [4]string{tt.answer, tt.called, tt.outcome, tt.told}; got != want {
			t.Errorf("%s: tell() = %q, want %q", tt.name, got, want)
		}
	}
}
