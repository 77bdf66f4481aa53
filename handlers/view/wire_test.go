package view_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"meetingbot/bot"
	"meetingbot/handlers/view/gallery"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/slacksim"
)

// TestSlackAcceptsViews posts every message in every language to the simulated Slack, which
// knows Block Kit from the vendor's pages and not from our types.
func TestSlackAcceptsViews(t *testing.T) {
	t.Parallel()
	sim := slacksim.New(slacksim.Options{HomeTab: true})
	srv := httptest.NewServer(sim)
	t.Cleanup(func() {
		sim.Close()
		srv.Close()
	})
	sim.AddChannel(slacksim.Channel{ID: "C0VIEWS01", Name: "views", BotMember: true})
	sim.AddUser(slacksim.User{ID: sample.Olga, Name: "olga"})
	encoded := func(name string, v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatalf("Marshal(%s) = %v", name, err)
		}
		return string(text)
	}
	call := func(name, method string, form url.Values) {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/api/"+method, strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Authorization", "Bearer xoxb-1-sim")
		res, err := srv.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		var answer struct {
			OK       bool   `json:"ok"`
			Error    string `json:"error"`
			Metadata any    `json:"response_metadata"`
		}
		if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || !answer.OK {
			t.Errorf("%s(%s) = %+v, %v, want ok", method, name, answer, err)
		}
	}
	post := func(name string, m bot.Message) {
		call(name, "chat.postMessage", url.Values{"channel": {"C0VIEWS01"}, "text": {m.Text}, "blocks": {encoded(name, m.Blocks)}})
	}
	for _, locale := range words.Languages() {
		v := newRenderer(t, locale)
		for _, s := range gallery.All() {
			switch drawn := s.Draw(v, locale).(type) {
			case bot.Message:
				post(s.Name+" in "+locale, drawn)
			case bot.Home:
				call(s.Name+" in "+locale, "views.publish", url.Values{"user_id": {sample.Olga}, "view": {encoded(s.Name, drawn.HomeTabViewRequest)}})
			case map[string]any:
				for _, name := range slices.Sorted(maps.Keys(drawn)) {
					if m, ok := drawn[name].(bot.Message); ok {
						post(s.Name+" "+name+" in "+locale, m)
					}
				}
			}
		}
	}
	if wrong := sim.Violations(); len(wrong) > 0 {
		t.Errorf("the simulated Slack complains: %q", wrong)
	}
}
