package access

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/background"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/memo"
	"meetingbot/meetingapi"
)

// An OwnerInSlack is a meeting's owner in Slack. The zero value means that the owner was not
// found.
type OwnerInSlack struct {
	Found    bool
	Person   bot.Person
	LookedUp string // the address or Slack user id that was looked up; empty if no source names the owner
	Mapped   bool   // by the operator
	Shared   bool   // not found because more than one meeting account may have the address
}

// isNot reports whether who is certainly not this owner, who was not found in Slack: another
// person's address or id was looked up.
func (o OwnerInSlack) isNot(who bot.Person) bool {
	if strings.Contains(o.LookedUp, "@") {
		return who.Email != "" && !strings.EqualFold(o.LookedUp, who.Email)
	}
	return o.LookedUp != "" && o.LookedUp != string(who.ID)
}

// Directory is the meeting service's user directory.
type Directory interface {
	User(ctx context.Context, uuid string) (meetingapi.User, error)
	UserByEmail(ctx context.Context, email string) (meetingapi.User, error)
	Member(ctx context.Context, account string) (meetingapi.User, error)
}

// People is what Slack says about people.
type People interface {
	Person(ctx context.Context, id bot.UserID) (bot.Person, error)
	PersonByEmail(ctx context.Context, email string) (bot.Person, error)
}

// Owners finds the owners of meetings in Slack. Make it with [NewOwners].
type Owners struct {
	directory  Directory
	people     People
	byAccount  map[string]string             // OWNER_MAP: account or user UUID in lower case → Slack user id or e-mail
	background *background.Group             // look-ups without a waiting caller
	known      *memo.Memo[string, ownerName] // of a meeting
	shared     *memo.Memo[string, bool]      // address → more than one account may have it
}

// ownerName is the name under which to look up an owner in Slack.
type ownerName struct {
	who    string // address or Slack user id; may be empty
	mapped bool   // by the operator
}

// ownerTTL is how long a meeting's owner is cached: usually from the card to the message that
// tells them. It also bounds how old a look-up may be and still count as authority if the
// directory can't be asked again.
const ownerTTL = time.Minute

// NewOwners returns an Owners that looks in the operator's map, then in the meeting service,
// then in Slack.
func NewOwners(d Directory, p People, ownerMap map[string]string) *Owners {
	return &Owners{
		directory: d, people: p, byAccount: ownerMap, background: background.New(),
		known: memo.New[string, ownerName](ownerTTL, 10_000), shared: memo.New[string, bool](ownerTTL, 10_000),
	}
}

// Of finds a meeting's owner in Slack. Not finding one is a result, not an error: it means
// that every source answered. An error means that some source did not. [bot.FreshSince] limits
// how old the answers may be, the directory's included.
func (o *Owners) Of(ctx context.Context, m cancellation.Meeting) (OwnerInSlack, error) {
	key := m.OwnerUUID + "\x00" + m.OwnerEmail
	n, err := o.known.GetSince(ctx, key, bot.FreshnessOf(ctx), bot.FreshTimeout(ctx), gotNoAnswer, func(ctx context.Context) (ownerName, error) { return o.find(ctx, m) })
	if err != nil {
		return OwnerInSlack{}, err
	}
	owner, err := o.inSlack(ctx, n.who)
	owner.Mapped = n.mapped
	return owner, err
}

// RequireUnique returns owner, a result of Of, as not found if more than one meeting account may
// have their address: then nobody knows which of them is theirs. The operator's map settles that. A
// login that may not search the directory can't find out.
func (o *Owners) RequireUnique(ctx context.Context, owner OwnerInSlack) (OwnerInSlack, error) {
	if !owner.Found || owner.Mapped {
		return owner, nil
	}
	shared, err := o.shared.GetSince(ctx, strings.ToLower(owner.LookedUp), bot.FreshnessOf(ctx), bot.FreshTimeout(ctx), gotNoAnswer, func(ctx context.Context) (bool, error) {
		_, err := o.directory.UserByEmail(ctx, owner.LookedUp)
		if meetingapi.IsNotFound(err) || meetingapi.IsDenied(err) || meetingapi.IsAmbiguous(err) {
			return meetingapi.IsAmbiguous(err), nil
		}
		return false, err
	})
	if shared {
		owner = OwnerInSlack{LookedUp: owner.LookedUp, Shared: true}
	}
	return owner, err
}

// gotNoAnswer reports whether a look-up failed because the directory did not answer, so that it
// says nothing about the owner.
func gotNoAnswer(err error) bool {
	return meetingapi.IsThrottled(err) || meetingapi.IsUnavailable(err) || errors.Is(err, context.DeadlineExceeded)
}

// Close ends look-ups in progress and waits for them.
func (o *Owners) Close() {
	o.background.Close()
	o.known.Close()
	o.shared.Close()
}

// find asks the operator's map, then the meeting service. Only an exact address decides, never
// a display name.
func (o *Owners) find(ctx context.Context, m cancellation.Meeting) (ownerName, error) {
	if m.OwnerUUID == "" {
		return ownerName{}, nil
	}
	if who, ok := o.mapped(m.OwnerUUID); ok {
		return ownerName{who, true}, nil
	}
	user, err := o.directory.User(ctx, m.OwnerUUID)
	if err != nil && !meetingapi.IsUserUnknown(err) {
		return ownerName{}, err
	}
	if who, ok := o.mapped(user.Account); ok {
		return ownerName{who, true}, nil
	}
	return ownerName{who: cmp.Or(user.Email, m.OwnerEmail)}, nil
}

// AccountsOf returns the user UUIDs of a person's meeting accounts: those that the operator's
// map gives them, and the one with their address, unless the map gives that to another person;
// a person who has left keeps it even then. Having none is a valid result. If they have none but
// those that share their address, the error is [meetingapi.IsAmbiguous].
func (o *Owners) AccountsOf(ctx context.Context, p bot.Person) (uuids []string, err error) {
	for name, who := range o.byAccount {
		if !strings.EqualFold(who, p.Email) && who != string(p.ID) {
			continue
		}
		switch u, err := o.directory.Member(ctx, name); {
		case err == nil:
			uuids = append(uuids, u.UUID)
		case meetingapi.IsNotFound(err):
			uuids = append(uuids, name) // the map may have a UUID instead of an account
		default:
			return nil, err
		}
	}
	if p.Email == "" {
		return uuids, nil
	}
	switch u, err := o.directory.UserByEmail(ctx, p.Email); {
	case err == nil:
		if left := p.ID == "" || p.Deleted; left || o.IsOwner(p, cancellation.Meeting{OwnerUUID: u.UUID}, u) {
			uuids = append(uuids, u.UUID)
		}
	case meetingapi.IsAmbiguous(err) && len(uuids) > 0:
	case !meetingapi.IsNotFound(err):
		return nil, err
	}
	slices.Sort(uuids)
	return slices.Compact(uuids), nil
}

// IsOwner reports whether a person owns a meeting whose owner the service describes as u. Use it
// only to sort lists; [Policy.May] decides who may cancel.
func (o *Owners) IsOwner(p bot.Person, m cancellation.Meeting, u meetingapi.User) bool {
	if m.OwnerUUID == "" {
		return false
	}
	who, mapped := o.mapped(m.OwnerUUID, u.Account)
	if !mapped {
		who = cmp.Or(u.Email, m.OwnerEmail)
	}
	return who != "" && (strings.EqualFold(who, p.Email) || mapped && strings.EqualFold(who, string(p.ID)))
}

// mapped returns the operator's entry for the first of these names that has one.
func (o *Owners) mapped(names ...string) (who string, ok bool) {
	for _, name := range names {
		if who, ok := o.byAccount[strings.ToLower(strings.TrimSpace(name))]; ok && name != "" {
			return who, true
		}
	}
	return "", false
}

// inSlack finds a person by Slack user id or e-mail address.
func (o *Owners) inSlack(ctx context.Context, who string) (OwnerInSlack, error) {
	if who == "" {
		return OwnerInSlack{}, nil
	}
	var p bot.Person
	var err error
	if strings.Contains(who, "@") {
		p, err = o.byEmail(ctx, who)
	} else {
		p, err = o.people.Person(ctx, bot.UserID(who))
	}
	switch {
	case errors.Is(err, bot.ErrNoSuchPerson):
		return OwnerInSlack{LookedUp: who}, nil
	case err != nil:
		return OwnerInSlack{}, err
	case p.Deleted, p.Bot, p.External:
		return OwnerInSlack{LookedUp: who}, nil
	}
	return OwnerInSlack{Found: true, Person: p, LookedUp: who}, nil
}

// byEmail finds the person with this address. Slack's look-up by address doesn't always return
// their language, so it may take a second call.
func (o *Owners) byEmail(ctx context.Context, address string) (bot.Person, error) {
	p, err := o.people.PersonByEmail(ctx, address)
	if err != nil || p.Locale != "" {
		return p, err
	}
	full, err := o.people.Person(ctx, p.ID)
	if err != nil {
		return p, nil //nolint:nilerr // only the language is missing, which has a default
	}
	return full, nil
}

// Prepare looks up a meeting's owner in the background: they are needed to decide about the
// person who presses, and to tell the owner once the meeting is cancelled.
func (o *Owners) Prepare(ctx context.Context, m cancellation.Meeting) {
	o.background.Go(ctx, prepareTime, func(ctx context.Context) { _, _ = o.Of(ctx, m) }) // fills the cache; a caller who needs the owner sees the error
}

const prepareTime = 8 * time.Second
