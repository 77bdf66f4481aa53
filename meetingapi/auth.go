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
)

// Auth is a way to log in: AppID or Account.
type Auth interface {
	// login builds the request that asks for a token, or says in a few words
	// what is missing.
	login(now time.Time, clientType int) (loginRequest, string)
}

// loginRequest is what the two ways of logging in differ in.
type loginRequest struct {
	path   string
	header http.Header
	body   any
	signed bool // carries a signature that a wrong clock makes invalid
}

// AppID logs in with an App ID and its key, the way Huawei recommends for
// servers. Without UserID it acts as the enterprise's default administrator.
//
// Take care with UserID: the service creates a user that it does not know.
//
// https://support.huaweicloud.com/api-meeting/meeting_21_0311.html
type AppID struct {
	ID     string
	Key    Secret
	UserID string // act as this third-party user; empty: the default administrator
	CorpID string // the enterprise, for a service provider's (multi-tenant) App ID only; implies SP
	SP     bool   // a service provider's App ID; with CorpID and UserID empty it acts as the provider's administrator
}

// signatureLife is how long a login's signature may be used. It bounds how far
// this machine's clock may be behind the service's.
const signatureLife = 10 * time.Minute

// appIDBody is the login's body; its values must be the signed ones.
type appIDBody struct {
	AppID      string `json:"appId"`
	ClientType int    `json:"clientType"`
	CorpID     string `json:"corpId,omitempty"`
	ExpireTime int64  `json:"expireTime"` // seconds
	Nonce      string `json:"nonce"`
	UserID     string `json:"userId,omitempty"`
}

func (a AppID) login(now time.Time, clientType int) (loginRequest, string) {
	if a.ID == "" || a.Key == "" {
		return loginRequest{}, "App ID or App Key is missing"
	}
	body := appIDBody{
		AppID: a.ID, ClientType: clientType, CorpID: a.CorpID, UserID: a.UserID,
		ExpireTime: now.Add(signatureLife).Unix(), Nonce: rand.Text() + rand.Text(),
	}
	raw, err := json.Marshal(body)
	if err != nil {
		return loginRequest{}, "App ID cannot be encoded"
	}
	return loginRequest{
		path: "/v2/usg/acs/auth/appauth",
		header: http.Header{
			"Authorization": {a.authorization(body.ExpireTime, body.Nonce)},
			"X-Token-Type":  {"LongTicket"},
		},
		body:   json.RawMessage(raw),
		signed: true,
	}, ""
}

// authorization signs one login. An empty user keeps its colons: the fields
// are told apart by position.
func (a AppID) authorization(expire int64, nonce string) string {
	fields := []string{a.ID}
	if a.SP || a.CorpID != "" {
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

func (a Account) login(_ time.Time, clientType int) (loginRequest, string) {
	if a.Name == "" || a.Password == "" {
		return loginRequest{}, "account name or password is missing"
	}
	basic := base64.StdEncoding.EncodeToString([]byte(a.Name + ":" + string(a.Password)))
	return loginRequest{
		path:   "/v1/usg/acs/auth/account",
		header: http.Header{"Authorization": {"Basic " + basic}},
		body: struct {
			Account    string `json:"account"`
			ClientType int    `json:"clientType"`
		}{a.Name, clientType},
	}, ""
}
