package label

import "testing"

func TestAt(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		at   int
		want Class
	}{
		{"meeting id: 1", 0, Meeting},
		{"id: 1", 0, Meeting},
		{"the id is 1", 4, Meeting},
		{"x\nid 1", 2, Meeting},
		{"time: 10:00; id 1", 13, Meeting},
		{"id of the meeting 1", 0, Meeting},
		{"id da reuniao 1", 0, Meeting},
		{"customer id 1", 9, Other},
		{"customer-id 1", 9, Other},
		{"id do cliente 1", 0, Other},
		{"我的客户id 1", 4, Other},
		{"standup id 1", 8, Unclear},
		{"id of the room 1", 0, Unclear},
		{"会议id 1", 0, Meeting},
		{"senha: 1", 0, Secret},
		{"ideal 1", 0, None},
		{"void 1", 2, None},
	} {
		if got, _ := At([]rune(tt.text), tt.at); got != tt.want {
			t.Errorf("At(%q, %d) = %v, want %v", tt.text, tt.at, got, tt.want)
		}
	}
}
