package socket

import "testing"

func TestGroup(t *testing.T) {
	t.Parallel()
	c := group{limit: 2}
	if !isClosed(c.idle()) {
		t.Error("idle() of an empty group is open, want it closed")
	}
	for i, want := range []bool{true, true, false} {
		if got := c.enter(); got != want {
			t.Errorf("enter() no. %d = %t, want %t", i+1, got, want)
		}
	}
	idle := c.idle()
	c.leave()
	if isClosed(idle) {
		t.Error("idle() is closed with one in progress")
	}
	c.leave()
	if !isClosed(idle) || !c.enter() {
		t.Error("idle() is open after the last leave, or enter() = false")
	}
}
