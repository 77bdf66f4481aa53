package meetingsim_test

import (
	"testing"
	"time"

	"meetingbot/internal/meetingsim"
)

// TestSite: a service that requires a site and a portal refuses every call without them, even the login, and journals them.
func TestSite(t *testing.T) {
	t.Parallel()
	r := start(t, func(o *meetingsim.Options) { o.SiteID, o.AuthorizationType = "s1", "portal" })
	body := marshal(r, map[string]any{"account": account, "clientType": 72})
	const login = "/v1/usg/acs/auth/account"
	basic := []string{"Authorization", "Basic Ym90QGNvcnA6UGFzc3cwcmQh"}
	r.refused("a login without", r.call("POST", login, body, basic...), 400, "USG.206010064")
	r.refused("of another site", r.call("POST", login, body, append(basic, "X-Site-Id", "s2", "X-Authorization-Type", "portal")...), 400, "USG.206010064")
	r.refused("of no portal", r.call("POST", login, body, append(basic, "X-Site-Id", "s1")...), 403, "USG.000000403")
	a := r.call("POST", login, body, append(basic, "X-Site-Id", "s1", "X-Authorization-Type", "portal")...)
	r.token = decode[struct {
		AccessToken string `json:"accessToken"`
	}](r, a, "login").AccessToken
	r.refused("a call without", r.call("GET", me, ""), 400, "USG.206010064")
	if a := r.call("GET", me, "", "X-Site-Id", "s1", "X-Authorization-Type", "portal"); a.status != 200 {
		t.Errorf("GET with both = %d %s, want 200", a.status, a.body)
	}
	last := r.sim.Journal()[5]
	if last.SiteID != "s1" || last.AuthorizationType != "portal" {
		t.Errorf("journal = %+v, want both headers", last)
	}
}

// TestUserUUIDOfADelete: the user named in a cancellation must be allowed to cancel.
func TestUserUUIDOfADelete(t *testing.T) {
	t.Parallel()
	r := admin(t)
	ana, bob := r.sim.AddUser(meetingsim.User{Name: "Ana"}), r.sim.AddUser(meetingsim.User{Name: "Bob"})
	r.sim.AddMeeting(meetingsim.Meeting{ID: "914087436", OwnerUUID: ana.UUID})
	r.refused("for nobody", r.call("DELETE", oneDelete+"&userUUID=", ""), 403, "MMC.111070002")
	r.refused("for a stranger", r.call("DELETE", oneDelete+"&userUUID="+bob.UUID, ""), 403, "MMC.111070002")
	if a := r.call("DELETE", oneDelete+"&userUUID="+ana.UUID, ""); a.status != 200 {
		t.Errorf("for the owner = %d %s, want 200", a.status, a.body)
	}
}

// TestCompany books three thousand meetings for a thousand people and finds one person's.
func TestCompany(t *testing.T) {
	t.Parallel()
	r := admin(t)
	r.sim.AddCompany(1000, 3000)
	people := get[struct {
		Count int `json:"count"`
		Data  []struct {
			ID    string `json:"id"`
			Email string `json:"email"`
		} `json:"data"`
	}](r, "/v1/usg/dcs/corp/member?searchKey=p7@example.com")
	if people.Count != 1 || people.Data[0].Email != "p7@example.com" {
		t.Fatalf("search for p7@example.com = %+v, want one person", people)
	}
	if got := get[listReply](r, conferences+"?userUUID="+people.Data[0].ID); got.ids() != "920000007 920001007 920002007" {
		t.Errorf("meetings of p7 = %q, want three", got.ids())
	}
	if m, found := r.sim.Meeting("920002999"); !found || m.OwnerName != "Person 999" || !m.Start.Equal(noon.Add(time.Hour+2999*time.Minute)) {
		t.Errorf("the last meeting = %+v, want Person 999's", m)
	}
}
