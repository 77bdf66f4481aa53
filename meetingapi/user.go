package meetingapi

import (
	"context"
	"net/http"
	"net/url"
)

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

// userRow finds the one row that was asked for. Its status: 0 is a user, 1 one
// who has not changed (the id only), 2 nobody, 3 somebody else's business.
func (r reply) userRow(uuid string) (User, error) {
	var rows list[wireUser]
	if err := r.decode(&rows); err != nil {
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
