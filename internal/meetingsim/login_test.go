package meetingsim_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"meetingbot/internal/meetingsim"
)

const appauth, accountAuth = "/v2/usg/acs/auth/appauth", "/v1/usg/acs/auth/account"

// TestAppLoginForms tries every documented text to sign, and the header variants of the
// official SDKs.
func TestAppLoginForms(t *testing.T) {
	t.Parallel()
	single := start(t)
	provider := start(t, func(o *meetingsim.Options) { o.CorpID = "807074304" })
	for _, tt := range []struct {
		desc, user, corp, text string
		rig                    *rig
	}{
		{"one enterprise, administrator", "", "", appID + "::0:" + nonce, single},
		{"one enterprise, user", "testuser@mycorp.com", "", appID + ":testuser@mycorp.com:0:" + nonce, single},
		{"provider, its administrator", "", "", appID + ":::0:" + nonce, provider},
		{"provider, enterprise administrator", "", "807074304", appID + ":807074304::0:" + nonce, provider},
		{"provider, user", "testuser@mycorp.com", "807074304", appID + ":807074304:testuser@mycorp.com:0:" + nonce, provider},
	} {
		body := fmt.Sprintf(`{"appId":%q,"clientType":72,"expireTime":0,"nonce":%q,"userId":%q,"corpId":%q}`, appID, nonce, tt.user, tt.corp)
		signature := sign(appKey, tt.text)
		for _, headers := range [][]string{
			{"Authorization", authorization(signature), "X-Token-Type", "LongTicket"},
			{"Authorization", "HMAC-SHA256 signature=" + strings.ToUpper(signature)},
		} {
			if a := tt.rig.call("POST", appauth, body, headers...); a.status != 200 {
				t.Errorf("%s with %q = %d %s, want 200", tt.desc, headers, a.status, a.body)
			}
		}
		tt.rig.refused(tt.desc+", wrong key", tt.rig.call("POST", appauth, body, "Authorization", authorization(sign("x", tt.text))), 401, "USG.206010025")
	}
	if got := single.sim.AutoRegistered(); got != 1 {
		t.Errorf("AutoRegistered() = %d, want 1 for two logins of one new userId", got)
	}
}

// TestAppLoginVector pins the signature to values computed elsewhere.
func TestAppLoginVector(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.clock.at = time.Unix(1627722929, 0) // the signature's last second
	for user, signature := range map[string]string{
		"testuser@mycorp.com": "538f10a4d4768e3ed95e2006a7936a2954bc3eea9f5b4c5bf658127c304bb3c9",
		"":                    "bf003ebe5a82053053b4a14f195562e720eb3474a6a107599be0bad2fdd8a816",
	} {
		body := fmt.Sprintf(`{"appId":%q,"clientType":72,"expireTime":1627722929,"nonce":%q,"userId":%q}`, appID, nonce, user)
		if a := r.call("POST", appauth, body, "Authorization", authorization(signature)); a.status != 200 {
			t.Errorf("login of %q = %d %s, want 200", user, a.status, a.body)
		}
	}
	r.clock.advance(time.Second)
	body := fmt.Sprintf(`{"appId":%q,"clientType":72,"expireTime":1627722929,"nonce":%q}`, appID, nonce)
	r.refused("a second later", r.call("POST", appauth, body, "Authorization",
		authorization("bf003ebe5a82053053b4a14f195562e720eb3474a6a107599be0bad2fdd8a816")), 401, "USG.206010057")
}

func TestAppLoginRefusals(t *testing.T) {
	t.Parallel()
	r := start(t)
	good := fmt.Sprintf(`{"appId":%q,"clientType":72,"expireTime":0,"nonce":%q}`, appID, nonce)
	signed := authorization(sign(appKey, appID+"::0:"+nonce))
	replace := func(old, with string) string { return strings.Replace(good, old, with, 1) }
	for _, tt := range []struct {
		desc, body string
		headers    []string
		status     int
		code       string
	}{
		{"no Authorization", good, nil, 401, "USG.206010025"},
		{"another scheme", good, []string{"Authorization", strings.Replace(signed, "HMAC-SHA256", "Basic", 1)}, 401, "USG.206010025"},
		{"access of another app", good, []string{"Authorization", strings.Replace(signed, "access=", "access=x", 1)}, 401, "USG.206010025"},
		{"one colon too few", good, []string{"Authorization", authorization(sign(appKey, appID+":0:"+nonce))}, 401, "USG.206010025"},
		{"unknown app", replace(appID, "0000"), []string{"Authorization", signed}, 401, "USG.206010025"},
		{"corpId in one enterprise", replace(`{`, `{"corpId":"1",`), []string{"Authorization", signed}, 401, "USG.206010025"},
		{"nonce too short", replace(nonce, "abc"), []string{"Authorization", signed}, 400, "USG.000000003"},
		{"no nonce", replace("nonce", "once"), []string{"Authorization", signed}, 400, "USG.000000003"},
		{"no clientType", replace("clientType", "client"), []string{"Authorization", signed}, 400, "USG.000000003"},
		{"unknown clientType", replace(`"clientType":72`, `"clientType":1`), []string{"Authorization", signed}, 400, "USG.000000003"},
		{"no expireTime", replace("expireTime", "expire"), []string{"Authorization", signed}, 400, "USG.000000003"},
		{"expireTime as text", replace(`"expireTime":0`, `"expireTime":"0"`), []string{"Authorization", signed}, 400, "USG.000000003"},
		{"not JSON", "appId=1", []string{"Authorization", signed}, 400, "USG.000000003"},
		{"a form", good, []string{"Authorization", signed, "Content-Type", "application/x-www-form-urlencoded"}, 400, "USG.000000003"},
		{"no Content-Type", good, []string{"Authorization", signed, "Content-Type", "-"}, 400, "USG.000000003"},
		{"another X-Token-Type", good, []string{"Authorization", signed, "X-Token-Type", "Short"}, 400, "USG.000000003"},
	} {
		r.refused(tt.desc, r.call("POST", appauth, tt.body, tt.headers...), tt.status, tt.code)
	}
}

func basic(account, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(account+":"+password))
}

func TestAccountLogin(t *testing.T) {
	t.Parallel()
	r := start(t)
	try := func(password string) answer {
		return r.call("POST", accountAuth, `{"account":"bot@corp","clientType":72}`, "Authorization", basic(account, password))
	}
	type reply struct {
		AccessToken string
		User        struct {
			AdminType int
			Name      string
		}
	}
	got := decode[reply](r, try(password), "login")
	if got.AccessToken == "" || got.User.AdminType != 0 {
		t.Errorf("login = %+v, want a token of the default administrator", got)
	}
	if a := r.call("POST", accountAuth, `{"account":"bot@corp","clientType":72,"createTokenType":1}`, "Authorization", basic(account, password)); strings.Contains(a.body, "accessToken") {
		t.Errorf("createTokenType 1 = %s, want no token", a.body)
	}
	r.refused("no clientType", r.call("POST", accountAuth, `{"account":"bot@corp"}`, "Authorization", basic(account, password)), 400, "USG.000000003")
	r.refused("two accounts", r.call("POST", accountAuth, `{"account":"bot@corp","clientType":72}`, "Authorization", basic("x", password)), 401, "USG.206010000")

	for range 4 {
		r.refused("a wrong password", try("Wrong0000"), 401, "USG.206010000")
	}
	r.refused("the right one, after five wrong", try(password), 423, "USG.206030015")
	r.clock.advance(5 * time.Minute)
	if a := try(password); a.status != 200 {
		t.Errorf("five minutes later = %d %s, want 200", a.status, a.body)
	}
}

// TestLoginUnits checks a trap in the response: createTime is in milliseconds,
// everything else in seconds.
func TestLoginUnits(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *meetingsim.Options) { o.TokenLife = time.Hour })
	type reply struct {
		ValidPeriod, CreateTime, ExpireTime int64
		RefreshValidPeriod                  int64
		ClientType                          int
	}
	body := fmt.Sprintf(`{"appId":%q,"clientType":72,"expireTime":0,"nonce":%q}`, appID, nonce)
	got := decode[reply](r, r.call("POST", appauth, body, "Authorization", authorization(sign(appKey, appID+"::0:"+nonce))), "login")
	want := reply{3600, noon.UnixMilli(), noon.Unix() + 3600, 2592000, 72}
	if got != want {
		t.Errorf("login = %+v, want %+v", got, want)
	}
}
