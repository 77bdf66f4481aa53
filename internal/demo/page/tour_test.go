package page_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"meetingbot/internal/demo/stage"
)

var steps = flag.String("steps", "", "folder for a picture of each step of the tour")

// at waits for a step of the tour, and asserts what holds for every step: it points at one
// element, which is fully visible together with the tour and has the focus.
func (w window) at(step int) {
	w.t.Helper()
	w.do(says("#tour-place", fmt.Sprintf("%d of 7", step)), until(`() => {
		const spots = [...document.querySelectorAll(".spot")];
		const tour = document.querySelector("#tour").getBoundingClientRect();
		const spot = spots[0]?.getBoundingClientRect();
		return spots.length === 1 && spot.top >= -1 && spot.bottom <= tour.top + 1 && tour.bottom <= innerHeight + 1;
	}`), until(`() => {
		const focus = document.activeElement, spot = document.querySelector(".spot");
		return spot.contains(focus);
	}`))
	if wide := value[int](w, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		w.t.Errorf("step %d: the page is %d pixels wider than the window", step, wide)
	}
	if *steps != "" {
		picture, err := chromedp.Run(w.ctx, chromedp.CaptureScreenshot())
		if err != nil {
			w.t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*steps, fmt.Sprintf("step%d.png", step)), picture, 0o600); err != nil {
			w.t.Fatal(err)
		}
	}
}

// TestTourFollowed asserts that doing what the tour says leads to its end, without clicking
// on the tour.
func TestTourFollowed(t *testing.T) {
	t.Parallel()
	s := open(t)
	ana := chromium(t)
	ana.do(chromedp.EmulateViewport(1400, 900), visit(s.as("ana")))
	ana.at(1)
	ana.do(chromedp.KeyEvent("/cancel-meeting " + stage.Planned + "\r")) // the focus is in the field
	ana.at(2)
	ana.do(click("Cancel meeting"))
	ana.at(3)
	ana.do(press(`(//a[@class="thread-link"])[last()]`))
	ana.at(4)
	ana.do(press(`//ul[contains(@class, "people")]//a[.="Carol"]`), says(".role", "Carol Jones"))
	ana.at(4)
	ana.do(press(`//ul[contains(@class, "people")]//a[.="Dave"]`), says(".role", "Dave Brown"), say("/cancel-meeting 914777888"))
	ana.at(5)
	ana.do(click("Ask the owner"), chromedp.WaitVisible(chromedp.CSS("#window textarea")),
		chromedp.SendKeys(chromedp.CSS("#window textarea"), "the room is flooded"), click("Ask"), chromedp.WaitNotVisible(chromedp.CSS("#window")))
	ana.do(press(`//ul[contains(@class, "people")]//a[.="Bob"]`), says(".role", "Bob"), press(`//a[starts-with(normalize-space(.), "Meetingbot, Home")]`))
	ana.do(says(".home", "requested by @Dave Brown"))
	ana.at(6)
	ana.do(press(`//ul[contains(@class, "people")]//a[.="Ana"]`), says(".role", "Ana Souza"))
	ana.do(press(`//ul[@id="channels"]//a[starts-with(normalize-space(.), "#general")]`), says(".conversation h2", "#general"))
	ana.do(click("Answer lost after it acted"), say("/cancel-meeting 914777888"), says("#messages", "Design review"), click("Cancel meeting"))
	ana.do(says("#calls .lost", "answer lost"))
	ana.at(7)
	ana.do(click("Clear all faults"), click("Kill the bot at the DELETE"), say("/cancel-meeting 914222333 --end"), says("#messages", "Supplier call"), click("End for everyone"))
	ana.do(says("#tour-place", "7 of 7, done"), click("Close"), chromedp.WaitNotVisible(chromedp.CSS("#tour")))
}

// TestTourStarted asserts that the link “Tour” leads to the first step's spot, also on a phone
// that was showing another part of the page.
func TestTourStarted(t *testing.T) {
	t.Parallel()
	s := open(t)
	ana := chromium(t)
	ana.do(chromedp.EmulateViewport(390, 844), visit(s.as("ana")))
	ana.do(click("Close"), press(`//nav[@class="jump"]/a[.="Faults"]`),
		until(`() => scrollY + innerHeight >= document.documentElement.scrollHeight - 1`), // the end of the page
		press(`//nav[@class="jump"]/a[.="Tour"]`))
	ana.at(1)
}

// TestTourRead asserts that the tour can be read to its end without doing what it says, even
// on a phone, and that it does nothing on its own.
func TestTourRead(t *testing.T) {
	t.Parallel()
	for _, size := range [][2]int64{{1400, 900}, {390, 844}} {
		t.Run(fmt.Sprint(size), func(t *testing.T) {
			t.Parallel()
			readTour(t, size)
		})
	}
}

func readTour(t *testing.T, size [2]int64) {
	t.Helper()
	s := open(t)
	ana := chromium(t)
	ana.do(chromedp.EmulateViewport(size[0], size[1]), visit(s.as("ana")))
	ana.at(1)
	for i := 2; i <= 7; i++ {
		ana.do(click("Next"))
		ana.at(i)
	}
	ana.do(press(`//ul[contains(@class, "people")]//a[.="Carol"]`), says(".role", "Carol Jones"))
	ana.at(7)
	ana.do(click("Back"))
	ana.at(6)
	ana.do(click("Close"), chromedp.WaitNotVisible(chromedp.CSS("#tour")))
	ana.do(press(`//ul[contains(@class, "people")]//a[.="Ana"]`), says(".role", "Ana Souza"), chromedp.WaitNotVisible(chromedp.CSS("#tour")))
	if calls, messages := s.Meetings.Journal(), s.Slack.Messages(stage.General, "U0ANA"); len(messages) > 0 || strings.Contains(fmt.Sprint(calls), "DELETE") {
		t.Errorf("after the tour there are %d messages and the calls %+v, want nothing done", len(messages), calls)
	}
}
