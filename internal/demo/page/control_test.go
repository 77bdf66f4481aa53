package page_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// everything is a message with the parts of Block Kit that the bot doesn't use yet.
const everything = `[
	{"type": "header", "text": {"type": "plain_text", "text": "Everything"}},
	{"type": "divider"},
	{"type": "section", "text": {"type": "mrkdwn", "text": "*bold* _it_ ~no~ ` + "`code`" + `\n> quoted\n<https://example.com|a link>"},
	 "accessory": {"type": "static_select", "action_id": "one", "placeholder": {"type": "plain_text", "text": "One of them"},
	  "options": [{"text": {"type": "plain_text", "text": "First"}, "value": "1"}, {"text": {"type": "plain_text", "text": "Second"}, "value": "2"}]}},
	{"type": "actions", "block_id": "row", "elements": [
	 {"type": "radio_buttons", "action_id": "radio", "options": [{"text": {"type": "plain_text", "text": "Left"}, "value": "l"}, {"text": {"type": "plain_text", "text": "Right"}, "value": "r"}]},
	 {"type": "users_select", "action_id": "person", "placeholder": {"type": "plain_text", "text": "Who"}},
	 {"type": "datepicker", "action_id": "day", "initial_date": "2026-12-01", "placeholder": {"type": "plain_text", "text": "Until"}},
	 {"type": "checkboxes", "action_id": "boxes", "options": [{"text": {"type": "plain_text", "text": "Salt"}, "value": "s"}]},
	 {"type": "button", "action_id": "sure", "style": "danger", "text": {"type": "plain_text", "text": "Do it"}, "value": "x",
	  "confirm": {"title": {"type": "plain_text", "text": "Really?"}, "text": {"type": "mrkdwn", "text": "It *stays* done."},
	   "confirm": {"type": "plain_text", "text": "Yes, do it"}, "deny": {"type": "plain_text", "text": "No"}}}]},
	{"type": "context", "elements": [{"type": "mrkdwn", "text": "<!date^1796133600^{date_num} {time}|fallback>"}]}
]`

// asApp calls the simulated Slack as the app.
func (s *show) asApp(t *testing.T, method string, form url.Values) {
	t.Helper()
	server := httptest.NewServer(s.Slack)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/api/"+method, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Authorization", "Bearer xoxb-1-demo")
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var said struct {
		OK     bool
		Error  string
		Errors []string
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || !said.OK {
		t.Fatalf("%s: %+v, %v", method, said, err)
	}
}

// choose sets a menu or day, as the browser does when a person chooses.
func choose(selector, value string) step {
	return until(`(selector, value) => {
		const field = document.querySelector(selector);
		if (!field) return false;
		field.value = value;
		field.dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	}`, selector, value)
}

// TestControlsTheBotDoesNotUse asserts that the page sends every control the way Slack does,
// and asks for confirmation.
func TestControlsTheBotDoesNotUse(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.asApp(t, "chat.postMessage", url.Values{"channel": {stage.General}, "text": {"Everything"}, "blocks": {everything}})
	ana := chromium(t)
	ana.do(visit(s.as("ana")), says("#messages h3", "Everything"), says(".context time", "2026-12-01 11:00 AM"))
	for selector, want := range map[string]string{"b": "bold", "i": "it", "s": "no", "code": "code", ".quote": "quoted", "a[href='https://example.com']": "a link"} {
		ana.do(says("#messages .text "+selector, want))
	}
	answers := func() int {
		n := 0
		for _, m := range s.Slack.Messages(stage.General, "U0ANA") {
			if m.Ephemeral && m.User != slacksim.SlackbotID {
				n++
			}
		}
		return n
	}
	ana.do(click("Do it"), says("#confirm", "It stays done."), click("No"), chromedp.WaitNotVisible(chromedp.CSS("#confirm")))
	if n := answers(); n != 0 {
		t.Errorf("%d answers to a click that was not confirmed, want none", n)
	}
	ana.do(click("Do it"), chromedp.WaitVisible(chromedp.CSS("#confirm")), click("Yes, do it"), says(".ephemeral", "This button no longer works."))

	ana.do(choose("#messages select", "2"), choose("#messages .actions select", "U0BOB"), choose("#messages input[type=date]", "2027-01-31"))
	ana.do(press(`//input[@value="r"]`), press(`//input[@value="s"]`), until(`async () => {
		const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
		return ["option[value='2'][selected]", "option[value=U0BOB][selected]", "input[value='2027-01-31']", "[value=r][checked]", "[value=s][checked]"]
			.every((s) => page.querySelector(s));
	}`))
	if trouble := value[string](ana, `document.querySelector("#trouble").textContent`); strings.TrimSpace(trouble) != "" {
		t.Errorf("the page complains: %s", trouble)
	}
}

// TestHomeTab asserts that the Home tab has working controls but no message field.
func TestHomeTab(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.asApp(t, "views.publish", url.Values{"user_id": {stage.You}, "view": {`{"type": "home", "blocks": ` + everything + `}`}})
	ana := chromium(t)
	ana.do(visit(s.as("ana")), press(`//a[normalize-space(.)="Meetingbot, Home"]`), says(".conversation h2", "Meetingbot, Home"))
	if n := value[int](ana, `document.querySelectorAll("#line").length`); n != 0 {
		t.Errorf("the Home tab has %d fields to write in, want none", n)
	}
	if opened := value[bool](ana, `document.querySelector(".home") !== null`); !opened {
		t.Error("the Home tab shows nothing")
	}
	ana.do(press(`//ul[@id="channels"]//a[normalize-space(.)="#general"]`), says(".conversation h2", "#general"), chromedp.WaitVisible(chromedp.CSS("#line")))
}
