package wire

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestOddJSON: one odd field doesn't affect others, and an unreadable value counts as left
// out.
func TestOddJSON(t *testing.T) {
	t.Parallel()
	type row struct {
		Text Text         `json:"t"`
		N    Number       `json:"n"`
		F    Flag         `json:"f"`
		L    List[Text]   `json:"l"`
		O    Object[Rule] `json:"o"`
	}
	for _, tt := range []struct {
		body string
		want row
	}{
		{`{}`, row{}},
		{`{"t":null,"n":null,"f":null,"l":null,"o":null}`, row{}},
		{`{"t":[],"n":{},"f":[],"l":{},"o":[]}`, row{}},
		{`{"t":{},"n":"x","f":"perhaps","l":"x","o":7}`, row{}},
		{`{"t":" x ","n":"7","f":"Y","l":[],"o":{}}`, row{"x", Number{7, true}, Flag{true, true}, List[Text]{Set: true}, Object[Rule]{}}},
		{`{"t":7,"n":-7,"f":0,"l":["a",null,{"b":1}]}`, row{Text: "7", N: Number{-7, true}, F: Flag{false, true}, L: List[Text]{Rows: []Text{"a", ""}, Odd: 1, Set: true}}},
		{`{"t":true,"n":1e99,"f":2,"o":{"cycle":"Day","interval":"x"}}`, row{Text: "true", O: Object[Rule]{V: Rule{Cycle: "Day"}}}},
	} {
		var got row
		if err := json.Unmarshal([]byte(tt.body), &got); err != nil {
			t.Errorf("Unmarshal(%s) = %v, want no error", tt.body, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.body, diff)
		}
	}
	if got := (Number{-1, true}).Count(); got.Set {
		t.Errorf("a count of -1 = %+v, want none", got)
	}
}
