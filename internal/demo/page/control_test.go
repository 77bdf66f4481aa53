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

// everything is a message with what Block Kit has and the bot does not use yet.
const everything = `[
	{"type": "header", "text": {"type": "plain_text", "text": "Everything"}},
	{"type": "divider"},
	{"type": "section", "text": {"type": "mrkdwn", "text": "*bold* _it_ ~no~ ` + "`code`" + `\n> quoted\n<https://example.com|a link>"},
	 "accessory": {"type": "static_select", "action_id": "one", "placeholder": {"type": "plain_text", "text": "One of them"},
	  "options": [{"text": {"type": "plain_text", "text": "First"}, "value": "1"}, {"text": {"type": "plain_text", "text": "Second"}, "value": "2"}]}},
	{"type": "actions", "block_id": "row", "elements": [
	 {"type": "radio_buttons", "action_id": "radio", "options": [{"text": {"type": "plain_text", "text": "Left"}, "value": "l"}, {"text": {"type": "plain_text", "text": "Right"}, "value": "r"}]},
	 {"type": "checkboxes", "action_id": "boxes", "options": [{"text": {"type": "plain_text", "text": "Salt"}, "value": "s"}]},
	 {"type": "button", "action_id": "sure", "style": "danger", "text": {"type": "plain_text", "text": "Do it"}, "value": "x",
	  "confirm": {"title": {"type": "plain_text", "text": "Really?"}, "text": {"type": "mrkdwn", "text": "It *stays* done."},
	   "confirm": {"type": "plain_text", "text": "Yes, do it"}, "deny": {"type": "plain_text", "text": "No"}}}]},
	{"type": "context", "elements": [{"type": "mrkdwn", "text": "<!date^1796133600^{date_num} {time}|fallback>"}]}
]`

// postAsBot lets the app post a message, as the bot does.
func (s *show) postAsBot(t *testing.T, blocks string) {
	t.Helper()
	server := httptest.NewServer(s.Slack)
	defer server.Close()
	answer, err := http.PostForm(server.URL+"/api/chat.postMessage", url.Values{
		"token": {"xoxb-1-demo"}, "channel": {stage.General}, "text": {"Everything"}, "blocks": {blocks},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	var said struct {
		OK     bool
		Errors []string
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || !said.OK {
		t.Fatalf("chat.postMessage: %+v, %v", said, err)
	}
}

// Every control is sent as Slack sends it, and a confirmation is asked for.
func TestControlsTheBotDoesNotUse(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.postAsBot(t, everything)
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
	ana.do(click("Do it"), chromedp.WaitVisible(chromedp.CSS("#confirm")), click("Yes, do it"), says(".ephemeral", "This button does not work any more."))

	ana.do(chromedp.SetValue(chromedp.CSS("#messages select"), "2"), until(`() => {
		document.querySelector("#messages select").dispatchEvent(new Event("change", { bubbles: true }));
		return true;
	}`))
	ana.do(press(`//input[@value="r"]`), press(`//input[@value="s"]`), until(`async () => {
		const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
		return page.querySelector("option[value='2'][selected]") && page.querySelector("[value=r][checked]") && page.querySelector("[value=s][checked]") && true;
	}`))
	if trouble := value[string](ana, `document.querySelector("#trouble").textContent`); strings.TrimSpace(trouble) != "" {
		t.Errorf("the page complains: %s", trouble)
	}
}
