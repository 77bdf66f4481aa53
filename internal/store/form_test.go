package store

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestForm has the example of docs/audit.md, and some look-alikes.
func TestForm(t *testing.T) {
	t.Parallel()
	for want, texts := range map[string][]string{
		"2:ab,0:,":       {"ab", ""},
		"0:,2:ab,":       {"", "ab"},
		"5:1:a,b,":       {"1:a,b"},
		"1:a,1:b,":       {"a", "b"},
		"2:ü,":           {"ü"},
		"":               nil,
		"8:2:ab,0:,,":    {"2:ab,0:,"},
		"3:a:b,1:,,":     {"a:b", ","},
		"10:0123456789,": {"0123456789"},
	} {
		if got := form(texts...); got != want {
			t.Errorf("form(%q) = %q, want %q", texts, got, want)
		}
	}
}

// TestFormIsUnambiguous: different texts have different forms.
func TestFormIsUnambiguous(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		texts := rapid.SliceOf(rapid.StringMatching(`[0-9:,a]{0,6}`))
		a, b := texts.Draw(t, "a"), texts.Draw(t, "b")
		if (form(a...) == form(b...)) != slices.Equal(a, b) {
			t.Fatalf("form(%q) and form(%q) are %q and %q", a, b, form(a...), form(b...))
		}
	})
}

// TestLink: a linked row passes Check at its own position and no other, even after it was
// blanked.
func TestLink(t *testing.T) {
	t.Parallel()
	text := rapid.StringOf(rapid.Rune())
	rapid.Check(t, func(t *rapid.T) {
		l := linkOf(AuditRow{
			At: time.UnixMilli(rapid.Int64Range(0, 1<<42).Draw(t, "at")).UTC(), Event: EventAsked,
			Actor: text.Draw(t, "actor"), Meeting: text.Draw(t, "meeting"),
			Detail: rapid.MapOf(rapid.SampledFrom([]string{"channel", "reason", "outcome", "user", "new"}), text).Draw(t, "detail"),
		})
		l.join(head{seq: 6, hash: sum("before")})
		r := l.AuditRow
		r.Detail = maps.Clone(l.public)
		maps.Copy(r.Detail, l.private)
		r.Private = slices.Sorted(maps.Keys(l.private))
		if err := r.Check(); err != nil || r.Seq != 7 || !r.FitsAt(7) || r.FitsAt(8) {
			t.Fatalf("Check() = %v, FitsAt(7) = %t, FitsAt(8) = %t of %+v", err, r.FitsAt(7), r.FitsAt(8), r)
		}
		r.Actor, r.Detail, r.Private, r.Salt = "", l.public, nil, ""
		if err := r.Check(); err != nil {
			t.Fatalf("Check() = %v of the same row blanked", err)
		}
	})
}

// TestIsPrivate: new details are private by default.
func TestIsPrivate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, value string
		want        bool
	}{
		{"outcome", "cancelled", false},
		{"channel", "C0GENERAL", false},
		{"channel", "D0ANA", true},
		{"reason", "because", true},
		{"asker", "U0ANA", true},
		{"user", "U0ANA", true},
		{"something new", "", true},
	} {
		if got := isPrivate(tt.name, tt.value); got != tt.want {
			t.Errorf("isPrivate(%q, %q) = %t, want %t", tt.name, tt.value, got, tt.want)
		}
	}
	if !slices.IsSorted(publicDetails()) {
		t.Error("publicDetails() are not in order")
	}
}
