package meetingapi

import (
	"cmp"
	"context"
	"net/url"
	"strings"

	"meetingbot/meetingapi/internal/wire"
)

// maxMembers limits how many people UserByEmail reads. The service searches for
// substrings of names, accounts and addresses, so a whole address matches few people.
const maxMembers = 10 * usersPerCall

// UserByEmail finds the one person of the enterprise with this e-mail address, ignoring
// case; it needs an enterprise administrator's login. The error is IsNotFound if no one
// has it, and IsAmbiguous if several people do, or if there are too many similar
// addresses to rule that out, so that it never returns the wrong person. It doesn't find
// people whose address the directory hides.
//
// The call is SearchUsers of Huawei's SDK; it has no public page.
func (r *Reader) UserByEmail(ctx context.Context, email string) (User, error) {
	email = strings.TrimSpace(email)
	fault := func(class Class, message string) (User, error) {
		return User{}, &Error{Op: OpUserByEmail, Target: email, Class: class, Message: message, final: true}
	}
	if name, host, ok := strings.Cut(email, "@"); !ok || name == "" || host == "" {
		return User{}, unsent(OpUserByEmail, email, ClassBadRequest, "not an e-mail address")
	}
	got, err := r.members(ctx, email)
	if err := cmp.Or(err, got.Err); err != nil {
		return User{}, err
	}
	var found []User
	for _, u := range got.Rows {
		if strings.EqualFold(u.Email, email) {
			found = append(found, u)
		}
	}
	switch {
	case got.More:
		return fault(ClassAmbiguous, "too many similar users")
	case len(found) == 0:
		return fault(ClassNotFound, "no user with this e-mail")
	case len(found) > 1:
		return fault(ClassAmbiguous, "several users with this e-mail")
	}
	return found[0], nil
}

// members searches the directory. If no one matches, the service may report an error.
func (r *Reader) members(ctx context.Context, key string) (wire.Parts[User], error) {
	page := func(ctx context.Context, offset, limit int) (wire.Part[User], error) {
		q := paged(url.Values{"searchKey": {key}}, offset, limit)
		return read(ctx, r.s, get(OpUserByEmail, key, "/v1/usg/dcs/corp/member", q), reply.members)
	}
	return wire.Pager[User]{Most: maxMembers, Size: usersPerCall, Read: page, Key: func(u User) any { return u.UUID }}.All(ctx)
}

func (r reply) members() (wire.Part[User], error) {
	var w wire.Page[wire.User]
	if err := r.decode(&w); err != nil {
		return wire.Part[User]{}, err
	}
	if w.Silent(r.call.firstPage()) {
		return wire.Part[User]{}, r.malformed("list without rows")
	}
	var users []User
	for _, row := range w.Data.Rows {
		if row.ID == "" {
			return wire.Part[User]{}, r.malformed("user without an id")
		}
		users = append(users, userOf(row))
	}
	return wire.PartOf(w, users), nil
}
