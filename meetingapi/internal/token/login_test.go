package token

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// The vectors are computed from the documented formula with an invented key:
// the vendor publishes none that can be checked.
func TestAppIDSignature(t *testing.T) {
	t.Parallel()
	const (
		id    = "fdb8e4699586458bbd10c834872dcc62"
		key   = "0123456789abcdef0123456789abcdef"
		nonce = "EycLQsHwxhzK9OW8UEKWNfH2I3CGR2nINuU1EBpv162d42d92s"
	)
	for _, tt := range []struct {
		desc string
		app  App
		want string
	}{
		{"a user", App{ID: id, Key: key, UserID: "testuser@mycorp.com"}, "538f10a4d4768e3ed95e2006a7936a2954bc3eea9f5b4c5bf658127c304bb3c9"},
		{"the administrator: both colons stay", App{ID: id, Key: key}, "bf003ebe5a82053053b4a14f195562e720eb3474a6a107599be0bad2fdd8a816"},
		{"a service provider's user", App{ID: id, Key: key, CorpID: "807074304", UserID: "testuser@mycorp.com"}, "609e6e2e20cdd617f309839562842cdcd0138d208b385c206ee49c946c4a3cc6"},
	} {
		got := tt.app.Authorization(1627722929, nonce)
		want := "HMAC-SHA256 signature=" + tt.want + ",access=ZmRiOGU0Njk5NTg2NDU4YmJkMTBjODM0ODcyZGNjNjI="
		if got != want {
			t.Errorf("%s: Authorization(1627722929, nonce) = %q, want %q", tt.desc, got, want)
		}
	}
	plain := App{ID: id, Key: key}.Authorization(1, nonce)
	provider := App{ID: id, Key: key, SP: true}.Authorization(1, nonce)
	corp := App{ID: id, Key: key, SP: true, CorpID: "807074304"}.Authorization(1, nonce)
	if plain == provider || provider == corp {
		t.Errorf("Authorization is the same for an enterprise, a provider and a provider's enterprise: %q, %q, %q", plain, provider, corp)
	}
}

// A key and a token are printed nowhere, whoever prints what holds them.
func TestNothingIsPrinted(t *testing.T) {
	t.Parallel()
	app, tok := App{Key: "sesame"}, Reply{AccessToken: "sesame"}.Token(time.Now())
	for _, v := range []any{app, &app, tok, *tok, &Keeper{current: tok}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x"} {
			if s := fmt.Sprintf(verb, v); strings.Contains(s, "sesame") || strings.Contains(s, "736573616d65") {
				t.Errorf("%T as %s is %s", v, verb, s)
			}
		}
	}
}

func FuzzLogin(f *testing.F) {
	for _, b := range []string{
		`{"accessToken":"t","validPeriod":56326,"expireTime":1627768613,"user":{"adminType":0}}`,
		`{"accessToken":"t","validPeriod":9e15}`, `{"accessToken":"t","expireTime":-9e15}`,
		"", "null", "{}", "[]", `"x"`, "7", "-1e999", "[[", "\xff\xfe", `{"a":`,
	} {
		f.Add([]byte(b))
	}
	asked := time.Unix(1_800_000_000, 0)
	f.Fuzz(func(t *testing.T, body []byte) {
		var r Reply
		if json.Unmarshal(body, &r) != nil {
			return
		}
		tok := r.Token(asked)
		if (tok == nil) != (r.AccessToken == "") || tok != nil && tok.Value() == "" {
			t.Fatalf("login %q has the token %v", body, tok)
		}
		if tok == nil {
			return
		}
		if life := tok.Expiry.Sub(asked); life <= 0 || life > 367*24*time.Hour || tok.stale.After(tok.Expiry) || !tok.stale.After(asked) {
			t.Errorf("a token for %v, used until %v", life, tok.stale)
		}
	})
}
