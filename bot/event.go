package bot

import (
	"errors"
	"time"

	"meetingbot/internal/secret"
)

// ErrDuplicate is returned by a handler for an event that its store already has. The event is acked all the same.
var ErrDuplicate = errors.New("duplicate event")

// Secret is a token, or a response_url, with which anyone can post in the workspace for half an hour. It prints as dots.
type Secret = secret.Secret

// UserID is a Slack user, "U0…" or "W0…".
type UserID string

// ChannelID is a Slack conversation: channel, group or direct message ("C0…", "G0…", "D0…").
type ChannelID string

// TeamID is a Slack workspace, "T0…".
type TeamID string

// GroupID is a Slack user group, "S0…".
type GroupID string

// MessageRef identifies a message that Slack keeps. The zero value means none: not posted yet, or ephemeral.
type MessageRef struct {
	Channel ChannelID
	TS      string // Slack's time stamp, unique within the channel
}

// IsZero reports whether r identifies no message.
func (r MessageRef) IsZero() bool { return r.TS == "" }

// Origin is part of every event: who, where, and how to answer.
type Origin struct {
	EnvelopeID string // the transport's id; a redelivery usually has the same one
	EventID    string // Slack's id of an Events API event, the same at each delivery; otherwise empty
	User       UserID
	Team       TeamID // the person's own workspace: in a shared channel it may be another company's
	Enterprise string // the person's organisation on Enterprise Grid, else empty
	Channel    ChannelID
	// ResponseURL lets the bot answer where it is not a member, 5 times within 30 minutes. Zero for global shortcuts, Home
	// and modals.
	ResponseURL Secret
	// TriggerID opens one modal within 3 seconds.
	TriggerID string
	Received  time.Time // when the envelope was read from the socket
	// ActedAt is when the person acted, by Slack's clock; zero if Slack doesn't say, as with slash commands.
	// See https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
	ActedAt time.Time
}

// DedupKey returns the key to store the event under. It stays the same when Slack redelivers the event, even in a new
// envelope.
func (o Origin) DedupKey() string {
	switch {
	case o.EventID != "":
		return "event:" + o.EventID
	case o.TriggerID != "":
		return "trigger:" + o.TriggerID
	}
	return o.EnvelopeID
}

// ViewRef identifies the modal or Home that an event came from. The zero value means none.
type ViewRef struct {
	ID       string
	Hash     string // changes with each redraw; see PublishHome
	Callback string // callback_id
	Private  string // private_metadata
}

// Command is a slash command as typed.
// See https://docs.slack.dev/interactivity/implementing-slash-commands
type Command struct {
	Origin
	Name string // with its slash: "/cancel-meeting"
	Text string // everything after the first space, raw
}

// Click is a button press or a menu selection in a message, a modal or a Home.
// See https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
type Click struct {
	Origin
	Action    string // action_id
	BlockID   string
	Value     string     // the button's value, or the first of the options chosen
	Message   MessageRef // the message clicked in; an ephemeral one has a time stamp too, but Update can't use it
	Thread    string     // thread_ts of that message, empty outside threads
	Ephemeral bool       // only this person sees the message, and only ResponseURL can change it
	View      ViewRef    // the modal or Home clicked in
	// Selected maps the action_id of every input in the message or view to the values chosen, in Slack's order.
	Selected map[string][]string
}

// Shortcut is a message shortcut or a global one (then Message, Thread and Text are empty).
// See https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
type Shortcut struct {
	Origin
	Callback string // callback_id from the manifest
	Message  MessageRef
	Thread   string // thread_ts of the message, empty outside threads
	// Text is all text in the message, one piece per line, including blocks, attachments, forwarded messages and e-mails.
	Text string
}

// Submission is a submitted modal. See
// https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
type Submission struct {
	Origin
	View ViewRef
	// Selected maps the action_id of every input in the view to the values typed or chosen, in Slack's order.
	Selected map[string][]string
}

// HomeOpened means that a person opened the bot's Home or Messages tab.
// See https://docs.slack.dev/reference/events/app_home_opened
type HomeOpened struct {
	Origin
	Tab  string  // "home" or "messages"
	View ViewRef // the Home they see; zero if none was published
}
