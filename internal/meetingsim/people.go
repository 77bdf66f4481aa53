package meetingsim

import (
	"cmp"
	"net/http"
	"slices"
)

// userInfo is the user object of a login.
type userInfo struct {
	UserID         string `json:"userId"`
	UCLoginAccount string `json:"ucloginAccount"`
	ServiceAccount string `json:"serviceAccount"`
	CompanyID      string `json:"companyId"`
	SpID           string `json:"spId"`
	UserType       int    `json:"userType"`
	AdminType      int    `json:"adminType"`
	Name           string `json:"name"`
	ThirdAccount   string `json:"thirdAccount"`
	AppID          string `json:"appId"`
	CorpType       int    `json:"corpType"`
	Status         int    `json:"status"`
}

func (s *Server) userInfo(u *User) userInfo {
	return userInfo{
		UserID: u.UUID, UCLoginAccount: u.Account, ServiceAccount: "sip:" + u.UUID + "@example.invalid",
		CompanyID: cmp.Or(s.opts.CorpID, "807074304"), SpID: "8a8df0a174a1c6680174a26f578b0000", UserType: 2,
		AdminType: u.AdminType, Name: u.Name, ThirdAccount: u.ThirdAccount, AppID: s.opts.AppID,
	}
}

// listedUser is a row of users/list: a complete user, or just the reason why not.
type listedUser struct {
	ID          string `json:"id"`
	StatusCode  int    `json:"statusCode"`
	Account     string `json:"account,omitempty"`
	Name        string `json:"name,omitempty"`
	EnglishName string `json:"englishName,omitempty"`
	Email       string `json:"email,omitempty"`
	Phone       string `json:"phone,omitempty"`
	DeptName    string `json:"deptName,omitempty"`
	Number      string `json:"number,omitempty"`
	HidePhone   bool   `json:"hidePhone"`
	Type        string `json:"type,omitempty"`
}

// The statusCodes of users/list. 1 means unchanged, and needs a version that no client
// sends here.
const (
	rowOK        = 0
	rowUnknown   = 2
	rowForbidden = 3
)

// lookUpUsers is BatchShowUserDetails: users by exact id, in the order asked for.
func (s *Server) lookUpUsers(c *call) reply {
	var rows []struct {
		ID string `json:"id"`
	}
	kind := c.query.Get("idType")
	if !c.decode(&rows) || len(rows) == 0 || len(rows) > 100 || kind != "USER_ID" && kind != "THIRD_ACCOUNT" {
		return c.badRequest()
	}
	found := make([]listedUser, 0, len(rows))
	for _, row := range rows {
		if row.ID == "" {
			return c.badRequest()
		}
		u := s.user(func(u *User) bool {
			return kind == "USER_ID" && u.UUID == row.ID || kind == "THIRD_ACCOUNT" && u.ThirdAccount == row.ID
		})
		switch {
		case u == nil:
			found = append(found, listedUser{ID: row.ID, StatusCode: rowUnknown})
		case u.Forbidden:
			found = append(found, listedUser{ID: row.ID, StatusCode: rowForbidden})
		default:
			found = append(found, listedUser{
				ID: row.ID, StatusCode: rowOK, Account: u.Account, Name: u.Name, Email: u.mail(), Phone: u.Phone,
				DeptName: "Example Corp", Type: "NORMAL_USER",
			})
		}
	}
	return ok(found)
}

// memberDetail is the record of one user.
type memberDetail struct {
	ID           string `json:"id"`
	UserAccount  string `json:"userAccount"`
	ThirdAccount string `json:"thirdAccount,omitempty"`
	Name         string `json:"name"`
	EnglishName  string `json:"englishName"`
	Phone        string `json:"phone"`
	Country      string `json:"country"`
	Email        string `json:"email"`
	SipNum       string `json:"sipNum"`
	DeptCode     string `json:"deptCode"`
	DeptName     string `json:"deptName"`
	UserType     int    `json:"userType"`
	AdminType    int    `json:"adminType"`
	Status       int    `json:"status"`
	HidePhone    bool   `json:"hidePhone"`
	License      int    `json:"license"`
}

func (u *User) detail() memberDetail {
	return memberDetail{
		ID: u.UUID, UserAccount: u.Account, ThirdAccount: u.ThirdAccount, Name: u.Name, Phone: u.Phone, Country: "chinaPR",
		Email: u.mail(), DeptCode: "1", DeptName: "Example Corp", UserType: 2, AdminType: u.AdminType,
	}
}

// member is ShowUserDetail (meeting_21_0069), for administrators: by account, or by
// third account with accountType=1.
func (s *Server) member(c *call) reply {
	kind := c.query.Get("accountType")
	if kind != "" && kind != "0" && kind != "1" {
		return c.badRequest()
	}
	if !c.caller.admin() {
		return refuse(http.StatusForbidden, usgDeniedUndisclosed)
	}
	u := s.user(func(u *User) bool {
		if kind == "1" {
			return u.ThirdAccount == c.arg
		}
		return u.Account == c.arg
	})
	if u == nil {
		return refuse(http.StatusBadRequest, usgNoSuchUser)
	}
	return ok(u.detail())
}

// searchMembers is SearchUsers, for administrators.
func (s *Server) searchMembers(c *call) reply {
	at, good := c.paging()
	if !good {
		return c.badRequest()
	}
	if !c.caller.admin() {
		return refuse(http.StatusForbidden, usgDeniedUndisclosed)
	}
	found := []memberDetail{}
	for _, u := range s.users {
		if u.matches(at.key) {
			found = append(found, u.detail())
		}
	}
	return ok(slicePage(slices.Clip(found), at))
}

// me is ShowMyInfo (meeting_21_0073).
func (s *Server) me(c *call) reply { return ok(c.caller.detail()) }
