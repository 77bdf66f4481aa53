package invited

import (
	"context"
	"strings"
	"time"

	"meetingbot/handlers/step"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// Limits of reading who is invited, while the card says "Working…".
const (
	gatherTime  = 6 * time.Second
	gatherRuns  = 2     // attempts, before the meeting is cancelled without telling anyone
	mostInvited = 2_000 // rows to read
)

// Gather is the step between a confirmation and its call, if invited people are to be told.
// It stores their addresses, because they can't be read after the call. If they can't be
// read before it either, the meeting is cancelled all the same.
func Gather(ctx context.Context, t *step.Task) error {
	r := t.R
	hand, handed := t.Carry.(*step.Handoff)
	if !handed {
		hand = &step.Handoff{Request: r}
	}
	if r.State != cancellation.Confirmed {
		return nil // undone
	}
	if r.Over(t.Store.Now()) {
		return t.Done(ctx, []jobs.Job{{Step: step.CancelStep, Subject: t.Subject, Carry: hand}}, nil) // the meeting is over, so nobody is told
	}
	limited, cancel := context.WithTimeout(ctx, gatherTime)
	list, err := t.Meetings.Invitees(limited, meetingapi.ID(r.Meeting.ID), mostInvited)
	cancel()
	gone := step.IsGone(meetingapi.Meeting{}, err)
	if err != nil && !gone && !step.Permanent(err) && t.Attempt+1 < gatherRuns {
		return step.RetryLater(err)
	}
	if err != nil && !gone {
		t.Logger(r.Request).WarnContext(ctx, "could not read who is invited; the meeting is cancelled without telling them", "error", err)
	}
	if list.Meeting.ID != "" { // the latest reading of it
		hand.Reading = step.Resolved(list.Meeting, nil)
	}
	return save(ctx, t, hand, list, err)
}

// save stores the recipients and enqueues the step that tells them, which deletes the
// addresses again whether or not the request succeeds.
func save(ctx context.Context, t *step.Task, hand *step.Handoff, list meetingapi.InviteeList, unread error) error {
	r := hand.Request
	emails := addresses(list.Invitees)
	next := []jobs.Job{{Step: step.CancelStep, Subject: string(r.ID), Carry: hand}}
	if len(emails) > 0 && r.Parent == "" { // the recipients of all parts are told together
		next = append(next, jobs.Job{Step: step.TellInvitedStep, Subject: string(r.ID), Due: t.Store.Now().Add(tellPause)})
	}
	err := t.Done(ctx, next, func(tx *store.Tx) error {
		err := step.Change(ctx, tx, &r, func(r *store.Request) error {
			if r.State != cancellation.Confirmed {
				return store.ErrConflict
			}
			r.Telling = telling(r.Meeting, list, len(emails), unread)
			return nil
		})
		hand.Request = r
		if err != nil {
			return err
		}
		return tx.Invited.AddEmails(ctx, r.ID, emails)
	})
	return step.IgnoreConflict(err) // undone
}

// telling returns what is known about the invited people before anyone is told.
func telling(m cancellation.Meeting, list meetingapi.InviteeList, addresses int, unread error) cancellation.Telling {
	t := cancellation.Telling{Wanted: true, People: list.Total.Or(len(list.Invitees))}
	if m.InvitedKnown {
		t.People = m.Invited // as the card has said
	}
	switch {
	case unread != nil:
		t.Result = cancellation.TellUnread
	case addresses == 0 && t.People > 0:
		t.Result = cancellation.TellDone
	}
	return t
}

// addresses returns the addresses to look up in Slack, each once, without those of room
// systems and telephones.
func addresses(invitees []meetingapi.Invitee) (emails []string) {
	seen := map[string]bool{}
	for _, i := range invitees {
		email := strings.ToLower(strings.TrimSpace(i.Email))
		if seen[email] || i.Type == meetingapi.InviteeRoom || i.Type == meetingapi.InviteePhone || !strings.Contains(email, "@") {
			continue
		}
		seen[email] = true
		emails = append(emails, email)
	}
	return emails
}
