package meetingsim_test

import (
	"fmt"
	"testing"
	"time"

	"meetingbot/internal/meetingsim"
)

const me, tokens = "/v1/usg/dcs/member", "/v1/usg/acs/token"

func TestTokenRefusals(t *testing.T) {
	t.Parallel()
	r := admin(t, func(o *meetingsim.Options) { o.TokenLife = time.Hour })
	const list = conferences
	r.refused("no token", r.call("GET", list, "", "X-Access-Token", "-"), 401, "MMC.111070111")
	r.refused("no token, user service", r.call("GET", me, "", "X-Access-Token", "-"), 401, "USG.000000004")
	r.refused("an invented token", r.call("GET", list, "", "X-Access-Token", "cnrX"), 401, "USG.000000004")
	r.refused("a bearer token", r.call("GET", list, "", "X-Access-Token", "Bearer "+r.token), 401, "USG.000000004")
	r.refused("another header", r.call("GET", list, "", "X-Access-Token", "-", "Authorization", r.token), 401, "MMC.111070111")
	if a := r.call("GET", list, ""); a.status != 200 {
		t.Errorf("the token = %d %s, want 200", a.status, a.body)
	}
	r.clock.advance(time.Hour)
	r.refused("an expired token", r.call("GET", list, ""), 401, "USG.206020000")
}

// TestSixtyFifthLoginKicksTheFirst is why a client must not fetch a token for each request.
func TestSixtyFifthLoginKicksTheFirst(t *testing.T) {
	t.Parallel()
	r := admin(t)
	second := r.login("")
	for range 62 {
		r.login("")
	}
	if a := r.call("GET", me, ""); a.status != 200 {
		t.Fatalf("the first of 64 tokens = %d %s, want 200", a.status, a.body)
	}
	r.login("somebody else")
	r.login("")
	r.refused("the first of 65", r.call("GET", me, ""), 401, "USG.206020002")
	if a := r.call("GET", me, "", "X-Access-Token", second); a.status != 200 {
		t.Errorf("the second of 65 = %d %s, want 200", a.status, a.body)
	}
}

func TestOtherClientsHaveOneToken(t *testing.T) {
	t.Parallel()
	r := start(t)
	login := func() string {
		a := r.call("POST", accountAuth, `{"account":"bot@corp","clientType":5}`, "Authorization", basic(account, password))
		return decode[struct{ AccessToken string }](r, a, "login").AccessToken
	}
	first, second := login(), login()
	r.refused("the first", r.call("GET", me, "", "X-Access-Token", first), 401, "USG.206020002")
	if a := r.call("GET", me, "", "X-Access-Token", second); a.status != 200 {
		t.Errorf("the second = %d %s, want 200", a.status, a.body)
	}
}

func TestRefreshValidateLogout(t *testing.T) {
	t.Parallel()
	r := start(t)
	type reply struct {
		AccessToken, RefreshToken string
		User                      *struct{ AdminType int }
	}
	login := r.call("POST", accountAuth, `{"account":"bot@corp","clientType":72}`, "Authorization", basic(account, password))
	first := decode[reply](r, login, "login")

	r.refused("refresh with the access token", r.call("PUT", tokens, "", "X-Access-Token", first.AccessToken), 401, "USG.000000004")
	next := decode[reply](r, r.call("PUT", tokens, "", "X-Access-Token", first.RefreshToken), "refresh")
	if next.AccessToken == "" || next.AccessToken == first.AccessToken {
		t.Errorf("refresh = %+v, want another token", next)
	}
	r.refused("the refresh token again", r.call("PUT", tokens, "", "X-Access-Token", first.RefreshToken), 401, "USG.000000004")

	validate := func(token string, fresh bool) answer {
		return r.call("POST", tokens+"/validate", fmt.Sprintf(`{"token":%q,"needGenNewToken":%v,"needAccountInfo":true}`, token, fresh))
	}
	if got := decode[reply](r, validate(next.AccessToken, false), "validate"); got.AccessToken != next.AccessToken || got.User == nil {
		t.Errorf("validate = %+v, want the same token and the account", got)
	}
	if got := decode[reply](r, validate(next.AccessToken, true), "validate"); got.AccessToken == next.AccessToken {
		t.Errorf("validate with needGenNewToken = %+v, want another token", got)
	}
	r.refused("validate an invented token", validate("cnrX", false), 401, "USG.000000004")
	r.refused("validate without a choice", r.call("POST", tokens+"/validate", `{"token":"cnrX"}`), 400, "USG.000000003")

	r.token = next.AccessToken
	if a := r.call("DELETE", tokens, ""); a.status != 200 {
		t.Errorf("logout = %d %s, want 200", a.status, a.body)
	}
	r.refused("after logout", r.call("GET", me, ""), 401, "USG.206020000")
}
