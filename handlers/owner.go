package handlers

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/meetingapi"
)

// ownerMemory is how long an owner that was looked up is remembered: from the
// card to the message that tells them, usually. What it decides about authority
// is bounded by it.
const ownerMemory = time.Minute

// An owner is the owner of a meeting as Slack knows them. The zero owner is
// nobody that could be found.
type owner struct {
	found  bool
	person bot.Person
}

// owners remembers owners for a short while, so that the one looked
// up while the card is posted is at hand when the button is pressed.
type owners struct {
	lookUp func(context.Context, cancellation.Meeting) (owner, error)
	flight singleflight.Group

	mu    sync.Mutex
	known map[string]knownOwner
}

type knownOwner struct {
	owner
	until time.Time
}

// ownerOf finds the owner of a meeting in Slack. Not finding one is a result,
// not an error; an error means that somebody could not be asked.
func (h *Handlers) ownerOf(ctx context.Context, m cancellation.Meeting) (owner, error) {
	key := m.OwnerUUID + "\x00" + m.OwnerEmail
	if o, ok := h.owners.recall(key, time.Now()); ok {
		return o, nil
	}
	found := h.owners.flight.DoChan(key, func() (any, error) {
		// The look-up is shared, so it must not end with the first of those who wait.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookUpTime)
		defer cancel()
		o, err := h.owners.lookUp(ctx, m)
		if err == nil {
			h.owners.remember(key, o, time.Now())
		}
		return o, err
	})
	select {
	case res := <-found:
		o, _ := res.Val.(owner)
		return o, res.Err
	case <-ctx.Done():
		return owner{}, ctx.Err()
	}
}

// findOwnerBeside looks the owner of a meeting up, only to have them at hand: for
// the authority of who asks, and for the message when it is cancelled.
func (h *Handlers) findOwnerBeside(m cancellation.Meeting) {
	h.beside(lookUpTime, func(ctx context.Context) { _, _ = h.ownerOf(ctx, m) })
}

// findOwner asks the map, then the meeting service, then Slack. What decides is
// one exact address: a display name never does.
func (h *Handlers) findOwner(ctx context.Context, m cancellation.Meeting) (owner, error) {
	if m.OwnerUUID == "" {
		return owner{}, nil
	}
	if who, ok := h.rules.mapped(m.OwnerUUID); ok {
		return h.inSlack(ctx, who)
	}
	user, err := h.meetings.User(ctx, m.OwnerUUID)
	if err != nil && !isAboutThePerson(err) {
		return owner{}, err
	}
	if who, ok := h.rules.mapped(user.Account); ok {
		return h.inSlack(ctx, who)
	}
	address := user.Email
	if address == "" {
		address = m.OwnerEmail
	}
	return h.inSlack(ctx, address)
}

// mapped returns what the operator's map says about the first of these names
// that it knows.
func (r Rules) mapped(names ...string) (who string, ok bool) {
	for _, name := range names {
		if who, ok := r.OwnerMap[strings.ToLower(strings.TrimSpace(name))]; ok && name != "" {
			return who, true
		}
	}
	return "", false
}

// isAboutThePerson reports whether the service has answered, and said that this
// user is unknown or hidden.
func isAboutThePerson(err error) bool {
	return meetingapi.IsNotFound(err) || meetingapi.IsDenied(err) || meetingapi.ClassOf(err) == meetingapi.ClassBadRequest
}

// inSlack finds a person by Slack user id or e-mail.
func (h *Handlers) inSlack(ctx context.Context, who string) (owner, error) {
	if who == "" {
		return owner{}, nil
	}
	var p bot.Person
	var err error
	if strings.Contains(who, "@") {
		p, err = h.byEmail(ctx, who)
	} else {
		p, err = h.bot.Person(ctx, bot.UserID(who))
	}
	switch {
	case errors.Is(err, bot.ErrNoSuchPerson):
		return owner{}, nil
	case err != nil:
		return owner{}, err
	case p.Deleted, p.Bot, p.Stranger:
		return owner{}, nil
	}
	return owner{found: true, person: p}, nil
}

// byEmail finds the person with this address, and their language, which the
// look-up by address does not always tell.
func (h *Handlers) byEmail(ctx context.Context, address string) (bot.Person, error) {
	p, err := h.bot.PersonByEmail(ctx, address)
	if err != nil || p.Locale != "" {
		return p, err
	}
	full, err := h.bot.Person(ctx, p.ID)
	if err != nil {
		return p, nil //nolint:nilerr // only the language is missing, and there is one for everybody
	}
	return full, nil
}

func (o *owners) recall(key string, now time.Time) (owner, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	k, ok := o.known[key]
	return k.owner, ok && now.Before(k.until)
}

func (o *owners) remember(key string, found owner, now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.known == nil || len(o.known) > 10_000 { // forgetting all is simpler than forgetting well, and as rare as it looks
		o.known = map[string]knownOwner{}
	}
	o.known[key] = knownOwner{owner: found, until: now.Add(ownerMemory)}
}
