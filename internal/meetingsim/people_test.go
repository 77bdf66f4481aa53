package meetingsim_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"meetingbot/internal/meetingsim"
)

const usersList, member = "/v1/usg/abs/users/list", "/v1/usg/dcs/corp/member"

func staff(r *rig) {
	r.sim.AddUser(meetingsim.User{UUID: "u1", Account: "ana/sales@corp", ThirdAccount: "ana", Name: "Ana", Email: "ana@corp.example"})
	r.sim.AddUser(meetingsim.User{UUID: "u2", Account: "bob@corp", Name: "Bob", Email: "bob@corp.example", HideEmail: true})
	r.sim.AddUser(meetingsim.User{UUID: "u3", Account: "eve@corp", Name: "Eve", Email: "eve@corp.example", Forbidden: true})
}

func TestUsersList(t *testing.T) {
	t.Parallel()
	r := admin(t)
	staff(r)
	type row struct {
		ID         string
		StatusCode int
		Name       string
		Email      string
	}
	ask := func(kind, body string) answer { return r.call("POST", usersList+"?idType="+kind, body) }

	got := decode[[]row](r, ask("USER_ID", `[{"id":"u1"},{"id":"u2"},{"id":"u3"},{"id":"u9"}]`), "users/list")
	want := []row{{"u1", 0, "Ana", "ana@corp.example"}, {"u2", 0, "Bob", ""}, {"u3", 3, "", ""}, {"u9", 2, "", ""}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("users/list (-want +got):\n%s", diff)
	}
	got = decode[[]row](r, ask("THIRD_ACCOUNT", `[{"id":"ana"}]`), "users/list")
	if diff := cmp.Diff([]row{{"ana", 0, "Ana", "ana@corp.example"}}, got); diff != "" {
		t.Errorf("users/list by third account (-want +got):\n%s", diff)
	}
	for desc, a := range map[string]answer{
		"no idType": r.call("POST", usersList, `[{"id":"u1"}]`), "an object": ask("USER_ID", `{"id":"u1"}`), "no row": ask("USER_ID", `[]`),
		"an empty id": ask("USER_ID", `[{"id":""}]`), "no body": ask("USER_ID", ""),
	} {
		r.refused(desc, a, 400, "USG.000000003")
	}
}

func TestMember(t *testing.T) {
	t.Parallel()
	r := admin(t)
	staff(r)
	type record struct {
		UserAccount, Email string
		AdminType          int
	}
	for target, want := range map[string]record{
		member + "/bob@corp":           {"bob@corp", "", 2},
		member + "/ana%2Fsales@corp":   {"ana/sales@corp", "ana@corp.example", 2},
		member + "/ana?accountType=1":  {"ana/sales@corp", "ana@corp.example", 2},
		me:                             {account, "", 0},
		member + "/bot%40corp":         {account, "", 0},
		member + "/eve@corp?x=unknown": {"eve@corp", "eve@corp.example", 2},
	} {
		if got := get[record](r, target); got != want {
			t.Errorf("GET %s = %+v, want %+v", target, got, want)
		}
	}
	r.refused("nobody", r.call("GET", member+"/zoe@corp", ""), 400, "USG.201040000")
	r.refused("a third account as account", r.call("GET", member+"/ana", ""), 400, "USG.201040000")
	r.refused("accountType 2", r.call("GET", member+"/ana?accountType=2", ""), 400, "USG.000000003")
	r.refused("a slash that is not escaped", r.call("GET", member+"/ana/sales@corp", ""), 404, "APIG.0101")
	if a := r.as("ana").call("GET", member+"/bob@corp", ""); a.status != 403 {
		t.Errorf("as a user = %d %s, want 403", a.status, a.body)
	}
	type list struct {
		Count int
		Data  []record
	}
	if got := get[list](r, member+"?searchKey=BOB&limit=10"); got.Count != 1 || got.Data[0].UserAccount != "bob@corp" {
		t.Errorf("searchKey=BOB = %+v, want Bob", got)
	}
	if a := r.as("ana").call("GET", member+"?searchKey=bob", ""); a.status != 403 {
		t.Errorf("search as a user = %d %s, want 403", a.status, a.body)
	}
}
