package socket

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"meetingbot/bot"
)

// TestDecode uses the examples on Slack's pages, with long texts shortened.
func TestDecode(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		json string
		kind string
		name string
		want any
	}{
		"SlashCommand": {
			`{"envelope_id":"1d3c79ab-0ffb-41f3-a080-d19e85f53649","payload":{"token":"bHKJ2n9AW6Ju3MjciOHfbA1b","team_id":"T0SNL8S4S",
			"team_domain":"maria","channel_id":"C15SASXJ6","channel_name":"general","user_id":"U0SNL8SV8","user_name":"maria",
			"command":"/cancel-meeting","text":"914 087 436 —end","api_app_id":"A081XYLU9","is_enterprise_install":"false",
			"enterprise_id":"E1","response_url":"https://hooks.slack.com/commands/T0SNL8S4S/37053613554/YMx2","trigger_id":"37713361381.26768298160.c8"},
			"type":"slash_commands","accepts_response_payload":true}`,
			kindCommand, "/cancel-meeting",
			bot.Command{Origin: bot.Origin{
				EnvelopeID: "1d3c79ab-0ffb-41f3-a080-d19e85f53649", User: "U0SNL8SV8", Team: "T0SNL8S4S", Enterprise: "E1", Channel: "C15SASXJ6",
				ResponseURL: "https://hooks.slack.com/commands/T0SNL8S4S/37053613554/YMx2", TriggerID: "37713361381.26768298160.c8", Received: at,
			}, Name: "/cancel-meeting", Text: "914 087 436 —end"},
		},
		"Button": {
			`{"type":"interactive","envelope_id":"e","accepts_response_payload":true,"payload":{"type":"block_actions",
			"user":{"id":"U1","username":"ana","name":"ana","team_id":"T2"},"api_app_id":"A1","token":"t",
			"container":{"type":"message","message_ts":"1548261231.000200","channel_id":"CBR2V3XEX","is_ephemeral":false,"thread_ts":"1548261200.000100"},
			"trigger_id":"12321423423.333649436676.d8","team":{"id":"T1","domain":"acme"},"enterprise":null,"is_enterprise_install":false,
			"channel":{"id":"CBR2V3XEX","name":"review-updates"},
			"message":{"bot_id":"B1","type":"message","text":"Cancel?","user":"UBOT","ts":"1548261231.000200","blocks":[{"type":"actions","block_id":"a",
			"elements":[{"type":"button","action_id":"confirm","text":{"type":"plain_text","text":"Cancel meeting"},"value":"r1"}]}]},
			"state":{"values":{"b1":{"which":{"type":"checkboxes","selected_options":[{"text":{"type":"plain_text","text":"All"},"value":"series"}]},
			"who":{"type":"users_select","selected_user":"U7"}},"b2":{"day":{"type":"datepicker","selected_date":null},
			"boxes":{"type":"checkboxes","selected_options":[{"value":"x"},{"value":"y"}]}}}},
			"response_url":"https://hooks.slack.com/actions/1","actions":[{"action_id":"confirm","block_id":"a","text":{"type":"plain_text","text":"Cancel meeting"},
			"value":"r1","style":"danger","type":"button","action_ts":"1548426417.840180"}]}}`,
			kindClick, "confirm",
			bot.Click{
				Origin: bot.Origin{
					EnvelopeID: "e", User: "U1", Team: "T2", Channel: "CBR2V3XEX",
					ResponseURL: "https://hooks.slack.com/actions/1", TriggerID: "12321423423.333649436676.d8", Received: at,
					ActedAt: time.Date(2019, time.January, 25, 14, 26, 57, 840_180_000, time.UTC),
				},
				Action: "confirm", BlockID: "a", Value: "r1", Message: bot.MessageRef{Channel: "CBR2V3XEX", TS: "1548261231.000200"}, Thread: "1548261200.000100",
				Selected: map[string][]string{"which": {"series"}, "who": {"U7"}, "day": nil, "boxes": {"x", "y"}},
			},
		},
		"EphemeralMenu": {
			`{"type":"interactive","envelope_id":"e","payload":{"type":"block_actions","user":{"id":"U1"},"team":{"id":"T1"},"channel":{"id":"C1"},
			"container":{"type":"message","message_ts":"1.2","channel_id":"C1","is_ephemeral":true},
			"actions":[{"type":"users_select","action_id":"pick","selected_user":"U2"}]}}`,
			kindClick, "pick",
			bot.Click{
				Origin: bot.Origin{EnvelopeID: "e", User: "U1", Team: "T1", Channel: "C1", Received: at}, Action: "pick", Value: "U2",
				Message: bot.MessageRef{Channel: "C1", TS: "1.2"}, Ephemeral: true, Selected: map[string][]string{},
			},
		},
		"NoActions": {
			`{"type":"interactive","envelope_id":"e","payload":{"type":"block_actions","actions":[]}}`, kindClick, "",
			bot.Click{Origin: bot.Origin{EnvelopeID: "e", Received: at}, Selected: map[string][]string{}},
		},
		"MessageShortcut": {
			`{"type":"interactive","envelope_id":"e","payload":{"token":"t","callback_id":"cancel_this","type":"message_action","trigger_id":"13345224609.8534564800.6f",
			"response_url":"https://hooks.slack.com/app/1","team":{"id":"TXXXXXXXX","domain":"acme"},"channel":{"id":"C1","name":"g"},
			"user":{"id":"U1","name":"ana","team_id":"TXXXXXXXX"},"message_ts":"1.5",
			"message":{"type":"message","user":"U2","ts":"1.5","thread_ts":"1.1","text":"Join: 914 087 436",
			"blocks":[{"type":"rich_text","elements":[{"type":"rich_text_section","elements":[{"type":"text","text":"Join: "},{"type":"link","url":"https://m.example/j/914087436","text":"here"}]}]},
			{"type":"actions","elements":[{"type":"button","value":"123456789","text":{"type":"plain_text","text":"Join"}}]}],
			"attachments":[{"id":1,"fallback":"fb","title":"Invite","fields":[{"title":"Meeting","value":"914087436","short":true}]}]}}}`,
			kindShortcut, "cancel_this",
			bot.Shortcut{
				Origin: bot.Origin{
					EnvelopeID: "e", User: "U1", Team: "TXXXXXXXX", Channel: "C1", ResponseURL: "https://hooks.slack.com/app/1",
					TriggerID: "13345224609.8534564800.6f", Received: at,
				},
				Callback: "cancel_this", Message: bot.MessageRef{Channel: "C1", TS: "1.5"}, Thread: "1.1",
				Text: "Join: 914 087 436\nJoin:\nhttps://m.example/j/914087436\nhere\nJoin\nInvite\nfb\nMeeting\n914087436",
			},
		},
		"GlobalShortcut": {
			`{"type":"interactive","envelope_id":"e","payload":{"type":"shortcut","callback_id":"g","trigger_id":"t","user":{"id":"U1","team_id":"T1"},"team":{"id":"T1"}}}`,
			kindShortcut, "g",
			bot.Shortcut{Origin: bot.Origin{EnvelopeID: "e", User: "U1", Team: "T1", TriggerID: "t", Received: at}, Callback: "g"},
		},
		"ViewSubmission": {
			`{"type":"interactive","envelope_id":"e","payload":{"type":"view_submission","team":{"id":"T1"},"user":{"id":"U1","team_id":"T1"},"trigger_id":"t",
			"view":{"id":"VNHU13V36","type":"modal","callback_id":"reason","private_metadata":"r1","state":{"values":{"b1":{"text":{"type":"plain_text_input","value":"because"}},
			"b2":{"none":{"type":"plain_text_input","value":null}}}}}}}`,
			kindSubmission, "reason",
			bot.Submission{
				Origin:   bot.Origin{EnvelopeID: "e", User: "U1", Team: "T1", TriggerID: "t", Received: at},
				View:     bot.ViewRef{ID: "VNHU13V36", Callback: "reason", Private: "r1"},
				Selected: map[string][]string{"text": {"because"}, "none": nil},
			},
		},
		"WrongTypes": {
			`{"type":"slash_commands","num_connections":"one","payload":{"command":"/c","text":7,"user_id":"U1","team_id":null,"channel":"C1","message":[]},"envelope_id":"e"}`,
			kindCommand, "/c",
			bot.Command{Origin: bot.Origin{EnvelopeID: "e", User: "U1", Received: at}, Name: "/c"},
		},
		"ViewClosed": {`{"type":"interactive","envelope_id":"e","payload":{"type":"view_closed"}}`, kindOther, "view_closed", nil},
		"Event":      {`{"type":"events_api","envelope_id":"e","payload":{"type":"event_callback"}}`, kindOther, "events_api", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, err := decode([]byte(tt.json))
			if err != nil {
				t.Fatalf("decode() = %v", err)
			}
			got := f.envelope(at)
			if got.kind != tt.kind || got.name != tt.name {
				t.Errorf("envelope() = %s %q, want %s %q", got.kind, got.name, tt.kind, tt.name)
			}
			if diff := cmp.Diff(tt.want, got.event); diff != "" {
				t.Errorf("event mismatch (-want +got):\n%s", diff)
			}
		})
	}
}

func TestDecodeMalformed(t *testing.T) {
	t.Parallel()
	for data, id := range map[string]string{
		`{"type":"x","envelope_id":"e1","payload":{`:    "e1",
		`{"payload":{"a":}, "envelope_id" : "e2"}`:      "e2",
		`{"payload":{"text":"\"envelope_id\":\"inner\"`: "",
		`not json`: "",
		``:         "",
		`{"envelope_id":"` + strings.Repeat("e", 300) + `","payload":{`: "",
	} {
		f, err := decode([]byte(data))
		if !errors.Is(err, errNotJSON) || f.EnvelopeID != id || f.Type != "" {
			t.Errorf("decode(%q) = %v, %v, want malformed with the envelope %q", data, f, err, id)
		}
	}
}

func TestTextIsBounded(t *testing.T) {
	t.Parallel()
	huge := fmt.Sprintf(`{"type":"interactive","envelope_id":"e","payload":{"type":"message_action","message":{"text":%q,"blocks":%s}}}`,
		strings.Repeat("a", 40_000), "["+strings.Repeat(`{"text":"`+strings.Repeat("b", 1000)+`"},`, 500)+`{}]`)
	f, err := decode([]byte(huge))
	if err != nil {
		t.Fatalf("decode() = %v", err)
	}
	s, _ := f.envelope(time.Time{}).event.(bot.Shortcut)
	if n := len(s.Text); n < 40_000 || n > textLimit+1000 {
		t.Errorf("Text has %d bytes, want at most about %d", n, textLimit)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"type":"interactive","envelope_id":"e","payload":{"type":"message_action","message":{"blocks":[{"text":{"text":"x"}}]}}}`))
	f.Add([]byte(`{"type":"slash_commands","envelope_id":"e","payload":{"command":"/c"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		fr, err := decode(data)
		if err != nil {
			return
		}
		env := fr.envelope(time.Time{})
		if env.id != fr.EnvelopeID {
			t.Errorf("envelope().id = %q, want %q", env.id, fr.EnvelopeID)
		}
	})
}

// clickFrame returns a click as Slack sends it, including the whole card.
func clickFrame(id string) []byte {
	section := `{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"*Weekly review*\nTuesday, 24 November, 10:00 to 11:00","verbatim":false}}`
	return fmt.Appendf(nil, `{"envelope_id":%q,"type":"interactive","accepts_response_payload":true,"payload":{"type":"block_actions",`+
		`"user":{"id":"U1","username":"ana","name":"ana","team_id":"T1"},"api_app_id":"A1","token":"t","container":{"type":"message",`+
		`"message_ts":"1.2","channel_id":"C1","is_ephemeral":false},"trigger_id":"1.2.3","team":{"id":"T1","domain":"acme"},"enterprise":null,`+
		`"channel":{"id":"C1","name":"general"},"message":{"ts":"1.2","text":"Cancel Weekly review?","blocks":[%s,%s,%s,%s]},`+
		`"state":{"values":{}},"response_url":"http://127.0.0.1:1/hook","actions":[{"action_id":"confirm","block_id":"a","value":"r1","type":"button","action_ts":"1.3"}]}}`,
		id, section, section, section, section)
}

func BenchmarkDecodeClick(b *testing.B) {
	data := clickFrame("e1")
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		f, err := decode(data)
		if err != nil {
			b.Fatal(err)
		}
		if f.envelope(time.Time{}).name != "confirm" {
			b.Fatal("not decoded")
		}
	}
}

func BenchmarkDispatch(b *testing.B) {
	d := New(bot.NewClient(bot.Config{}), Config{})
	d.HandleClick("confirm", func(context.Context, bot.Click) error { return nil })
	f, err := decode(clickFrame("e1"))
	if err != nil {
		b.Fatal(err)
	}
	env := f.envelope(time.Now())
	b.ReportAllocs()
	for b.Loop() {
		if known, err := d.routes.dispatch(b.Context(), env); !known || err != nil {
			b.Fatal(known, err)
		}
	}
}
