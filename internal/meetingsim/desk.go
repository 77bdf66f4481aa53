package meetingsim

import (
	"slices"
	"time"
)

// The vendor's rules for tokens and passwords. The number of wrong passwords is not
// documented; five is common.
const (
	tokenHeader    = "X-Access-Token"
	apiClient      = 72
	apiClientLimit = 64 // live tokens of one user with clientType 72; the next kills the oldest
	refreshLife    = 30 * 24 * time.Hour
	wrongPasswords = 5
	lockOut        = 5 * time.Minute
)

// A ticket is an access token with the refresh token that was issued beside it.
type ticket struct {
	access, refresh string
	user            *User
	client          int
	issued, expires time.Time
	refreshExpires  time.Time
}

// desk judges logins and keeps tickets.
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

// issue makes a ticket and, if the user has too many, drops the oldest.
func (d *desk) issue(u *User, client int, now time.Time, life time.Duration) *ticket {
	t := &ticket{
		access: "cnr" + (hexID() + hexID())[:37], refresh: "cnr" + (hexID() + hexID())[:37], user: u, client: client,
		issued: now, expires: now.Add(life), refreshExpires: now.Add(refreshLife),
	}
	d.live = append(d.live, t)
	d.crowd(t, now)
	return t
}

// crowd drops the newcomer's oldest tickets until the user and client have no more
// than allowed.
func (d *desk) crowd(newcomer *ticket, now time.Time) {
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
		d.kick(same[0].access)
		same = same[1:]
	}
}

// kick marks an access token as replaced by another login.
func (d *desk) kick(access string) { d.end(access, usgKicked) }

// end makes a live access token refused with code; unknown ones stay as they are.
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

// locked reports whether an account is locked out.
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
