package meetingapi

import (
	"context"
	"net/url"
	"strings"

	"meetingbot/meetingapi/internal/wire"
)

// membersRead limits how many people UserByEmail looks at. The service searches for
// parts of names, accounts and addresses, so a whole address matches few people.
const membersRead = 10 * usersAtOnce

// UserByEmail finds the one person of the enterprise with this e-mail, in any letter
// case; it needs an enterprise administrator's login. The error is IsNotFound if
// nobody has it, and IsAmbiguous if several people do or if there are too many
// similar ones to rule that out: an address that isn't one person's must not decide
// whose meetings are meant. People whose address the directory hides are not found.
//
// The call is SearchUsers of Huawei's SDK; it has no public page.
func (r *Reader) UserByEmail(ctx context.Context, email string) (User, error) {
	email = strings.TrimSpace(email)
	fault := func(class Class, message string) (User, error) {
		return User{}, &Error{Op: OpUserByEmail, Target: email, Class: class, Message: message, final: true}
	}
	if name, host, ok := strings.Cut(email, "@"); !ok || name == "" || host == "" {
		return fault(ClassBadRequest, "no e-mail address; nothing was sent")
	}
	got, err := r.members(ctx, email)
	if err != nil {
		return User{}, err
	}
	if got.err != nil {
		return User{}, got.err
	}
	var found []User
	for _, u := range got.rows {
		if strings.EqualFold(u.Email, email) {
			found = append(found, u)
		}
	}
	switch {
	case got.more:
		return fault(ClassAmbiguous, "too many similar users")
	case len(found) == 0:
		return fault(ClassNotFound, "no user with this e-mail")
	case len(found) > 1:
		return fault(ClassAmbiguous, "several users with this e-mail")
	}
	return found[0], nil
}

// members searches the directory. The service may report it as an error if nobody
// matches.
func (r *Reader) members(ctx context.Context, key string) (parts[User], error) {
	read := func(ctx context.Context, offset, limit int) (part[User], error) {
		var p part[User]
		q := paged(url.Values{"searchKey": {key}}, offset, limit)
		err := r.s.read(ctx, get(OpUserByEmail, key, "/v1/usg/dcs/corp/member", q), func(answer reply) (err error) {
			p, err = answer.members()
			return err
		})
		return p, err
	}
	same := func(u User) any { return u.UUID }
	return pager[User]{most: membersRead, size: usersAtOnce, read: read, key: same}.turn(ctx)
}

// members reads a page of the directory.
func (r reply) members() (part[User], error) {
	var w wire.Page[wire.User]
	if err := r.decode(&w); err != nil {
		return part[User]{}, err
	}
	if w.Silent() {
		return part[User]{}, r.nonsense("list without rows")
	}
	p := part[User]{length: w.Length(), limit: w.Limit, total: count(w.Count)}
	for _, row := range w.Data.Rows {
		if row.ID == "" {
			return part[User]{}, r.nonsense("user without an id")
		}
		p.rows = append(p.rows, userOf(row))
	}
	return p, nil
}
