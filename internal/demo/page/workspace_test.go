package page_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"meetingbot/internal/demo/stage"
	"meetingbot/internal/meetingsim"
)

// as returns the address of a person's page.
func (s *show) as(person string) string { return s.url + "/?as=" + person }

// TestMainJobAsTwoPeople cancels a meeting by clicking, in two people's windows at once.
func TestMainJobAsTwoPeople(t *testing.T) {
	t.Parallel()
	s := open(t)
	ana := chromium(t)
	carol := ana.tab()
	carol.do(visit(s.as("carol")))
	ana.do(visit(s.as("ana")), press(`//*[@id="line"]`), chromedp.SendKeys(chromedp.CSS("#line"), "/"))
	if !value[bool](ana, `!document.querySelector("#hint").hidden`) {
		t.Error("typing / does not show the command")
	}
	ana.do(chromedp.SendKeys(chromedp.CSS("#line"), "can\t"+stage.Planned+"\r"), says("#messages h3", "Cancel this meeting?"))
	carol.do(says("#messages h3", "Cancel this meeting?"))
	ana.do(click("Cancel meeting"), says("#messages h3", "Meeting cancelled"), says("#messages", "1 reply"))
	ana.do(says("#meetings .Cancelled", "Quarterly planning"), says("#calls .removes", "conferenceID="+stage.Planned), says("#calls .removes", "it took effect"))
	ana.do(press(`(//a[@class="thread-link"])[last()]`), says("#replies", "The owner, Carol Jones, was told in a direct message."))
	carol.do(says("#messages h3", "Meeting cancelled"), says("#channels", "Meetingbot new"),
		press(`//nav[@class="channels"]//a[starts-with(normalize-space(.), "Meetingbot new")]`), says("#messages h3", "Your meeting was cancelled"))
	carol.do(press(`//a[.="Open the conversation in Slack"]`), says("#replies", "was cancelled by @Ana Souza"))
}

// TestOnlyOwnAnswers asserts that people see their own answers and no others'.
func TestOnlyOwnAnswers(t *testing.T) {
	t.Parallel()
	s := open(t)
	dave := chromium(t)
	ana := dave.tab()
	ana.do(visit(s.as("ana")))
	dave.do(visit(s.as("dave")), say("/cancel-meeting "+stage.Planned), says(".ephemeral", "You can't cancel"), says(".ephemeral", "Only visible to you"))
	dave.do(say("good morning"))
	ana.do(says("#messages", "good morning"))
	if text := value[string](ana, `document.querySelector("#messages").textContent`); strings.Contains(text, "You can't cancel") {
		t.Errorf("Ana sees what only Dave was told:\n%s", text)
	}
	dave.do(press(`//ul[contains(@class, "people")]//a[.="Gina"]`), says(".role", "You are Gina Rossi"))
	dave.do(say("/cancel-meeting "+stage.Planned), says(".ephemeral", "Guests can't cancel meetings."))
}

// TestEveryKindOfControl enters a reason in a modal, chooses a date of a series in a menu,
// and uses the shortcut on a message.
func TestEveryKindOfControl(t *testing.T) {
	t.Parallel()
	s := open(t)
	ana := chromium(t)
	ana.do(visit(s.as("ana")), say("/cancel-meeting "+stage.Recurring), says("#messages h3", "Cancel dates or the whole series?"))
	ana.do(click("Add a reason…"), chromedp.WaitVisible(chromedp.CSS("#window textarea")))
	ana.do(chromedp.KeyEvent("\x1b"), chromedp.WaitNotVisible(chromedp.CSS("#window")))
	ana.do(chromedp.KeyEvent("what is typed next\r"), says("#messages", "what is typed next"))
	ana.do(click("Add a reason…"), chromedp.WaitVisible(chromedp.CSS("#window textarea")),
		chromedp.SendKeys(chromedp.CSS("#window textarea"), "a <b>leak</b>"), click("Save"), says("#messages", "a <b>leak</b>"))
	ana.do(click("Cancel chosen dates"), says(".ephemeral", "No date is ticked."))
	ana.do(press(`(//fieldset//input[@type="checkbox"])[2]`), chosen("1 date"))
	ana.do(press(`(//fieldset//input[@type="checkbox"])[3]`), click("Cancel chosen dates"), says("#messages h3", "2 dates cancelled"))
	ana.do(says("#meetings", "series, 3 dates left"))

	ana.do(say("who needs 914777888?"), says("#messages", "who needs"),
		press(`(//article[contains(., "who needs")]//summary)[last()]`), click("Cancel this meeting"), says("#messages h3", "Cancel this meeting?"))
	ana.do(click("Keep meeting"), says("#messages h3", "Meeting kept"))
}

// chosen waits until the server has the choice in the menu, which shows on a freshly loaded
// page.
func chosen(string) step {
	return until(`async () => {
		const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
		return page.querySelectorAll("fieldset input[checked]").length === 1;
	}`)
}

// TestOtherSide books, starts and ends a meeting in the Meeting service, and asserts that
// clicking an open card then shows the truth.
func TestOtherSide(t *testing.T) {
	t.Parallel()
	s := open(t)
	ana := chromium(t)
	ana.do(visit(s.as("ana")), chromedp.SendKeys(chromedp.CSS(`.new-meeting input[name=subject]`), "Offsite"), click("Create"), says("#meetings", "Offsite"))
	all := s.Meetings.Meetings()
	id := all[len(all)-1].ID
	ana.do(say("/cancel-meeting "+id), says("#messages", "Offsite"))
	ana.do(click("Start Offsite"), says("#meetings", "running, 1 in it"))
	ana.do(click("Cancel meeting"), says("#messages", "Nothing was done."), says("#messages h3", "This meeting has started"))
	ana.do(click("End Offsite"), says("#meetings .Destroyed", "Offsite"))
	if m, _ := s.Meetings.Meeting(id); m.State != meetingsim.StateEnded {
		t.Errorf("the meeting is %s, want %s", m.State, meetingsim.StateEnded)
	}
}

// TestHostileSubjectInTheBrowser asserts that a subject with markup stays text.
func TestHostileSubjectInTheBrowser(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.Meetings.AddMeeting(meetingsim.Meeting{ID: "914999999", Subject: `<img src=x onerror="document.title='owned'"><b>bold</b>`})
	ana := chromium(t)
	ana.do(visit(s.as("ana")), say("/cancel-meeting 914999999"), says("#messages h3", "Cancel this meeting?"), says("#meetings", "<b>bold</b>"))
	if n := value[int](ana, `document.querySelectorAll("main img, aside img").length`); n != 0 {
		t.Errorf("%d pictures on the page, want the subject as text", n)
	}
	if title := value[string](ana, `document.title`); strings.Contains(title, "owned") {
		t.Error("a script in the subject ran")
	}
}
