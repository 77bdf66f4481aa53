package meetingsim

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"mime"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// clientTypes are the documented ones.
var clientTypes = []int{0, 5, 6, 50, 51, 52, 53, 54, 55, apiClient}

// appAuth is the body of an App ID login.
type appAuth struct {
	AppID      string `json:"appId"`
	ClientType *int   `json:"clientType"`
	ExpireTime *int64 `json:"expireTime"` // seconds; 0 never expires
	Nonce      string `json:"nonce"`
	UserID     string `json:"userId"`
	CorpID     string `json:"corpId"`
	UserName   string `json:"userName"`
	UserEmail  string `json:"userEmail"`
	UserPhone  string `json:"userPhone"`
}

func (b appAuth) valid() bool {
	return b.AppID != "" && b.ClientType != nil && slices.Contains(clientTypes, *b.ClientType) &&
		b.ExpireTime != nil && *b.ExpireTime >= 0 && len(b.Nonce) >= 32 && len(b.Nonce) <= 64
}

// appLogin is CreateAppIdToken (meeting_21_0311).
func (s *Server) appLogin(c *call) reply {
	var body appAuth
	tokenType := c.Header.Get("X-Token-Type") // documented as required, but two official SDKs leave it out
	if !c.decode(&body) || !body.valid() || tokenType != "" && tokenType != "LongTicket" {
		return c.badRequest()
	}
	if !s.signed(c.Header.Get("Authorization"), body) {
		return refuse(http.StatusUnauthorized, usgAppAuthFailed)
	}
	if *body.ExpireTime > 0 && s.now().Unix() > *body.ExpireTime {
		return refuse(http.StatusUnauthorized, usgAppAuthExpired)
	}
	user := s.user(func(u *User) bool { return u.UUID == s.self })
	if body.UserID != "" {
		user = s.byThirdAccount(body)
	}
	return s.issueToken(c, user, *body.ClientType)
}

// signed checks an Authorization header of the form HMAC-SHA256 signature=…[,access=…].
func (s *Server) signed(header string, body appAuth) bool {
	if s.opts.AppID == "" || body.AppID != s.opts.AppID || body.CorpID != "" && body.CorpID != s.opts.CorpID {
		return false
	}
	if s.opts.CorpID != "" && body.CorpID == "" && body.UserID != "" { // no documented form
		return false
	}
	params, found := strings.CutPrefix(header, "HMAC-SHA256 ")
	signature, access, hasAccess := strings.Cut(params, ",")
	signature, named := strings.CutPrefix(strings.TrimSpace(signature), "signature=")
	if !found || !named {
		return false
	}
	if hasAccess && strings.TrimSpace(access) != "access="+base64.StdEncoding.EncodeToString([]byte(body.AppID)) {
		return false
	}
	got, err := hex.DecodeString(signature) // takes either case, as the vendor does
	if err != nil {
		return false
	}
	mac := hmac.New(sha256.New, []byte(s.opts.AppKey))
	mac.Write([]byte(s.signText(body)))
	return hmac.Equal(got, mac.Sum(nil))
}

// signText returns the text that a login signs. It has one more field for a provider's
// App ID, empty for the provider's administrator.
func (s *Server) signText(b appAuth) string {
	fields := []string{b.AppID, b.UserID}
	if s.opts.CorpID != "" {
		fields = []string{b.AppID, b.CorpID, b.UserID}
	}
	fields = append(fields, strconv.FormatInt(*b.ExpireTime, 10), b.Nonce)
	return strings.Join(fields, ":")
}

// accountLogin is CreateToken (meeting_21_0306).
func (s *Server) accountLogin(c *call) reply {
	var body struct {
		Account         string `json:"account"`
		ClientType      *int   `json:"clientType"`
		CreateTokenType int    `json:"createTokenType"`
	}
	if !c.decode(&body) || body.Account == "" || len(body.Account) > 255 || body.ClientType == nil ||
		!slices.Contains(clientTypes, *body.ClientType) || body.CreateTokenType < 0 || body.CreateTokenType > 1 {
		return c.badRequest()
	}
	now := s.now()
	if s.desk.locked(body.Account, now) {
		return refuse(http.StatusLocked, usgLocked)
	}
	account, password, found := c.BasicAuth()
	user := s.user(func(u *User) bool { return u.Account == body.Account && u.Password != "" })
	right := user != nil && subtle.ConstantTimeCompare([]byte(user.Password), []byte(password)) == 1
	if !found || account != body.Account || !right {
		s.desk.wrong(body.Account, now)
		return refuse(http.StatusUnauthorized, usgPassword)
	}
	delete(s.desk.lockups, body.Account)
	if body.CreateTokenType == 1 { // only check the password
		return ok(struct {
			User userInfo `json:"user"`
		}{s.userInfo(user)})
	}
	return s.issueToken(c, user, *body.ClientType)
}

// issueToken issues a token.
func (s *Server) issueToken(c *call, u *User, client int) reply {
	t := s.desk.issue(u, client, s.now(), s.opts.TokenLife)
	return ok(s.tokenReply(c, t, true))
}

// decode decodes a JSON object if Content-Type says that it is one.
func (c *call) decode(v any) bool {
	kind, params, err := mime.ParseMediaType(c.Header.Get("Content-Type"))
	if err != nil || kind != "application/json" || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
		return false
	}
	decoder := json.NewDecoder(bytes.NewReader(c.body))
	return decoder.Decode(v) == nil && !decoder.More()
}

type tokenReply struct {
	AccessToken        string    `json:"accessToken"`
	TokenIP            string    `json:"tokenIp"`
	ValidPeriod        int64     `json:"validPeriod"` // s
	CreateTime         int64     `json:"createTime"`  // ms
	ExpireTime         int64     `json:"expireTime"`  // s
	RefreshToken       string    `json:"refreshToken"`
	RefreshValidPeriod int64     `json:"refreshValidPeriod"` // s
	RefreshCreateTime  int64     `json:"refreshCreateTime"`  // ms
	RefreshExpireTime  int64     `json:"refreshExpireTime"`  // s
	TokenType          int       `json:"tokenType"`
	ClientType         int       `json:"clientType"`
	User               *userInfo `json:"user,omitempty"`
	FirstLogin         *bool     `json:"firstLogin"`
	PwdExpired         *bool     `json:"pwdExpired"`
	DaysPwdAvailable   int       `json:"daysPwdAvailable"`
	ForceLoginInd      *int      `json:"forceLoginInd"`
	DelayDelete        *bool     `json:"delayDelete"`
	ProxyToken         *struct{} `json:"proxyToken"`
}

// tokenReply mixes seconds and milliseconds exactly as the vendor does.
func (s *Server) tokenReply(c *call, t *ticket, account bool) tokenReply {
	ip, _, _ := net.SplitHostPort(c.RemoteAddr)
	r := tokenReply{
		AccessToken: t.access, TokenIP: ip, ClientType: t.client,
		ValidPeriod: int64(t.expires.Sub(s.now()) / time.Second), CreateTime: t.issued.UnixMilli(), ExpireTime: t.expires.Unix(),
		RefreshToken: t.refresh, RefreshValidPeriod: int64(t.refreshExpires.Sub(s.now()) / time.Second),
		RefreshCreateTime: t.issued.UnixMilli(), RefreshExpireTime: t.refreshExpires.Unix(),
		DaysPwdAvailable: -19678,
	}
	if account {
		r.User = new(s.userInfo(t.user))
	}
	return r
}
