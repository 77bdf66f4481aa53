package socket

import (
	"cmp"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"meetingbot/bot"
)

// Only decode.go, frame.go and text.go read frames from Slack. They take what the bot needs and tolerate everything else:
// unknown, missing or null fields, and fields of another type. They don't use slack-go's payload types, because a click
// comes with its whole message, and decoding that into typed blocks would take longer than everything else between the
// click and its ack.

// The kinds of envelope, as named in metrics and logs.
const (
	kindCommand    = "command"
	kindClick      = "click"
	kindShortcut   = "shortcut"
	kindSubmission = "submission"
	kindHome       = "home"
	kindOther      = "other"
)

const eventHomeOpened = "app_home_opened"

// envelope is a decoded event on its way to its handler.
type envelope struct {
	id     string
	kind   string
	name   string // the name its handler is registered under
	origin bot.Origin
	event  any  // Command, Click, Shortcut, Submission, HomeOpened; nil for other kinds
	silent bool // needs no answer if it has no handler: a link button, or a menu that a later click reads
}

func (e envelope) rank() rank {
	switch e.kind {
	case kindClick, kindSubmission:
		return rankDecision
	case kindCommand, kindShortcut:
		return rankQuestion
	}
	return rankBackground
}

var errNotJSON = errors.New("frame is not JSON")

var envelopeID = regexp.MustCompile(`"envelope_id"\s*:\s*"([^"\\]{1,200})"`)

// decode reads one frame. If it is not valid JSON, decode still returns the envelope's id if it finds one.
func decode(data []byte) (frame, error) {
	var f frame
	err := json.Unmarshal(data, &f)
	if _, shape := errors.AsType[*json.UnmarshalTypeError](err); err == nil || shape {
		return f, nil // the other fields are filled in
	}
	f = frame{}
	if m := envelopeID.FindSubmatch(data); m != nil {
		f.EnvelopeID = string(m[1])
	}
	return f, errNotJSON
}

func (f frame) envelope(at time.Time) envelope {
	env := envelope{id: f.EnvelopeID, kind: kindOther, name: f.Type}
	p := &f.Payload
	env.origin = f.origin(at)
	switch f.Type {
	case "slash_commands":
		env.kind, env.name = kindCommand, p.Command
		env.event = bot.Command{Origin: env.origin, Name: p.Command, Text: p.Text}
	case "interactive":
		env.name = p.Type
		switch p.Type {
		case "block_actions":
			p.click(&env)
		case "message_action", "shortcut":
			p.shortcut(&env)
		case "view_submission":
			p.submission(&env)
		}
	case "events_api":
		env.name, env.silent = cmp.Or(p.Event.Type, f.Type), true
		if p.Event.Type == eventHomeOpened {
			env.kind = kindHome
			env.event = bot.HomeOpened{Origin: env.origin, Tab: p.Event.Tab, View: p.Event.View.ref()}
		}
	}
	return env
}

func (f frame) origin(at time.Time) bot.Origin {
	p := &f.Payload
	return bot.Origin{
		EnvelopeID: f.EnvelopeID, EventID: p.EventID, User: bot.UserID(cmp.Or(p.User.ID, p.UserID, p.Event.User)),
		Team:       bot.TeamID(cmp.Or(p.User.TeamID, p.TeamID, p.Team.ID)),
		Enterprise: cmp.Or(p.User.EnterpriseID, p.EnterpriseID, p.Enterprise.ID),
		Channel:    bot.ChannelID(cmp.Or(p.Channel.ID, p.Container.ChannelID, p.ChannelID, p.Event.Channel)),
		TriggerID:  p.TriggerID, ResponseURL: bot.Secret(p.ResponseURL), Received: at,
	}
}

func (p *payload) click(env *envelope) {
	env.kind, env.name = kindClick, ""
	click := bot.Click{
		Origin: env.origin, Thread: cmp.Or(p.Container.ThreadTS, p.Message.ThreadTS), Ephemeral: p.Container.IsEphemeral,
		View: p.View.ref(),
	}
	if ts := cmp.Or(p.Container.MessageTS, p.Message.TS, p.MessageTS); ts != "" {
		click.Message = bot.MessageRef{Channel: env.origin.Channel, TS: ts}
	}
	values := p.State
	if p.View.ID != "" {
		values = p.View.State
	}
	click.Selected = values.selected()
	if len(p.Actions) > 0 { // Slack sends exactly one
		a := p.Actions[0]
		env.name, env.silent = a.ActionID, a.Type != "button" || a.URL != ""
		click.Action, click.BlockID, click.Value = a.ActionID, a.BlockID, cmp.Or(a.chosen()...)
		click.ActedAt = parseTimestamp(a.TS)
	}
	env.event = click
}

// parseTimestamp parses one of Slack's timestamps, in seconds. It returns zero if ts is invalid.
func parseTimestamp(ts string) time.Time {
	whole, part, _ := strings.Cut(ts, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	micros, _ := strconv.ParseInt((part + "000000")[:6], 10, 64) // zero if invalid
	if err != nil || seconds <= 0 || seconds > 1<<33 {
		return time.Time{}
	}
	return time.Unix(seconds, micros*int64(time.Microsecond)).UTC()
}

func (p *payload) shortcut(env *envelope) {
	env.kind, env.name = kindShortcut, p.CallbackID
	s := bot.Shortcut{Origin: env.origin, Callback: p.CallbackID, Thread: p.Message.ThreadTS, Text: p.Message.allText()}
	if ts := cmp.Or(p.Message.TS, p.MessageTS); ts != "" {
		s.Message = bot.MessageRef{Channel: env.origin.Channel, TS: ts}
	}
	env.event = s
}

func (p *payload) submission(env *envelope) {
	env.kind, env.name = kindSubmission, p.View.CallbackID
	env.event = bot.Submission{Origin: env.origin, View: p.View.ref(), Selected: p.View.State.selected()}
}
