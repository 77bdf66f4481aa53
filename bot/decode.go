package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"time"
)

// This file is the customs house: the only reader of what Slack sends. It takes what the bot needs and tolerates all the
// rest: fields it does not know, fields that are missing or null, fields of another type. It does not use slack-go's
// payload types because a click brings the whole message along, and decoding that into typed blocks would take longer
// than everything else between the click and its ack.

// frame is anything that comes over the socket: see https://docs.slack.dev/apis/events-api/using-socket-mode
type frame struct {
	Type       string  `json:"type"`
	EnvelopeID string  `json:"envelope_id"`
	Payload    payload `json:"payload"`

	// hello
	NumConnections int `json:"num_connections"`
	Connection     struct {
		AppID string `json:"app_id"`
	} `json:"connection_info"`
	Debug struct {
		Lifetime int `json:"approximate_connection_time"` // seconds
	} `json:"debug_info"`

	// disconnect
	Reason string `json:"reason"`
}

// payload has the fields of all payloads together; they don't contradict each other.
type payload struct {
	// slash command
	Command      string `json:"command"`
	Text         string `json:"text"`
	UserID       string `json:"user_id"`
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
	ChannelID    string `json:"channel_id"`

	// everything interactive
	Type       string  `json:"type"`
	CallbackID string  `json:"callback_id"`
	User       account `json:"user"`
	Team       object  `json:"team"`
	Enterprise object  `json:"enterprise"`
	Channel    object  `json:"channel"`
	Container  struct {
		MessageTS   string `json:"message_ts"`
		ChannelID   string `json:"channel_id"`
		ThreadTS    string `json:"thread_ts"`
		IsEphemeral bool   `json:"is_ephemeral"`
	} `json:"container"`
	Message   message  `json:"message"`
	MessageTS string   `json:"message_ts"`
	Actions   []action `json:"actions"`
	State     state    `json:"state"`
	View      struct {
		CallbackID string `json:"callback_id"`
		Private    string `json:"private_metadata"`
		State      state  `json:"state"`
	} `json:"view"`
	ResponseURLs []struct {
		ChannelID string `json:"channel_id"`
		URL       string `json:"response_url"`
	} `json:"response_urls"`

	ResponseURL string `json:"response_url"`
	TriggerID   string `json:"trigger_id"`
}

type object struct {
	ID string `json:"id"`
}

type account struct {
	ID           string `json:"id"`
	TeamID       string `json:"team_id"`
	EnterpriseID string `json:"enterprise_id"`
}

// message keeps the parts that hold text undecoded: only shortcuts look into them.
type message struct {
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts"`
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks"`
	Attachments json.RawMessage `json:"attachments"`
}

type action struct {
	input
	ActionID string `json:"action_id"`
	BlockID  string `json:"block_id"`
	URL      string `json:"url"`
}

// state is block_id to action_id to what was put in.
type state struct {
	Values map[string]map[string]input `json:"values"`
}

// input is what any element of Block Kit holds when it is sent.
type input struct {
	Type                  string   `json:"type"`
	Value                 string   `json:"value"`
	SelectedOption        option   `json:"selected_option"`
	SelectedOptions       []option `json:"selected_options"`
	SelectedDate          string   `json:"selected_date"`
	SelectedTime          string   `json:"selected_time"`
	SelectedUser          string   `json:"selected_user"`
	SelectedUsers         []string `json:"selected_users"`
	SelectedChannel       string   `json:"selected_channel"`
	SelectedChannels      []string `json:"selected_channels"`
	SelectedConversation  string   `json:"selected_conversation"`
	SelectedConversations []string `json:"selected_conversations"`
}

type option struct {
	Value string `json:"value"`
}

// chosen returns what the element holds, in Slack's order; nothing if it is empty.
func (in input) chosen() []string {
	var all []string
	for _, one := range []string{
		in.Value, in.SelectedOption.Value, in.SelectedDate, in.SelectedTime,
		in.SelectedUser, in.SelectedChannel, in.SelectedConversation,
	} {
		if one != "" {
			all = append(all, one)
		}
	}
	for _, o := range in.SelectedOptions {
		all = append(all, o.Value)
	}
	all = append(all, in.SelectedUsers...)
	all = append(all, in.SelectedChannels...)
	return append(all, in.SelectedConversations...)
}

// The kinds of envelope, as metrics and logs call them.
const (
	kindCommand    = "command"
	kindClick      = "click"
	kindShortcut   = "shortcut"
	kindSubmission = "submission"
	kindOther      = "other"
)

// envelope is a decoded event on its way to its handler.
type envelope struct {
	id     string
	kind   string
	name   string // what its handler is registered under
	origin Origin
	event  any  // Command, Click, Shortcut, Submission; nil for other kinds
	silent bool // nobody expects an answer if there is no handler: a link button, a menu that is only read later
}

// errMalformed is a frame that is no JSON. Its envelope is named if it can be made out.
type errMalformed struct{ id string }

func (e *errMalformed) Error() string { return "a frame that is no JSON" }

var envelopeID = regexp.MustCompile(`"envelope_id"\s*:\s*"([^"\\]{1,200})"`)

// decode reads one frame.
func decode(data []byte) (frame, error) {
	var f frame
	err := json.Unmarshal(data, &f)
	if _, shape := errors.AsType[*json.UnmarshalTypeError](err); err == nil || shape {
		return f, nil // everything of the expected type has been filled in
	}
	e := &errMalformed{}
	if m := envelopeID.FindSubmatch(data); m != nil {
		e.id = string(m[1])
	}
	return frame{}, e
}

// envelope makes the event of f.
func (f frame) envelope(at time.Time) envelope {
	env := envelope{id: f.EnvelopeID, kind: kindOther, name: f.Type}
	switch f.Type {
	case "slash_commands":
		f.Payload.command(&env, f.origin(at))
	case "interactive":
		env.name = f.Payload.Type
		switch f.Payload.Type {
		case "block_actions":
			f.Payload.click(&env, f.origin(at))
		case "message_action", "shortcut":
			f.Payload.shortcut(&env, f.origin(at))
		case "view_submission":
			f.Payload.submission(&env, f.origin(at))
		}
	}
	return env
}

func (f frame) origin(at time.Time) Origin {
	p := &f.Payload
	o := Origin{
		EnvelopeID: f.EnvelopeID, User: UserID(firstOf(p.User.ID, p.UserID)),
		Team:       TeamID(firstOf(p.User.TeamID, p.TeamID, p.Team.ID)),
		Enterprise: firstOf(p.User.EnterpriseID, p.EnterpriseID, p.Enterprise.ID),
		Channel:    ChannelID(firstOf(p.Channel.ID, p.Container.ChannelID, p.ChannelID)),
		TriggerID:  p.TriggerID, ResponseURL: Secret(p.ResponseURL), Received: at,
	}
	if o.ResponseURL.IsZero() && len(p.ResponseURLs) > 0 { // a modal with a conversation to answer in
		o.ResponseURL = Secret(p.ResponseURLs[0].URL)
		o.Channel = ChannelID(firstOf(string(o.Channel), p.ResponseURLs[0].ChannelID))
	}
	return o
}

func (p *payload) command(env *envelope, o Origin) {
	env.kind, env.name, env.origin = kindCommand, p.Command, o
	env.event = Command{Origin: o, Name: p.Command, Text: p.Text}
}

func (p *payload) click(env *envelope, o Origin) {
	env.kind, env.name, env.origin = kindClick, "", o
	click := Click{
		Origin: o, Message: MessageRef{Channel: o.Channel, TS: firstOf(p.Container.MessageTS, p.Message.TS, p.MessageTS)},
		Thread: firstOf(p.Container.ThreadTS, p.Message.ThreadTS), Ephemeral: p.Container.IsEphemeral,
		Selected: make(map[string][]string),
	}
	if len(p.Actions) > 0 { // Slack sends exactly one
		a := p.Actions[0]
		env.name, env.silent = a.ActionID, a.Type != "button" && a.Type != "overflow" || a.URL != ""
		click.Action, click.BlockID, click.Value = a.ActionID, a.BlockID, firstOf(a.chosen()...)
	}
	for _, block := range p.State.Values {
		for id, in := range block {
			click.Selected[id] = in.chosen()
		}
	}
	env.event = click
}

func (p *payload) shortcut(env *envelope, o Origin) {
	env.kind, env.name, env.origin = kindShortcut, p.CallbackID, o
	s := Shortcut{Origin: o, Callback: p.CallbackID, Thread: p.Message.ThreadTS, Text: p.Message.allText()}
	if ts := firstOf(p.Message.TS, p.MessageTS); ts != "" {
		s.Message = MessageRef{Channel: o.Channel, TS: ts}
	}
	env.event = s
}

func (p *payload) submission(env *envelope, o Origin) {
	env.kind, env.name, env.origin = kindSubmission, p.View.CallbackID, o
	s := Submission{Origin: o, Callback: p.View.CallbackID, Private: p.View.Private, Values: make(map[string]string)}
	for _, block := range p.View.State.Values {
		for id, in := range block {
			s.Values[id] = strings.Join(in.chosen(), ",")
		}
	}
	env.event = s
}

// textLimit bounds Shortcut.Text, in bytes. Slack cuts messages at 40,000 characters.
const textLimit = 160_000

// allText collects what can be read in a message, one piece a line: its text, then blocks and attachments in their order.
func (m message) allText() string {
	var lines []string
	size := 0
	add := func(s string) {
		if s = strings.TrimSpace(s); s != "" && size+len(s) <= textLimit {
			lines = append(lines, s)
			size += len(s)
		}
	}
	add(m.Text)
	eachText(m.Blocks, readable, add)
	eachText(m.Attachments, func(key string) bool { return readable(key) || key == "value" }, add)
	return strings.Join(lines, "\n")
}

// eachText calls add with every string in raw that stands under a wanted key.
func eachText(raw json.RawMessage, wanted func(key string) bool, add func(string)) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	var inObject []bool // for each open bracket: is it a brace
	isKey, key := false, ""
	for {
		token, err := dec.Token()
		if err != nil {
			return // the end, or a message that can't be read further
		}
		switch t := token.(type) {
		case json.Delim:
			switch t {
			case '{', '[':
				inObject = append(inObject, t == '{')
			default:
				inObject = inObject[:len(inObject)-1]
			}
			isKey = len(inObject) > 0 && inObject[len(inObject)-1]
			continue
		case string:
			if isKey {
				key, isKey = t, false
				continue
			}
			if wanted(key) {
				add(t)
			}
		}
		isKey = len(inObject) > 0 && inObject[len(inObject)-1]
	}
}

// readable reports whether people see what stands under key. The "value" of a button is not for them; in attachments it
// is the text of a field.
func readable(key string) bool {
	switch key {
	case "text", "url", "title", "title_link", "pretext", "fallback", "from_url", "author_name", "footer":
		return true
	}
	return false
}
