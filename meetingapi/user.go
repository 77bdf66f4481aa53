package meetingapi

import (
	"bytes"
	"cmp"
	"context"
	"net/http"
	"net/url"
	"slices"

	"meetingbot/meetingapi/internal/wire"
)

// usersPerCall is how many users one call asks for. No limit is documented; the
// directory's own pages have this size.
const usersPerCall = 100

// User is a person in the enterprise's directory.
type User struct {
	UUID    string
	Account string
	Name    string
	Email   string // empty if the directory has none
}

func userOf(w wire.User) User {
	return User{UUID: string(w.ID), Account: string(cmp.Or(w.Account, w.UserAccount)), Name: string(w.Name), Email: string(w.Email)}
}

// User looks up a person by UUID, such as a meeting's Owner.UUID. The error is
// IsNotFound if there is no such user and IsDenied if this login may not see them.
//
// The call is BatchShowUserDetails of Huawei's SDK; it has no public page.
func (r *Reader) User(ctx context.Context, uuid string) (User, error) {
	if uuid == "" {
		return User{}, unsent(OpUser, "", ClassBadRequest, "empty user id")
	}
	return read(ctx, r.s, users(uuid, uuid), func(answer reply) (User, error) { return answer.userRow(uuid) })
}

func users(target string, uuids ...string) call {
	type key struct {
		ID string `json:"id"`
	}
	keys := make([]key, len(uuids))
	for i, id := range uuids {
		keys[i] = key{id}
	}
	return call{op: OpUser, target: target, Request: wire.Request{
		Method: http.MethodPost, Path: "/v1/usg/abs/users/list", Query: url.Values{"idType": {"USER_ID"}}, Body: keys,
	}}
}

// Users looks up several people by UUID in as few calls as possible; without UUIDs, it
// makes none. The result omits people whom the directory doesn't know or doesn't show to
// this login. Errors are as with User; the result then has the people found before the
// error.
func (r *Reader) Users(ctx context.Context, uuids []string) (map[string]User, error) {
	found := make(map[string]User, len(uuids))
	for some := range slices.Chunk(uuids, usersPerCall) {
		rows, err := read(ctx, r.s, users("", some...), reply.users)
		if err != nil {
			return found, err
		}
		for _, w := range rows {
			if w.StatusCode.N < 2 && slices.Contains(some, string(w.ID)) {
				found[string(w.ID)] = userOf(w)
			}
		}
	}
	return found, nil
}

// users reads the rows of the directory's answer, which is a bare array.
func (r reply) users() ([]wire.User, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(r.Body), []byte("[")) {
		return nil, r.malformed("answer is not a list of users")
	}
	var l wire.List[wire.User]
	err := r.decode(&l)
	return l.Rows, err
}

// userRow returns the row of one user. Its status: 0 is a user, 1 an unchanged user (id
// only), 2 no such user, 3 a user whom this login may not see.
func (r reply) userRow(uuid string) (User, error) {
	rows, err := r.users()
	if err != nil {
		return User{}, err
	}
	missing := &Error{Op: r.call.op, Target: uuid, Class: ClassNotFound, Status: r.Status, Message: "no such user", RequestID: r.RequestID()}
	for _, w := range rows {
		if string(w.ID) != uuid {
			continue
		}
		switch w.StatusCode.N {
		case 2:
			return User{}, missing
		case 3:
			missing.Class, missing.Message = ClassDenied, "this login may not see the user"
			return User{}, missing
		}
		return userOf(w), nil
	}
	return User{}, missing
}

// Member looks up a person by account; it needs an enterprise administrator's login.
// With an App ID login, it tries account as a third-party id first and then as a meeting
// account. The error is IsNotFound if neither exists.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0069.html
func (r *Reader) Member(ctx context.Context, account string) (User, error) {
	kinds := []string{"0"}
	switch r.s.Auth.(type) {
	case AppID, *AppID:
		kinds = []string{"1", "0"}
	}
	var u User
	var err error
	for _, kind := range kinds {
		if u, err = r.member(ctx, account, kind); !IsNotFound(err) {
			break
		}
	}
	return u, err
}

func (r *Reader) member(ctx context.Context, account, kind string) (User, error) {
	// Proxies would resolve one or two dots as path segments.
	if account == "" || account == "." || account == ".." {
		return User{}, unsent(OpMember, "", ClassBadRequest, "no such account")
	}
	path, q := "/v1/usg/dcs/corp/member/"+url.PathEscape(account), url.Values{"accountType": {kind}}
	return read(ctx, r.s, get(OpMember, account, path, q), reply.member)
}

func (r reply) member() (User, error) {
	var w wire.User
	if err := r.decode(&w); err != nil {
		return User{}, err
	}
	u := userOf(w)
	if u.UUID == "" && u.Account == "" {
		return User{}, r.malformed("user without an id")
	}
	return u, nil
}
