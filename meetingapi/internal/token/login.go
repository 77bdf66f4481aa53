package token

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"meetingbot/meetingapi/internal/wire"
)

// signatureLife is how long a login's signature is valid. It limits how far this
// machine's clock may lag behind the service's.
const signatureLife = 10 * time.Minute

// clientType says that a program logs in ("API").
const clientType = 72

// Login is a request for a token.
type Login struct {
	wire.Request
	signed bool // a wrong clock makes its signature invalid
}

// ClockFault reports whether a clock that is this far off explains a refusal.
func (l Login) ClockFault(skew time.Duration) bool { return l.signed && skew.Abs() > signatureLife/2 }

// login is a request with what both ways of logging in share.
func login(path string, header http.Header, body any) wire.Request {
	header.Set("Content-Type", "application/json; charset=UTF-8")
	return wire.Request{Method: http.MethodPost, Path: path, Header: header, Body: body}
}

// App is an App ID, its key, and whom it acts as.
type App struct {
	ID, Key, UserID, CorpID string
	SP                      bool // a service provider's
}

// Format writes the type's name and nothing it holds.
func (App) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "token.App") }

// appBody is the login's body; its values must be the ones that were signed.
type appBody struct {
	AppID      string `json:"appId"`
	ClientType int    `json:"clientType"`
	CorpID     string `json:"corpId,omitempty"`
	ExpireTime int64  `json:"expireTime"` // seconds
	Nonce      string `json:"nonce"`
	UserID     string `json:"userId,omitempty"`
}

// Login is the request for an App ID's token.
func (a App) Login(now time.Time) Login {
	body := appBody{
		AppID: a.ID, ClientType: clientType, CorpID: a.CorpID, UserID: a.UserID,
		ExpireTime: now.Add(signatureLife).Unix(), Nonce: rand.Text() + rand.Text(),
	}
	raw, _ := json.Marshal(body) // strings and numbers: it can't fail
	header := http.Header{"Authorization": {a.Authorization(body.ExpireTime, body.Nonce)}, "X-Token-Type": {"LongTicket"}}
	return Login{login("/v2/usg/acs/auth/appauth", header, json.RawMessage(raw)), true}
}

// Authorization signs one login. The colons around an empty user stay: fields are
// identified by position.
func (a App) Authorization(expire int64, nonce string) string {
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

// Account is the request for an account's token.
func Account(name, password string) Login {
	basic := base64.StdEncoding.EncodeToString([]byte(name + ":" + password))
	return Login{Request: login("/v1/usg/acs/auth/account", http.Header{"Authorization": {"Basic " + basic}}, struct {
		Account    string `json:"account"`
		ClientType int    `json:"clientType"`
	}{name, clientType})}
}
