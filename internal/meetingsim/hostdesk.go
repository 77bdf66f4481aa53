package meetingsim

import (
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

// roomTokenLife is how long a token of the control API lasts.
const roomTokenLife = 30 * time.Minute

// pass is a token of the control API, for one meeting's host or a guest.
type pass struct {
	meeting string
	host    bool
	expires time.Time
}

// controlToken is CreateConfToken (meeting_21_0027). It takes the meeting's password in
// place of an access token.
func (s *Server) controlToken(c *call) reply {
	id, no := c.identifier("conferenceID")
	if no != nil {
		return *no
	}
	password := c.Header.Get("X-Password")
	if password == "" || c.Header.Get("X-Login-Type") != "1" {
		return c.badRequest()
	}
	b := s.live(id)
	if b == nil || password != b.HostPassword && password != b.GuestPassword {
		return refuse(http.StatusBadRequest, confControlRefused)
	}
	if b.State != StateRunning {
		return refuse(http.StatusBadRequest, confNotStarted)
	}
	p := pass{id, password == b.HostPassword, s.now().Add(roomTokenLife)}
	token := "stb" + (hexID() + hexID())[:37]
	s.desk.rooms[token] = p
	return ok(roomTokenReply(token, p))
}

// roomTokenReply misspells its last field as the vendor does.
func roomTokenReply(token string, p pass) any {
	type data struct {
		Token               string `json:"token"`
		Role                int    `json:"role"`
		ExpireTime          int64  `json:"expireTime"`          // ms
		ConfTokenExpireTime int64  `json:"confTokenExpireTime"` // s
		VmrCurrentConfID    string `json:"vmrCurrentConfID"`
	}
	d := data{token, 0, p.expires.UnixMilli(), p.expires.Unix(), p.meeting}
	if p.host {
		d.Role = 1
	}
	return struct {
		Data           data   `json:"data"`
		AddressToken   string `json:"addressToken"`
		GlobalPublicIP string `json:"gloablPublicIP"`
	}{Data: d}
}

// stop is StopMeeting (meeting_21_0039): everyone is removed from the meeting, and the booking
// stays until its time is over.
func (s *Server) stop(c *call) reply {
	id, no := c.identifier("conferenceID")
	if no != nil {
		return *no
	}
	token := c.Header.Get("X-Conference-Authorization")
	if coded, basic := strings.CutPrefix(token, "Basic "); basic {
		plain, err := base64.StdEncoding.DecodeString(coded)
		if err != nil {
			return c.badRequest()
		}
		token = string(plain)
	}
	p, known := s.desk.rooms[token]
	b := s.live(id)
	switch {
	case !known || p.meeting != id || !s.now().Before(p.expires):
		return refuse(http.StatusUnauthorized, confControlRefused)
	case !p.host:
		return refuse(http.StatusForbidden, confDenied)
	case b == nil || b.State != StateRunning:
		return refuse(http.StatusBadRequest, confNotStarted)
	}
	s.recordEffect(c, id, EffectStop, "")
	b.State, b.People = StateScheduled, 0
	return done()
}
