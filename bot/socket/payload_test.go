package socket

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/bot"
)

func TestDecodeEventsAndViews(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 25, 10, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		json   string
		kind   string
		name   string
		silent bool
		want   any
	}{
		"HomeOpened": {
			`{"envelope_id":"e","type":"events_api","accepts_response_payload":false,"retry_attempt":0,"retry_reason":"","payload":{"token":"t",
			"team_id":"T1","api_app_id":"A1","event":{"type":"app_home_opened","user":"U1","channel":"D1","tab":"home","event_ts":"1732530000.123456",
			"view":{"id":"V1","team_id":"T1","type":"home","hash":"1732529000.abc","private_metadata":"p","callback_id":"home","state":{"values":{}}}},
			"type":"event_callback","event_id":"Ev1","event_time":1732530000,"authorizations":[{"enterprise_id":"E1","team_id":null,"user_id":"UBOT",
			"is_bot":true,"is_enterprise_install":true}]}}`,
			kindHome, "app_home_opened", true,
			bot.HomeOpened{
				Origin: bot.Origin{EnvelopeID: "e", EventID: "Ev1", User: "U1", Team: "T1", Channel: "D1", Received: at},
				Tab:    "home", View: bot.ViewRef{ID: "V1", Hash: "1732529000.abc", Callback: "home", Private: "p"},
			},
		},
		"HomeNeverPublished": {
			`{"envelope_id":"e","type":"events_api","payload":{"team_id":"T1","event":{"type":"app_home_opened","user":"U1","channel":"D1","tab":"messages"},"event_id":"Ev2"}}`,
			kindHome, "app_home_opened", true,
			bot.HomeOpened{Origin: bot.Origin{EnvelopeID: "e", EventID: "Ev2", User: "U1", Team: "T1", Channel: "D1", Received: at}, Tab: "messages"},
		},
		"AnotherEvent": {
			`{"envelope_id":"e","type":"events_api","payload":{"event":{"type":"tokens_revoked"},"event_id":"Ev3"}}`, kindOther, "tokens_revoked", true, nil,
		},
		"ClickInHome": {
			`{"type":"interactive","envelope_id":"e","payload":{"type":"block_actions","user":{"id":"U1","team_id":"T1"},"api_app_id":"A1",
			"container":{"type":"view","view_id":"V1"},"trigger_id":"1.2","team":{"id":"T1"},"enterprise":null,"is_enterprise_install":false,
			"view":{"id":"V1","type":"home","hash":"h","callback_id":"home","private_metadata":"","state":{"values":{"b":{"who":{"type":"users_select","selected_user":"U7"}}}}},
			"actions":[{"type":"button","action_id":"cancel","block_id":"m1","value":"r1"}]}}`,
			kindClick, "cancel", false,
			bot.Click{
				Origin: bot.Origin{EnvelopeID: "e", User: "U1", Team: "T1", TriggerID: "1.2", Received: at}, Action: "cancel", BlockID: "m1", Value: "r1",
				View: bot.ViewRef{ID: "V1", Hash: "h", Callback: "home"}, Selected: map[string][]string{"who": {"U7"}},
			},
		},
		"OrganisationWide": { // team is null, and the boolean a string
			`{"type":"interactive","envelope_id":"e","payload":{"type":"block_actions","user":{"id":"W1","team_id":"T9"},"team":null,
			"enterprise":{"id":"E1","name":"Acme"},"is_enterprise_install":"true","channel":{"id":"C1"},"container":{"message_ts":"1.1","channel_id":"C1"},
			"actions":[{"type":"checkboxes","action_id":"dates","selected_options":[{"value":"a"},{"value":"b"}]}]}}`,
			kindClick, "dates", true,
			bot.Click{
				Origin: bot.Origin{EnvelopeID: "e", User: "W1", Team: "T9", Enterprise: "E1", Channel: "C1", Received: at},
				Action: "dates", Value: "a", Message: bot.MessageRef{Channel: "C1", TS: "1.1"}, Selected: map[string][]string{},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := decode([]byte(tt.json))
			if err != nil {
				t.Fatalf("decode() = %v", err)
			}
			got := f.envelope(at)
			if got.kind != tt.kind || got.name != tt.name || got.silent != tt.silent {
				t.Errorf("envelope() = %s %q, silent %t, want %s %q, %t", got.kind, got.name, got.silent, tt.kind, tt.name, tt.silent)
			}
			if diff := cmp.Diff(tt.want, got.event); diff != "" {
				t.Errorf("event mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

// TestInputs covers every Block Kit input element, filled in and empty.
func TestInputs(t *testing.T) {
	t.Parallel()
	const option = `{"text":{"type":"plain_text","text":"x"},"value":"%s"}`
	one, two := fmt.Sprintf(option, "a"), fmt.Sprintf(option, "b")
	for element, want := range map[string]string{
		`"type":"plain_text_input","value":"because"`:                              "because",
		`"type":"plain_text_input","value":null`:                                   "",
		`"type":"email_text_input","value":"ana@acme.example"`:                     "ana@acme.example",
		`"type":"url_text_input","value":"https://x.example"`:                      "https://x.example",
		`"type":"number_input","value":"7"`:                                        "7",
		`"type":"checkboxes","selected_options":[` + one + `,` + two + `]`:         "a,b",
		`"type":"checkboxes","selected_options":[]`:                                "",
		`"type":"users_select","selected_user":"U7"`:                               "U7",
		`"type":"datepicker","selected_date":"2026-12-01"`:                         "2026-12-01",
		`"type":"datepicker","selected_date":null`:                                 "",
		`"type":"never_heard_of","value":7,"selected_user":8,"selected_options":5`: "",
	} {
		data := `{"type":"interactive","envelope_id":"e","payload":{"type":"view_submission","view":{"state":{"values":{"b":{"in":{` + element + `}}}}}}}`
		f, err := decode([]byte(data))
		if err != nil {
			t.Fatalf("decode(%s) = %v", element, err)
		}
		s, _ := f.envelope(time.Time{}).event.(bot.Submission)
		if got := strings.Join(s.Selected["in"], ","); got != want {
			t.Errorf("%s: selected %q, want %q", element, got, want)
		}
	}
}

func richText(pieces ...string) string {
	for i, p := range pieces {
		pieces[i] = fmt.Sprintf(`{"type":"text","text":%q}`, p)
	}
	return `{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[` + strings.Join(pieces, ",") + `]}]}`
}

// TestMessageText: all text that people read is found, wherever Slack keeps it.
func TestMessageText(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ message, want string }{
		"e-mail": {
			`{"text":"","subtype":"file_share","files":[{"id":"F1","mode":"email","filetype":"email","title":"Re: Invitation","subject":"Invitation: Weekly review",
			"plain_text":"Meeting ID: 914 087 436\n","preview_plain_text":"Meeting ID: 914","preview":"<p>Meeting</p>"}]}`,
			"Invitation: Weekly review\nMeeting ID: 914 087 436",
		},
		"long e-mail": { // Slack sends only its beginning
			`{"files":[{"filetype":"email","subject":"Invitation","plain_text":"","preview_plain_text":"Meeting ID: 914087436"}]}`,
			"Invitation\nMeeting ID: 914087436",
		},
		"other file": {`{"text":"see","files":[{"filetype":"pdf","subject":"914087436","plain_text":"914087436"}]}`, "see"},
		"forwarded": {
			`{"text":"please","attachments":[{"is_msg_unfurl":true,"is_share":true,"channel_id":"C2","ts":"1.1","author_id":"U9","author_name":"Carol",
			"text":"Meeting ID 914087436","fallback":"[1 Dec] carol: Meeting ID 914087436","from_url":"https://acme.slack.com/archives/C2/p11",
			"message_blocks":[{"team":"T1","channel":"C2","ts":"1.1","message":{"blocks":[` + richText("Join at ten") + `,
			{"type":"actions","elements":[{"type":"button","value":"123456789","text":{"type":"plain_text","text":"Join"}}]}]}}],
			"files":[{"filetype":"email","subject":"Fwd: Review","plain_text":"914 087 436"}],"footer":"#general"}]}`,
			"please\nCarol\nMeeting ID 914087436\n[1 Dec] carol: Meeting ID 914087436\nhttps://acme.slack.com/archives/C2/p11\nJoin at ten\nJoin\nFwd: Review\n914 087 436\n#general",
		},
		"an app's card": {
			`{"attachments":[{"pretext":"New","title":"Review","title_link":"https://m.example/j/1","fields":[{"title":"Meeting ID","value":"914087436","short":true}],
			"actions":[{"type":"button","value":"123456789","text":"Join"}],"blocks":[{"type":"section","text":{"type":"mrkdwn","text":"by app"}}]}]}`,
			"New\nReview\nhttps://m.example/j/1\nMeeting ID\n914087436\nby app",
		},
		"odd shapes": {`{"text":7,"blocks":"x","attachments":[7,{"text":["x"],"title":"kept"}],"files":{"filetype":"email"}}`, "kept"},
		"nothing":    {`{}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := decode([]byte(`{"type":"interactive","envelope_id":"e","payload":{"type":"message_action","message":` + tt.message + `}}`))
			if err != nil {
				t.Fatalf("decode() = %v", err)
			}
			s, _ := f.envelope(time.Time{}).event.(bot.Shortcut)
			if diff := cmp.Diff(tt.want, s.Text); diff != "" {
				t.Errorf("Text (-want +got):\n%s", diff)
			}
		})
	}
}
