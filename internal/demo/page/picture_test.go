package page_test

import (
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"

	"meetingbot/internal/demo/stage"
)

// TestPicture draws docs/demo.png with -update: the page after a cancellation, with another
// card open.
func TestPicture(t *testing.T) {
	t.Parallel()
	if !*update {
		t.Skip("draws a picture only with -update")
	}
	s := open(t)
	ana := chromium(t)
	ana.do(visit(s.as("ana")), say("Carol is ill, who cancels her planning meeting?"), says("#messages", "Carol is ill"))
	ana.do(say("/cancel-meeting "+stage.Planned+` --reason "Carol is ill"`), says("#messages h3", "Cancel this meeting?"), click("Cancel meeting"), says("#messages", "1 reply"))
	ana.do(say("/cancel-meeting "+stage.Running), says("#messages h3", "This meeting has started"), click("Close"))
	ana.do(press(`(//a[@class="thread-link"])[last()]`), says("#replies", "was told in a direct message"), until(`() => {
		const log = document.querySelector("#messages");
		return log.scrollTop + log.clientHeight >= log.scrollHeight - 2;
	}`))
	picture, err := chromedp.Run(ana.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(docs, "demo.png"), picture) // all colours: the light that says whether the bot runs is small
}
