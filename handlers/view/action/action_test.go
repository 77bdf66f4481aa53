package action_test

import (
	"slices"
	"strconv"
	"testing"

	"meetingbot/handlers/view/action"
	"meetingbot/internal/cancellation"
)

const id cancellation.ID = "abcdefghijklmnopqrstuvwxyz"

// TestNames: every name is unique, and no longer than Slack allows.
func TestNames(t *testing.T) {
	t.Parallel()
	all := slices.Concat(action.Buttons(), action.Inputs(), []string{
		action.ShortcutCancel, action.ModalAskOwner, action.ModalDelegate, action.InputReceiver, action.InputUntil,
	})
	if slices.Sort(all); len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Errorf("a name is used twice in %q", all)
	}
	for _, name := range all {
		if name == "" || len(name) > 255 {
			t.Errorf("a name has %d characters", len(name))
		}
	}
	if want := len(action.DateInputs())*action.MaxTicks == action.MaxDates && len(action.MeetingInputs())*action.MaxTicks == action.MaxMeetings; !want {
		t.Errorf("%d and %d inputs of %d don't hold %d dates and %d meetings", len(action.DateInputs()), len(action.MeetingInputs()), action.MaxTicks, action.MaxDates, action.MaxMeetings)
	}
}

// TestBlocksReadBack: what a view writes into a block_id can be read back from a click, and no
// kind of block is taken for another.
func TestBlocksReadBack(t *testing.T) {
	t.Parallel()
	for _, revision := range []int{0, 1, 12, 1 << 30} {
		for _, input := range slices.Concat(action.MeetingInputs(), []string{"answer"}) {
			block := action.PageBlock(id, revision, input)
			if got := action.RevisionOf(block); got != revision || action.TickedRequest(block) != id || len(block) > 255 {
				t.Errorf("%q reads back as page %d of %q", block, got, action.TickedRequest(block))
			}
		}
	}
	for _, input := range action.Inputs() {
		block := action.TickBlock(id, input)
		if _, choice := action.ChoiceIndex(block); action.TickedRequest(block) != id || action.RevisionOf(block) != -1 || choice || len(block) > 255 {
			t.Errorf("%q reads back as %q on page %d", block, action.TickedRequest(block), action.RevisionOf(block))
		}
	}
	for _, i := range []int{0, 14, 99} {
		for _, of := range []cancellation.ID{id, "short", ""} {
			block := action.ChoiceBlock(of, i)
			if got, ok := action.ChoiceIndex(block); !ok || got != i || action.TickedRequest(block) != "" || action.RevisionOf(block) != -1 {
				t.Errorf("%q reads back as choice %d, %t", block, got, ok)
			}
		}
	}
}

// TestForgedBlocks: a forged block_id reads as none.
func TestForgedBlocks(t *testing.T) {
	t.Parallel()
	huge := "99999999999999999999"
	for _, block := range []string{"", ":", "page", "page:", "page::x", "page:" + huge + ":answer:" + string(id), "page: 1:x:y", "PAGE:1:x:y", "xpage:1:x:y", "choice:" + huge + ":x", "choice:1.0:x", "choice:+:x"} {
		if got := action.RevisionOf(block); got != -1 {
			t.Errorf("RevisionOf(%q) = %d, want -1", block, got)
		}
		if i, ok := action.ChoiceIndex(block); ok {
			t.Errorf("ChoiceIndex(%q) = %d, true", block, i)
		}
		if got := action.TickedRequest(block); got != "" {
			t.Errorf("TickedRequest(%q) = %q", block, got)
		}
	}
}

// TestTicks: positions are sorted, without duplicates, and only from their own boxes.
func TestTicks(t *testing.T) {
	t.Parallel()
	dates, meetings := action.DateInputs(), action.MeetingInputs()
	for _, test := range []struct {
		name            string
		selected        map[string][]string
		dates, meetings []int
	}{
		{"none", map[string][]string{}, nil, nil},
		{"dates in any order", map[string][]string{dates[4]: {"49", "40"}, dates[0]: {"9", "0"}}, []int{0, 9, 40, 49}, nil},
		{"meetings", map[string][]string{meetings[1]: {"19", "10"}, meetings[0]: {"3"}}, nil, []int{3, 10, 19}},
		{"each its own", map[string][]string{meetings[0]: {"1"}, dates[0]: {"2"}, action.InputTell: {"3"}}, []int{2}, []int{1}},
		{"twice", map[string][]string{meetings[0]: {"1", "1"}, meetings[1]: {"1"}}, nil, []int{1}},
		{"forged", map[string][]string{meetings[0]: {"-1", "x", "", "1e3", "0x1", "99999999999999999999", " 2", "5"}}, nil, []int{5}},
	} {
		if got := action.Picked(test.selected); !slices.Equal(got, test.dates) {
			t.Errorf("%s: Picked = %v, want %v", test.name, got, test.dates)
		}
		if got := action.PickedMany(test.selected); !slices.Equal(got, test.meetings) {
			t.Errorf("%s: PickedMany = %v, want %v", test.name, got, test.meetings)
		}
	}
	var every []string
	for i := range action.MaxMeetings {
		every = append(every, strconv.Itoa(i))
	}
	if got := action.PickedMany(map[string][]string{meetings[0]: every[:10], meetings[1]: every[10:]}); len(got) != action.MaxMeetings {
		t.Errorf("of %d ticks, %d are read", action.MaxMeetings, len(got))
	}
}

// TestTellTicked: only a ticked box counts.
func TestTellTicked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		selected map[string][]string
		want     bool
	}{
		"ticked": {map[string][]string{action.InputTell: {action.TellYes}}, true}, "unticked": {map[string][]string{action.InputTell: {}}, false},
		"no box": {nil, false}, "another value": {map[string][]string{action.InputTell: {"no"}}, false}, "another box": {map[string][]string{"pick_meetings": {action.TellYes}}, false},
	} {
		if got := action.TellTicked(test.selected); got != test.want {
			t.Errorf("%s: TellTicked = %t, want %t", name, got, test.want)
		}
	}
}
