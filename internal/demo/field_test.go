package demo

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"meetingbot/internal/demo/demotest"
	"meetingbot/internal/demo/stage"
)

// fields is a message with every kind of field that has its own input format.
const fields = `[
	{"type": "actions", "block_id": "row", "elements": [
	 {"type": "users_select", "action_id": "who", "placeholder": {"type": "plain_text", "text": "Who"}},
	 {"type": "datepicker", "action_id": "until", "initial_date": "2026-12-01", "placeholder": {"type": "plain_text", "text": "Until"}},
	 {"type": "timepicker", "action_id": "at", "placeholder": {"type": "plain_text", "text": "At"}},
	 {"type": "static_select", "action_id": "menu", "placeholder": {"type": "plain_text", "text": "How"},
	  "options": [{"text": {"type": "plain_text", "text": "Gently"}, "value": "g"}, {"text": {"type": "plain_text", "text": "At once"}, "value": "o"}]},
	 {"type": "checkboxes", "action_id": "boxes",
	  "options": [{"text": {"type": "plain_text", "text": "Salt"}, "value": "s"}, {"text": {"type": "plain_text", "text": "Pepper"}, "value": "p"}],
	  "initial_options": [{"text": {"type": "plain_text", "text": "Pepper"}, "value": "p"}]}]}
]`

// asApp calls the simulated Slack as the app.
func asApp(t *testing.T, st *stage.Stage, method string, form url.Values) {
	t.Helper()
	root, _ := strings.CutPrefix(st.Environ()[0], "SLACK_API_URL=")
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, root+method, strings.NewReader(form.Encode()))
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
		OK    bool
		Error string
	}
	if err := json.NewDecoder(answer.Body).Decode(&said); err != nil || !said.OK {
		t.Fatalf("%s: %+v, %v", method, said, err)
	}
}

// playOn runs a demo with the given lines on a stage that set has prepared.
func playOn(t *testing.T, set func(*stage.Stage), lines ...string) (string, error) {
	t.Helper()
	st, err := stage.Open(t.Context(), stage.Options{Program: demotest.Program(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := st.Close(); err != nil {
			t.Error(err)
		}
	}()
	set(st)
	var out bytes.Buffer
	k, err := openKeyboard(strings.NewReader(strings.Join(lines, "\n")+"\n"), &out, false)
	if err != nil {
		t.Fatal(err)
	}
	err = newTerminal(st, k).run(t.Context())
	return out.String(), err
}

// TestFields asserts that the fields for people, days and times, menus and boxes can be
// filled in and show their values.
func TestFields(t *testing.T) {
	t.Parallel()
	post := func(st *stage.Stage) {
		asApp(t, st, "chat.postMessage", url.Values{"channel": {stage.General}, "text": {"Fields"}, "blocks": {fields}})
	}
	out, err := playOn(t, post, "1 @bob", "2 2027-01-31", "3 09:30", "4 2", "tick 5", "untick 6")
	if err != nil {
		t.Errorf("the demo ends with %v", err)
	}
	inOrder(
		t, out, "[1] Who (type: 1 @bob)", "[2] Until: 2026-12-01 (type: 2 2026-12-31)", "[3] At (type: 3 09:30)", "    1  Gently", "[5] [ ] Salt (type: tick 5)", "[6] [x] Pepper",
		"> 1 @bob", "[1] Who: @bob", "> 2 2027-01-31", "[2] Until: 2027-01-31", "> 3 09:30", "[3] At: 09:30", "> 4 2", "  • 2  At once",
		"> tick 5", "[5] [x] Salt", "[6] [x] Pepper", "> untick 6", "[5] [x] Salt", "[6] [ ] Pepper",
	)
	out, err = playOn(t, post, "1 @mallory", "2 tomorrow", "3 9 o'clock", "4 3", "4 1,2", "tick 4", "tick 6", "tick 9", "5 x")
	if !errors.Is(err, errNotDone) {
		t.Errorf("the demo ends with %v, want %v", err, errNotDone)
	}
	inOrder(
		t, out, `! there is nobody called "@mallory" here`, "! “Until” takes something like 2026-12-31, not", "! “At” takes something like 09:30",
		`! “How” has no option "3"`, "! “How” takes one option", "! “How” is not a box", "! “Pepper” is ticked already", "! Ana sees nothing numbered 9", "! “Salt” is a box",
	)
}

// TestHome asserts that the Home tab is shown each time it is opened, and that writing a
// message leaves it.
func TestHome(t *testing.T) {
	t.Parallel()
	publish := func(st *stage.Stage) {
		asApp(t, st, "views.publish", url.Values{"user_id": {stage.You}, "view": {`{"type": "home", "blocks": [{"type": "divider"}]}`}})
	}
	out, err := playOn(t, publish, "home", "home", "good morning", "home")
	if err != nil {
		t.Errorf("the demo ends with %v", err)
	}
	inOrder(t, out, "> home", "Ana, Home tab:", "> home", "Ana, Home tab:", "> good morning", "> home", "Ana, Home tab:")
}

// TestNoBot asserts that -nobot prints what another bot needs to connect.
func TestNoBot(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	d := demo{stage: stage.Options{Open: true, NoBot: true}, page: anyPort, stdin: strings.NewReader("/cancel-meeting\nquit\n"), stdout: &out}
	if err := d.run(t.Context()); !errors.Is(err, errNotDone) {
		t.Errorf("the demo ends with %v, want %v as no bot has answered", err, errNotDone)
	}
	inOrder(
		t, out.String(), "There is no bot yet", "\nSLACK_API_URL=http://127.0.0.1:", "\nSLACK_APP_TOKEN=xapp-", "\nSLACK_BOT_TOKEN=xoxb-",
		"\nMEETING_API_URL=http://127.0.0.1:", "\nMEETING_APP_ID=", "\nMEETING_APP_KEY=", "> /cancel-meeting", "refused by Slack", "> quit",
	)
}

// TestEscapeControls asserts that text by people and other apps can't control the terminal
// or change the direction of the text around it, and that right-to-left scripts and joined
// emoji are printed as they are.
func TestEscapeControls(t *testing.T) {
	t.Parallel()
	post := func(st *stage.Stage) {
		asApp(t, st, "chat.postMessage", url.Values{"channel": {stage.General}, "text": {"Sub\u202eject\u2066 \x1b[2J 👩\u200d💻 שלום\u2028end"}})
	}
	out, err := playOn(t, post, "good\u202emorning\u200f")
	if err != nil {
		t.Errorf("the demo ends with %v", err)
	}
	inOrder(t, out, `Sub\u202eject\u2066 \u001b[2J 👩`+"\u200d"+`💻 שלום`, `> good\u202emorning\u200f`, `good\u202emorning\u200f`)
	if strings.ContainsAny(out, "\u202e\u2066\u200f\u2028\x1b") {
		t.Errorf("the demo prints characters that control a terminal:\n%q", out)
	}
}
