package meetingapi

import (
	"time"

	"meetingbot/meetingapi/internal/token"
)

// Auth is a way to log in: AppID or Account.
type Auth interface {
	// missing says what is not filled in, or "".
	missing() string
	// login builds the request that asks for a token.
	login(now time.Time) token.Login
}

// AppID logs in with an App ID and its key, the way Huawei recommends for
// servers. Without UserID it acts as the enterprise's default administrator.
//
// Careful with UserID: the service creates users that it doesn't know.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0311.html
type AppID struct {
	ID     string
	Key    Secret
	UserID string // act as this third-party user; empty: the default administrator
	CorpID string // the enterprise; only for a service provider's (multi-tenant) App ID; implies SP
	SP     bool   // a service provider's App ID; with CorpID and UserID empty it acts as the provider's administrator
}

func (a AppID) missing() string {
	if a.ID == "" || a.Key == "" {
		return "App ID or App Key is missing"
	}
	return ""
}

func (a AppID) login(now time.Time) token.Login {
	app := token.App{ID: a.ID, Key: string(a.Key), UserID: a.UserID, CorpID: a.CorpID, SP: a.SP}
	return app.Login(now)
}

// Account logs in with a meeting account and its password. Huawei recommends
// AppID for servers.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0306.html
type Account struct {
	Name     string
	Password Secret
}

func (a Account) missing() string {
	if a.Name == "" || a.Password == "" {
		return "account name or password is missing"
	}
	return ""
}

func (a Account) login(time.Time) token.Login {
	return token.Account(a.Name, string(a.Password))
}
