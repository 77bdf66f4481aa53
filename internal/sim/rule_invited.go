package sim

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/store"
)

// checkInvited: if the invited people are to be told of a removal, each is told once, and
// no one else is.
func (w *world) checkInvited(r record) {
	for _, person := range everybody {
		for _, d := range w.slack.DMs(person) {
			id, kind, _ := strings.Cut(effectOf(d), "/")
			if q := r.requests[id]; isInvited(kind) && (w.config.TellInvited == cancellation.TellNever || !w.wasInvited(r, q, person)) {
				w.fail("e: false", "@%s is told about an invitation by request %s, which is %s", person, short(id), q.Outcome)
			}
		}
	}
	for _, q := range r.requests {
		if q.Batch == nil && q.Outcome.Removed() {
			w.checkToldInvited(q)
		}
	}
}

// isInvited reports whether an effect is a message to an invited person. A card for several
// meetings may tell people in rounds, each with an effect of its own.
func isInvited(kind string) bool { return kind == "invited" || strings.HasPrefix(kind, "invited/") }

// wasInvited reports whether a person was invited to a meeting that the request, or one of its
// parts, has removed.
func (w *world) wasInvited(r record, q store.Request, person string) bool {
	if q.Batch == nil {
		return q.Outcome.Removed() && slices.Contains(w.invited(q), person)
	}
	for _, part := range r.requests {
		if part.Parent == q.ID && w.wasInvited(r, part, person) {
			return true
		}
	}
	return false
}

// invited returns the invited people in the workspace who get no other message about it.
func (w *world) invited(q store.Request) (all []string) {
	for _, u := range people {
		for _, i := range w.guests[q.Meeting.ID] {
			asked := q.For != "" && u.ID == q.Asker // is told how their question ended
			if i.Email == u.Email && u.ID != carol && u.ID != q.ConfirmedBy && !asked {
				all = append(all, u.ID)
			}
		}
	}
	return all
}

// checkToldInvited: each invited person has exactly one message, and the thread gives
// the number.
func (w *world) checkToldInvited(q store.Request) {
	told, teller := 0, cmp.Or(q.Parent, q.ID) // one message for all meetings cancelled together
	for _, person := range w.invited(q) {
		n := w.countToldInvited(person, string(teller), q)
		switch {
		case n == 0 && !w.everLost(person, deactivated, madeGuest) && w.config.TellInvited == cancellation.TellAlways && q.Telling.Result != cancellation.TellUnread:
			w.fail("d: invited", "request %s is %s, but @%s, who was invited, was not told", short(string(q.ID)), q.Outcome, person)
		case n > 1 && w.exactlyOnce():
			w.fail("d: invited", "@%s, who was invited, was told %d times about request %s", person, n, short(string(q.ID)))
		}
		told += min(n, 1)
	}
	if w.met["unsure chat.postMessage"] > 0 || q.Parent != "" {
		return
	}
	for _, m := range w.slack.Thread(slacksim.Ref{Channel: q.Card.Channel, TS: q.Card.TS}, q.Asker) {
		w.checkNumber(q, m, told)
	}
}

// countToldInvited counts a person's messages about an invitation that come from a card and name the
// request's meeting.
func (w *world) countToldInvited(person, card string, q store.Request) (n int) {
	for _, d := range w.slack.DMs(person) {
		id, kind, _ := strings.Cut(effectOf(d), "/")
		if id == card && isInvited(kind) && strings.Contains(strings.ReplaceAll(d.Plain(), " ", ""), q.Meeting.Number) {
			n++
		}
	}
	return n
}

var ofInvited = regexp.MustCompile(`(\d+) of (\d+) invited (?:person|people)`)

// checkNumber: the reply gives the number of people told, out of all who were invited.
func (w *world) checkNumber(q store.Request, m slacksim.Message, told int) {
	found := ofInvited.FindStringSubmatch(m.Plain())
	if found == nil || effectOf(m) != string(q.ID)+"/thread" {
		return
	}
	if all := len(w.guests[q.Meeting.ID]); found[1] != strconv.Itoa(told) || found[2] != strconv.Itoa(all) {
		w.fail("e: false", "the thread of request %s says %q, but it is %d of %d", short(string(q.ID)), found[0], told, all)
	}
}
