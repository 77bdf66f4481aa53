package meetingapi

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"meetingbot/meetingapi/internal/wire"
)

// Auth is a way to log in: AppID or Account.
type Auth interface {
	// missing says which field is empty, or "".
	missing() string
	// login builds the request for a token.
	login(now time.Time) login
}

// login is a request for a token.
type login struct {
	wire.Request
	signed bool // a wrong clock makes its signature invalid
}

// signatureLife is how long a login's signature is valid. It is also the most that
// this machine's clock may lag behind the service's.
const signatureLife = 10 * time.Minute

// isClockFault reports whether a clock that is off by skew explains a refusal.
func (l login) isClockFault(skew time.Duration) bool { return l.signed && skew.Abs() > signatureLife/2 }

// clientType is the service's type for a program ("API").
const clientType = 72

func loginRequest(path string, header http.Header, body any) wire.Request {
	header.Set("Content-Type", "application/json; charset=UTF-8")
	return wire.Request{Method: http.MethodPost, Path: path, Header: header, Body: body}
}

// AppID logs in with an App ID and its key, as Huawei recommends for servers. Without
// UserID it acts as the enterprise's default administrator.
//
// Careful with UserID: the service creates a user if it doesn't know the id.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0311.html
type AppID struct {
	ID     string
	Key    Secret
	UserID string // act as this third-party user; empty: the default administrator
	CorpID string // the enterprise; only for a service provider's (multi-tenant) App ID
}

func (a AppID) missing() string {
	if a.ID == "" || a.Key == "" {
		return "App ID or App Key is missing"
	}
	return ""
}

// appBody is the login's body. Its values must be the signed ones.
type appBody struct {
	AppID      string `json:"appId"`
	ClientType int    `json:"clientType"`
	CorpID     string `json:"corpId,omitempty"`
	ExpireTime int64  `json:"expireTime"` // seconds
	Nonce      string `json:"nonce"`
	UserID     string `json:"userId,omitempty"`
}

func (a AppID) login(now time.Time) login {
	body := appBody{
		AppID: a.ID, ClientType: clientType, CorpID: a.CorpID, UserID: a.UserID,
		ExpireTime: now.Add(signatureLife).Unix(), Nonce: rand.Text() + rand.Text(),
	}
	raw, _ := json.Marshal(body) // can't fail: only strings and numbers
	header := http.Header{"Authorization": {a.authorization(body.ExpireTime, body.Nonce)}, "X-Token-Type": {"LongTicket"}}
	return login{loginRequest("/v2/usg/acs/auth/appauth", header, json.RawMessage(raw)), true}
}

// authorization signs one login. An empty user keeps its colons: fields are identified
// by position.
func (a AppID) authorization(expire int64, nonce string) string {
	fields := []string{a.ID}
	if a.CorpID != "" {
		fields = append(fields, a.CorpID)
	}
	fields = append(fields, a.UserID, strconv.FormatInt(expire, 10), nonce)
	mac := hmac.New(sha256.New, []byte(a.Key))
	mac.Write([]byte(strings.Join(fields, ":")))
	return "HMAC-SHA256 signature=" + hex.EncodeToString(mac.Sum(nil)) +
		",access=" + base64.StdEncoding.EncodeToString([]byte(a.ID))
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

func (a Account) login(time.Time) login {
	basic := base64.StdEncoding.EncodeToString([]byte(a.Name + ":" + string(a.Password)))
	return login{Request: loginRequest("/v1/usg/acs/auth/account", http.Header{"Authorization": {"Basic " + basic}}, struct {
		Account    string `json:"account"`
		ClientType int    `json:"clientType"`
	}{a.Name, clientType})}
}
