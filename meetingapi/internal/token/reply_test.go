package token

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestTokenIsNotPrinted: no verb of fmt prints the token, nor that of a Keeper.
func TestTokenIsNotPrinted(t *testing.T) {
	t.Parallel()
	tok := Reply{AccessToken: "sesame"}.Token(time.Now())
	for _, v := range []any{tok, *tok, &Keeper{current: tok}} {
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
