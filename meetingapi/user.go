package meetingapi

import (
	"bytes"
	"context"
	"net/http"
	"net/url"
	"slices"
)

// usersAtOnce is how many users are asked for in one call. The page gives no
// limit; the directory's pages are of this size.
const usersAtOnce = 100

// User is a person in the enterprise's directory.
type User struct {
	UUID       string
	Account    string
	Name       string
	Email      string // empty if the directory has none
	Department string
}

// wireUser is a row of either directory call.
type wireUser struct {
	ID          text   `json:"id"`
	StatusCode  number `json:"statusCode"`
	Account     text   `json:"account"`
	UserAccount text   `json:"userAccount"`
	Name        text   `json:"name"`
	Email       text   `json:"email"`
	DeptName    text   `json:"deptName"`
}

func (w wireUser) user() User {
	u := User{UUID: string(w.ID), Account: string(w.Account), Name: string(w.Name), Email: string(w.Email), Department: string(w.DeptName)}
	if u.Account == "" {
		u.Account = string(w.UserAccount)
	}
	return u
}

// User looks a person up by UUID, such as a meeting's Owner.UUID. The error is
// IsNotFound if there is no such user and IsDenied if this login may not see
// them. Email may be empty all the same.
//
// The call is BatchShowUserDetails of Huawei's SDK; it has no public page.
func (c *Client) User(ctx context.Context, uuid string) (User, error) {
	if uuid == "" {
		return User{}, &Error{Op: OpUser, Class: ClassBadRequest, Message: "empty user id; nothing was sent", final: true}
	}
	type key struct {
		ID string `json:"id"`
	}
	var u User
	err := c.read(ctx, call{
		op: OpUser, target: uuid, method: http.MethodPost, limit: largeBody,
		path: "/v1/usg/abs/users/list", query: url.Values{"idType": {"USER_ID"}}, body: []key{{uuid}},
	}, func(r reply) (err error) {
		u, err = r.userRow(uuid)
		return err
	})
	return u, err
}

// Users looks several people up by UUID in as few calls as possible. Those whom
// the directory does not know, or does not show to this login, are absent from
// the result; that is no error. No ids, no call. Errors are as with User.
func (c *Client) Users(ctx context.Context, uuids []string) (map[string]User, error) {
	type key struct {
		ID string `json:"id"`
	}
	found := make(map[string]User, len(uuids))
	for some := range slices.Chunk(uuids, usersAtOnce) {
		keys := make([]key, len(some))
		for i, id := range some {
			keys[i] = key{id}
		}
		err := c.read(ctx, call{
			op: OpUser, method: http.MethodPost, limit: largeBody,
			path: "/v1/usg/abs/users/list", query: url.Values{"idType": {"USER_ID"}}, body: keys,
		}, func(r reply) error {
			rows, err := r.users()
			if err != nil {
				return err
			}
			for _, w := range rows {
				if w.StatusCode.n < 2 && slices.Contains(some, string(w.ID)) {
					found[string(w.ID)] = w.user()
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

// users reads the rows of the directory's answer, which is a bare array.
func (r reply) users() ([]wireUser, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(r.body), []byte("[")) {
		return nil, r.nonsense("answer is not a list of users")
	}
	var rows list[wireUser]
	err := r.decode(&rows)
	return rows, err
}

// userRow finds the one row that was asked for. Its status: 0 is a user, 1 one
// who has not changed (the id only), 2 nobody, 3 somebody else's business.
func (r reply) userRow(uuid string) (User, error) {
	rows, err := r.users()
	if err != nil {
		return User{}, err
	}
	missing := &Error{Op: r.call.op, Target: uuid, Class: ClassNotFound, Status: r.status, Message: "no such user", RequestID: r.requestID}
	for _, w := range rows {
		if string(w.ID) != uuid {
			continue
		}
		switch w.StatusCode.n {
		case 2:
			return User{}, missing
		case 3:
			missing.Class, missing.Message = ClassDenied, "user may not be seen"
			return User{}, missing
		}
		return w.user(), nil
	}
	return User{}, missing
}

// Member looks a person up by account, as an enterprise's administrator. Under
// App ID login account is the third-party id first and the meeting account
// after that. The error is IsNotFound if there is nobody.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0069.html
func (c *Client) Member(ctx context.Context, account string) (User, error) {
	kinds := []string{"0"}
	switch c.Auth.(type) {
	case AppID, *AppID:
		kinds = []string{"1", "0"}
	}
	var u User
	var err error
	for _, kind := range kinds {
		if u, err = c.member(ctx, account, kind); !IsNotFound(err) {
			break
		}
	}
	return u, err
}

func (c *Client) member(ctx context.Context, account, kind string) (User, error) {
	// A dot or two would be taken for a place in the path by whoever is between.
	if account == "" || account == "." || account == ".." {
		return User{}, &Error{Op: OpMember, Class: ClassBadRequest, Message: "no such account; nothing was sent", final: true}
	}
	var u User
	err := c.read(ctx, call{
		op: OpMember, target: account, method: http.MethodGet, limit: largeBody,
		path: "/v1/usg/dcs/corp/member/" + url.PathEscape(account), query: url.Values{"accountType": {kind}},
	}, func(r reply) error {
		var w wireUser
		if err := r.decode(&w); err != nil {
			return err
		}
		if u = w.user(); u.UUID == "" && u.Account == "" {
			return r.nonsense("user without an id")
		}
		return nil
	})
	return u, err
}
