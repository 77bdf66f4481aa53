package page_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"meetingbot/internal/demo/stage"
)

// TestEscape asserts that after closing a window with Escape, typed text goes to the
// conversation.
func TestEscape(t *testing.T) {
	t.Parallel()
	s := open(t)
	ana := chromium(t)
	ana.do(visit(s.as("ana")), say("/cancel-meeting "+stage.Planned), click("Add a reason…"), says("#window-title", "Reason"))
	ana.do(chromedp.KeyEvent("half a thought"), chromedp.KeyEvent(kb.Escape))
	ana.do(until(`() => !document.querySelector("#window").open && document.activeElement.id === "line"`))
	ana.do(chromedp.KeyEvent("heard again\r"), says("#messages", "heard again"))
}
