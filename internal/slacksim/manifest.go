package slacksim

import (
	"encoding/json"
	"fmt"
)

// manifest is the part of an app's manifest that matters here.
//
// https://docs.slack.dev/reference/app-manifest
type manifest struct {
	Features struct {
		AppHome struct {
			HomeTab bool `json:"home_tab_enabled"`
		} `json:"app_home"`
		Commands []struct {
			Command      string `json:"command"`
			ShouldEscape bool   `json:"should_escape"`
		} `json:"slash_commands"`
		Shortcuts []struct {
			CallbackID string `json:"callback_id"`
			Type       string `json:"type"`
		} `json:"shortcuts"`
	} `json:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `json:"bot"`
		} `json:"scopes"`
	} `json:"oauth_config"`
	Settings struct {
		Events struct {
			Bot []string `json:"bot_events"`
		} `json:"event_subscriptions"`
		SocketMode bool `json:"socket_mode_enabled"`
	} `json:"settings"`
}

// ReadManifest installs the app as its JSON manifest describes it: command, message
// shortcuts, scopes without the optional ones, events and Home tab. Scopes that are
// already set stay. It fails for an app without Socket Mode, or with anything but
// exactly one command.
func (o *Options) ReadManifest(data []byte) error {
	var m manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return fmt.Errorf("slacksim: read the manifest: %w", err)
	}
	if n := len(m.Features.Commands); n != 1 || !m.Settings.SocketMode {
		return fmt.Errorf("slacksim: the manifest has %d commands and Socket Mode %v, want one and true", n, m.Settings.SocketMode)
	}
	o.Command, o.EscapeCommand = m.Features.Commands[0].Command, m.Features.Commands[0].ShouldEscape
	o.Shortcuts = nil
	for _, s := range m.Features.Shortcuts {
		if s.Type == "message" {
			o.Shortcuts = append(o.Shortcuts, s.CallbackID)
		}
	}
	if o.Scopes == nil {
		o.Scopes = m.OAuth.Scopes.Bot
	}
	o.Events, o.HomeTab = m.Settings.Events.Bot, m.Features.AppHome.HomeTab
	return nil
}
