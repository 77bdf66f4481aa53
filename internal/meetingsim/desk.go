package meetingsim

import (
	"slices"
	"time"
)

// The vendor's rules for tokens and passwords. The allowed number of wrong passwords isn't
// documented; five is common.
const (
	tokenHeader    = "X-Access-Token"
	apiClient      = 72
	apiClientLimit = 64 // live tokens of one user with clientType 72; another one invalidates the oldest
	refreshLife    = 30 * 24 * time.Hour
	wrongPasswords = 5
	lockOut        = 5 * time.Minute
)

// A ticket is an access token and the refresh token issued with it.
type ticket struct {
	access, refresh string
	user            *User
	client          int
	issued, expires time.Time
	refreshExpires  time.Time
}

// desk handles logins and keeps the tickets.
type desk struct {
	live    []*ticket         // in order of issue
	dead    map[string]string // access token → the code it is refused with
	rooms   map[string]pass   // tokens of the control API
	lockups map[string]*lockup
}

// lockup counts the wrong passwords of one account.
type lockup struct {
	wrong int
	until time.Time
}

func newDesk() desk {
	return desk{dead: map[string]string{}, rooms: map[string]pass{}, lockups: map[string]*lockup{}}
}

// issue makes a ticket and drops the user's oldest one if there are too many.
func (d *desk) issue(u *User, client int, now time.Time, life time.Duration) *ticket {
	t := &ticket{
		access: "cnr" + (hexID() + hexID())[:37], refresh: "cnr" + (hexID() + hexID())[:37], user: u, client: client,
		issued: now, expires: now.Add(life), refreshExpires: now.Add(refreshLife),
	}
	d.live = append(d.live, t)
	d.dropOldest(t, now)
	return t
}

// dropOldest drops the oldest tickets of the newcomer's user and client until they are within the
// limit.
func (d *desk) dropOldest(newcomer *ticket, now time.Time) {
	limit := 1
	if newcomer.client == apiClient {
		limit = apiClientLimit
	}
	var same []*ticket
	for _, t := range d.live {
		if t.user.UUID == newcomer.user.UUID && t.client == newcomer.client && now.Before(t.expires) {
			same = append(same, t)
		}
	}
	for len(same) > limit {
		d.end(same[0].access, usgKicked) // by another login
		same = same[1:]
	}
}

// end invalidates a live access token, which is then refused with code.
func (d *desk) end(access, code string) {
	d.live = slices.DeleteFunc(d.live, func(t *ticket) bool {
		if t.access != access {
			return false
		}
		d.dead[access] = code
		return true
	})
}

// find returns the live ticket of an access token, or the code it is refused with.
func (d *desk) find(access string, now time.Time) (*ticket, string) {
	if code, known := d.dead[access]; known {
		return nil, code
	}
	i := slices.IndexFunc(d.live, func(t *ticket) bool { return t.access == access })
	switch {
	case i < 0:
		return nil, usgIllegal
	case !now.Before(d.live[i].expires):
		return nil, usgInvalidToken
	}
	return d.live[i], ""
}

// locked reports whether the account is locked.
func (d *desk) locked(account string, now time.Time) bool {
	l := d.lockups[account]
	return l != nil && now.Before(l.until)
}

// wrong counts a wrong password.
func (d *desk) wrong(account string, now time.Time) {
	l := d.lockups[account]
	if l == nil {
		l = &lockup{}
		d.lockups[account] = l
	}
	if l.wrong++; l.wrong >= wrongPasswords {
		l.wrong, l.until = 0, now.Add(lockOut)
	}
}
