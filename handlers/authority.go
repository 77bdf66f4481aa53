package handlers

import (
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
)

// everybody stands for all people in ALLOW_USERS, and for all places in
// ALLOW_CHANNELS. It must be written; nothing means nobody.
const everybody = "*"

// admit says whether a person may use the command at all, here. It returns nil
// or the answer that refuses. Guests and people of other workspaces never may,
// whatever the lists say: neither those whom Slack calls so when asked, nor those
// whom what they did brought from elsewhere.
func (h *Handlers) admit(ctx context.Context, in *intake, p bot.Person, channel string) (*Answer, error) {
	us, err := h.bot.Identify(ctx)
	if err != nil {
		return nil, err
	}
	switch {
	case p.Stranger, !sameOrganisation(p, us), in.isForeign(us):
		return &Answer{Kind: Stranger}, nil
	case p.Guest:
		return &Answer{Kind: Guest}, nil
	case p.Deleted, p.Bot:
		return h.notAllowed(NotAllowed), nil
	case len(h.rules.AllowChannels) > 0 && !slices.Contains(h.rules.AllowChannels, channel) &&
		!slices.Contains(h.rules.AllowChannels, everybody):
		return &Answer{Kind: WrongChannel, Channels: h.rules.AllowChannels}, nil
	}
	return nil, nil
}

// sameOrganisation reports whether p belongs to the workspace that the bot is
// installed in, or to its organisation. People met in a shared channel are no
// strangers to Slack: only their team and organisation tell them from ours.
//
// Where Slack's answer has neither, which its page does not provide for, the
// flags of guests and strangers decide alone: else a field that is left out for
// everybody would shut everybody out.
func sameOrganisation(p bot.Person, us bot.Identity) bool {
	switch {
	case p.Team == "" && p.Enterprise == "":
		return true
	case p.Team != "" && p.Team == us.Team:
		return true
	}
	// In an organisation people may have another workspace, or the whole of it, for a team.
	return us.Enterprise != "" && (p.Enterprise == us.Enterprise || string(p.Team) == us.Enterprise)
}

// isForeign reports whether what somebody did came from another workspace than
// the bot's, and not from another one of its organisation. What Slack leaves out
// of it decides nothing: who the person is was asked besides.
func (in *intake) isForeign(us bot.Identity) bool {
	switch {
	case in.Team == "", us.Team == "", in.Team == string(us.Team):
		return false
	case us.Enterprise == "":
		return true
	}
	return in.Team != us.Enterprise && in.Enterprise != "" && in.Enterprise != us.Enterprise
}

// mayAny reports whether a person is on one of the lists of those who may
// cancel any meeting.
func (h *Handlers) mayAny(ctx context.Context, p bot.Person) (bool, error) {
	if slices.Contains(h.rules.AllowUsers, string(p.ID)) || slices.Contains(h.rules.AllowUsers, everybody) {
		return true, nil
	}
	if slices.Contains(h.rules.AllowGroups, everybody) {
		return true, nil
	}
	var failed error
	for _, g := range h.rules.AllowGroups {
		members, err := h.bot.GroupMembers(ctx, bot.GroupID(g))
		if err != nil {
			// One broken group must not open the door, nor close it to the
			// members of another.
			failed = errors.Join(failed, err)
			continue
		}
		if slices.Contains(members, p.ID) {
			return true, nil
		}
	}
	if failed != nil && bot.Permanent(failed) {
		h.log.ErrorContext(ctx, "a user group of ALLOW_USERGROUPS cannot be read; its members are refused", "error", failed)
		return false, nil
	}
	return false, failed
}

// A right is why somebody may cancel a meeting.
type right int

// The rights.
const (
	noRight  right = iota
	asOwner        // it is their own meeting
	asListed       // they are on a list of those who may cancel any
)

// mayCancel says by what right a person may cancel this meeting: those on the
// lists any, owners their own. Without a right it returns the answer that
// refuses.
func (h *Handlers) mayCancel(ctx context.Context, p bot.Person, m cancellation.Meeting) (right, *Answer, error) {
	listed, err := h.mayAny(ctx, p)
	if err != nil {
		return noRight, nil, err
	}
	if listed {
		return asListed, nil, nil
	}
	owner, err := h.ownerOf(ctx, m)
	switch {
	case err != nil:
		return noRight, nil, err
	case owner.found && owner.person.ID == p.ID:
		return asOwner, nil, nil
	case owner.found:
		return noRight, h.notAllowed(NotAllowed), nil
	default:
		return noRight, h.notAllowed(NotAllowedOwnerUnknown), nil
	}
}

// tooSoon refuses owners what starts within LEAD_TIME: then only those on the
// lists may. It returns nil or the answer that refuses.
func (h *Handlers) tooSoon(as right, r cancellation.Request, now time.Time) *Answer {
	if as != asOwner || h.rules.LeadTime <= 0 {
		return nil
	}
	if !slices.ContainsFunc(r.Starts(), func(start time.Time) bool {
		return now.Before(start) && !now.Before(start.Add(-h.rules.LeadTime))
	}) {
		return nil
	}
	a := h.notAllowed(LeadTime)
	a.Wait = h.rules.LeadTime
	return a
}

// notAllowed is a refusal that says who can help.
func (h *Handlers) notAllowed(k AnswerKind) *Answer {
	return &Answer{Kind: k, Users: h.rules.AllowUsers, Groups: h.rules.AllowGroups}
}
