package page_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"meetingbot/internal/demo/stage"
)

// A violation is one of axe's findings.
type violation struct {
	ID, Impact, Help string
	Nodes            []struct{ HTML string }
}

// TestAccessibility asserts that axe finds nothing serious, light or dark, wide or narrow.
func TestAccessibility(t *testing.T) {
	t.Parallel()
	axe, err := os.ReadFile("testdata/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	s := open(t)
	ana := chromium(t)
	ana.do(visit(s.as("ana")), say("/cancel-meeting "+stage.Planned), says("#messages h3", "Cancel this meeting?"), click("Cancel meeting"), says("#messages", "1 reply"))
	ana.do(say("/cancel-meeting "+stage.Recurring), says("#messages h3", "Cancel dates"), say("/cancel-meeting"), says(".ephemeral h3", "Which meeting?"))
	ana.do(click("Meeting service slow"), says("#fault-slow [aria-pressed=true]", "slow"), press(`(//a[@class="thread-link"])[last()]`), says("#replies", "was told"))
	check := func(name string) {
		t.Helper()
		found := value[string](ana, string(axe)+`; axe.run().then((r) => JSON.stringify(r.violations))`)
		var violations []violation
		if err := json.Unmarshal([]byte(found), &violations); err != nil {
			t.Fatal(err)
		}
		for _, v := range violations {
			if v.Impact == "serious" || v.Impact == "critical" {
				t.Errorf("%s: %s (%s): %s\n%+v", name, v.ID, v.Impact, v.Help, v.Nodes)
			}
		}
	}
	check("wide, light")
	ana.do(dark())
	check("wide, dark")
	ana.do(chromedp.EmulateViewport(380, 780))
	check("narrow, dark")
	ana.do(chromedp.EmulateReset(), dark(), click("Add a reason…"), chromedp.WaitVisible(chromedp.CSS("#window textarea")))
	check("window, dark")
}

// dark makes the browser prefer dark pages.
func dark() step {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: "dark"}},
		})
		return err
	})
}

// TestNarrow asserts that a phone shows the page without scrolling sideways.
func TestNarrow(t *testing.T) {
	t.Parallel()
	s := open(t)
	ana := chromium(t)
	ana.do(chromedp.EmulateViewport(360, 740), visit(s.as("ana")), say("/cancel-meeting "+stage.Recurring), says("#messages h3", "Cancel dates"))
	if wide := value[int](ana, `document.documentElement.scrollWidth`); wide > 360 {
		t.Errorf("the page is %d pixels wide, want at most 360", wide)
	}
	ana.do(click("Keep meeting"), says("#messages h3", "Meeting kept"), press(`//nav[@class="jump"]//a[.="Meetings"]`), click("End Supplier call"), says("#meetings .Destroyed", "Supplier call"))
}

// TestKeyboard has a whole conversation without a mouse.
func TestKeyboard(t *testing.T) {
	t.Parallel()
	s := open(t)
	ana := chromium(t)
	ana.do(visit(s.as("ana")), chromedp.KeyEvent("/cancel-meeting "+stage.Planned+"\r"), says("#messages h3", "Cancel this meeting?"))
	ana.do(until(`() => { document.querySelector("#messages").focus(); return document.activeElement.id === "messages"; }`))
	reached := false
	for range 6 {
		ana.do(chromedp.KeyEvent("\t"))
		if value[string](ana, `document.activeElement.textContent`) == "Cancel meeting" {
			reached = true
			break
		}
	}
	if !reached {
		t.Fatalf("six times Tab from the messages lead to %q, want the button", value[string](ana, `document.activeElement.outerHTML`))
	}
	ana.do(chromedp.KeyEvent("\r"), says("#messages h3", "Meeting cancelled"))
}

// firstPaint is how long a page may take to paint on loopback.
const firstPaint = 300 * time.Millisecond

// TestThousandMessages shows many messages. With MEETINGBOT_TEST_TIMES=1 it also asserts
// times, which only mean something on an otherwise idle machine.
func TestThousandMessages(t *testing.T) {
	t.Parallel()
	s := open(t)
	for i := range 1000 {
		s.Slack.Type("U0BOB", stage.General, fmt.Sprintf("message %d", i))
	}
	ana := chromium(t)
	ana.do(visit(s.as("ana")))
	paint := time.Duration(value[float64](ana, `performance.getEntriesByName("first-contentful-paint")[0].startTime`) * float64(time.Millisecond))
	t.Logf("first paint with 1,000 messages after %v", paint)
	if os.Getenv("MEETINGBOT_TEST_TIMES") != "" && paint > firstPaint {
		t.Errorf("first paint after %v, want at most %v", paint, firstPaint)
	}
	ana.do(inSight("message 999"))
	ana.do(until(`() => { document.querySelector("#messages").scrollTop = 0; return true; }`), inSight("message 0"))
	frames := value[float64](ana, `new Promise((done) => {
		const log = document.querySelector("#messages");
		const start = performance.now();
		let frames = 0;
		const step = () => { log.scrollTop += 400; frames++; frames < 60 ? requestAnimationFrame(step) : done((performance.now() - start) / frames); };
		requestAnimationFrame(step);
	})`)
	t.Logf("scrolling takes %.1f ms a frame", frames)
	s.Slack.Type("U0BOB", stage.General, "one more")
	ana.do(says("#messages", "one more"))
	if n := value[int](ana, `document.querySelectorAll("#messages > article").length`); n != 1001 {
		t.Errorf("%d messages on the page, want 1001", n)
	}
}

// inSight waits until a message can be seen without scrolling.
func inSight(text string) step {
	return until(`(text) => {
		const log = document.querySelector("#messages").getBoundingClientRect();
		const last = [...document.querySelectorAll("#messages .text")].find((e) => e.textContent === text)?.getBoundingClientRect();
		return last && last.top >= log.top - 1 && last.bottom <= log.bottom + 1;
	}`, text)
}
