package handlers

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

const (
	listLength    = 15
	historyLength = 10
)

// list shows the upcoming and running meetings that a person may cancel.
func (h *Handlers) list(ctx context.Context, p bot.Person) (bot.Message, error) {
	all, err := h.theirMeetings(ctx, p)
	if err != nil {
		return h.views.Answer(p.Locale, Answer{Kind: LookupFailed, Class: classOf(err), Reference: meetingapi.RequestID(err)}), nil
	}
	if len(all) == 0 {
		return h.views.Answer(p.Locale, Answer{Kind: NothingToPick}), nil
	}
	rows := choices(all)
	more := max(0, len(rows)-listLength)
	return h.views.List(p.Locale, rows[more:], more), nil // latest first, so the soonest stand at the end
}

// pick offers the same meetings with a button each. The choices are stored, as
// many as are shown: a button says only which of them.
func (h *Handlers) pick(ctx context.Context, in *intake, p bot.Person) (bot.Message, error) {
	all, err := h.theirMeetings(ctx, p)
	if err != nil {
		return h.views.Answer(p.Locale, Answer{Kind: LookupFailed, Class: classOf(err), Reference: meetingapi.RequestID(err)}), nil
	}
	if len(all) == 0 {
		return h.views.Answer(p.Locale, Answer{Kind: NothingToPick}), nil
	}
	r := h.newRequest(*in, time.Now())
	r.Choices, r.More = offered(choices(all))
	r.Response = cancellation.Response{}
	err = h.store.Do(ctx, func(tx *store.Tx) error {
		_, err := tx.Insert(ctx, r)
		return err
	})
	if errors.Is(err, store.ErrDuplicate) {
		// An earlier run has stored it. The buttons count in its list, not in ours.
		stored, err := h.store.Request(ctx, r.ID)
		return h.views.Chooser(p.Locale, stored.Request), err
	}
	if err != nil {
		return bot.Message{}, err
	}
	return h.views.Chooser(p.Locale, r), nil
}

// theirMeetings are the meetings, running and upcoming, that a person may
// cancel: all of them for those on the lists, their own for everybody else.
func (h *Handlers) theirMeetings(ctx context.Context, p bot.Person) ([]cancellation.Meeting, error) {
	any, err := h.mayAny(ctx, p)
	if err != nil {
		return nil, err
	}
	var running, upcoming []meetingapi.Meeting
	var g errgroup.Group
	g.Go(func() (err error) {
		running, err = h.meetings.Running(ctx, meetingapi.ListOptions{All: true})
		return err
	})
	g.Go(func() (err error) {
		upcoming, err = h.meetings.Upcoming(ctx, meetingapi.ListOptions{All: true})
		return err
	})
	if err := g.Wait(); err != nil {
		return nil, err
	}
	all := distinct(append(running, upcoming...), time.Now())
	if any {
		return all, nil
	}
	return h.owned(ctx, p, all)
}

// distinct turns meetings into facts, each once: a running meeting may be among
// the upcoming ones too.
func distinct(found []meetingapi.Meeting, now time.Time) (all []cancellation.Meeting) {
	seen := map[meetingapi.ID]bool{}
	for _, m := range found {
		if !seen[m.ID] && !m.Webinar && m.State != meetingapi.Ended {
			seen[m.ID] = true
			all = append(all, facts(m, now))
		}
	}
	return all
}

// owned keeps the meetings whose owner is p. The owners' addresses are asked
// for together; what the service does not let this login see of them is unknown.
func (h *Handlers) owned(ctx context.Context, p bot.Person, all []cancellation.Meeting) ([]cancellation.Meeting, error) {
	var uuids []string
	for _, m := range all {
		if m.OwnerUUID != "" && !slices.Contains(uuids, m.OwnerUUID) {
			uuids = append(uuids, m.OwnerUUID)
		}
	}
	users, err := h.meetings.Users(ctx, uuids)
	if err != nil && !isAboutThePerson(err) {
		return nil, err
	}
	return slices.DeleteFunc(all, func(m cancellation.Meeting) bool { return !h.isOwner(p, m, users[m.OwnerUUID]) }), nil
}

// isOwner reports whether this person owns a meeting whose owner the service
// describes as u: by the operator's map where it says something, else by
// e-mail, as in findOwner. It only sorts a list; whether somebody may cancel is
// mayCancel's to say.
func (h *Handlers) isOwner(p bot.Person, m cancellation.Meeting, u meetingapi.User) bool {
	if m.OwnerUUID == "" {
		return false
	}
	who, mapped := h.rules.mapped(m.OwnerUUID, u.Account)
	if !mapped {
		who = cmp.Or(u.Email, m.OwnerEmail)
	}
	return who != "" && (strings.EqualFold(who, p.Email) || mapped && strings.EqualFold(who, string(p.ID)))
}

// history shows the last cancellations that a person may see: all of them to
// those on the lists; else what they asked for or own.
func (h *Handlers) history(ctx context.Context, in *intake, p bot.Person) (bot.Message, error) {
	any, err := h.mayAny(ctx, p)
	if err != nil {
		return bot.Message{}, err
	}
	f := store.HistoryFilter{Meeting: in.Command.Number}
	if !any {
		f.Person = string(p.ID)
	}
	rows, err := h.store.History(ctx, f, historyLength)
	if err != nil {
		return bot.Message{}, err
	}
	if len(rows) == 0 {
		return h.views.Answer(p.Locale, Answer{Kind: NothingInHistory}), nil
	}
	return h.views.History(p.Locale, rows), nil
}

// help explains the command to this person.
func (h *Handlers) help(ctx context.Context, p bot.Person) (bot.Message, error) {
	any, err := h.mayAny(ctx, p)
	if err != nil && !permanent(err) {
		return bot.Message{}, err
	}
	return h.views.Help(p.Locale, HelpFacts{
		Command: h.views.Command, MayAny: any, SecondPerson: h.rules.Second,
		Helpers: slices.Concat(h.rules.AllowUsers, h.rules.AllowGroups), Channels: h.rules.AllowChannels,
	}), nil
}

// find looks up what people type.
func (h *Handlers) find(ctx context.Context, number string) ([]meetingapi.Meeting, error) {
	ctx, cancel := context.WithTimeout(ctx, lookUpTime)
	defer cancel()
	return h.meetings.Find(ctx, number)
}
