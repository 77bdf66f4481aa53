package slacksim

import (
	"cmp"
	"math/rand/v2"
	"time"
)

// Options describes the workspace and the one app installed in it. Each field's default
// is given in its comment.
type Options struct {
	AppToken  string // "xapp-1-A0MEETBOT-1-sim"
	BotToken  string // "xoxb-1-sim"
	AppID     string // "A0MEETBOT"
	BotAppID  string // the app that the bot token belongs to; the same as AppID
	TeamID    string // "T0SIM"
	TeamURL   string // "https://sim.slack.com/"
	BotUserID string // "U0BOT"
	BotID     string // "B0BOT"

	// Command is the app's slash command, including the slash; "/cancel-meeting".
	Command string
	// EscapeCommand is the manifest's should_escape: people, links and addresses in
	// the command's text arrive in angle brackets.
	EscapeCommand bool
	// Shortcuts are the callback ids of the app's message shortcuts; if empty, any is accepted.
	Shortcuts []string
	// Scopes are granted to the bot token; nil: commands, chat:write, users:read and
	// users:read.email.
	Scopes []string
	// AppScopes are granted to the app token; nil: connections:write.
	AppScopes []string

	PingInterval   time.Duration // between two pings on a socket; 1 s
	PongTimeout    time.Duration // silence after which a socket is given up; 30 s
	AckTimeout     time.Duration // for acknowledging an envelope; 3 s
	TriggerLife    time.Duration // life of a trigger_id; 3 s
	TicketLife     time.Duration // life of a socket's ticket; 30 s
	WarningGrace   time.Duration // between a disconnect warning and the close; 10 s
	RefreshGrace   time.Duration // between any other disconnect frame and the close; 1 s
	RedeliverAfter time.Duration // interval for resending an unacknowledged envelope; 0: never

	// PostInterval is the minimum time between the app's posts in one channel, after a
	// burst of PostBurst. Slack documents one second. 0: no limit.
	PostInterval time.Duration
	PostBurst    int // 1

	// Rates limits calls per method; no limits by default.
	Rates map[string]Rate
	// EventRetries are the waits before an event that was not acknowledged in time is
	// sent again; nil: at once, after a minute and after five, as Slack does.
	EventRetries []time.Duration
	// Events are the events that the app subscribed to; only "app_home_opened" is ever sent.
	Events []string
	// HomeTab enables the app's Home tab.
	HomeTab bool
	// StrictToken refuses a token in the body or the query, as several Slack servers
	// and emulators do. Otherwise a token in a form body counts if the header has
	// none.
	StrictToken bool
	// TelephoneLinks makes Slack mark up anything like a telephone number in people's
	// messages: <tel:914087436|914 087 436>.
	TelephoneLinks bool
	// Enterprise is the organisation that the workspace belongs to; none by default.
	Enterprise Enterprise
	// OrgInstall means that the app is installed to the whole organisation.
	OrgInstall bool
	// Chance draws from [0, 1) for faults with a probability. If nil, a fixed sequence
	// makes runs repeatable. It is called with the server's lock held.
	Chance func() float64

	// Now is the clock for timestamps, response URLs, tickets and triggers; time.Now.
	Now func() time.Time
	// BaseURL, if set, replaces the request's host in response URLs and socket URLs.
	// [Server.Serve] sets it if it is empty.
	BaseURL string
}

func (o Options) withDefaults() Options {
	o.AppToken = cmp.Or(o.AppToken, "xapp-1-A0MEETBOT-1-sim")
	o.BotToken = cmp.Or(o.BotToken, "xoxb-1-sim")
	o.AppID = cmp.Or(o.AppID, "A0MEETBOT")
	o.BotAppID = cmp.Or(o.BotAppID, o.AppID)
	o.TeamID = cmp.Or(o.TeamID, "T0SIM")
	o.TeamURL = cmp.Or(o.TeamURL, "https://sim.slack.com/")
	o.BotUserID = cmp.Or(o.BotUserID, "U0BOT")
	o.BotID = cmp.Or(o.BotID, "B0BOT")
	o.Command = cmp.Or(o.Command, "/cancel-meeting")
	if o.Scopes == nil {
		o.Scopes = []string{"commands", "chat:write", "users:read", "users:read.email"}
	}
	if o.AppScopes == nil {
		o.AppScopes = []string{"connections:write"}
	}
	o.PingInterval = cmp.Or(o.PingInterval, time.Second)
	o.PongTimeout = cmp.Or(o.PongTimeout, 30*time.Second)
	o.AckTimeout = cmp.Or(o.AckTimeout, 3*time.Second)
	o.TriggerLife = cmp.Or(o.TriggerLife, 3*time.Second)
	o.TicketLife = cmp.Or(o.TicketLife, 30*time.Second)
	o.WarningGrace = cmp.Or(o.WarningGrace, 10*time.Second)
	o.RefreshGrace = cmp.Or(o.RefreshGrace, time.Second)
	o.PostBurst = max(o.PostBurst, 1)
	if o.EventRetries == nil {
		o.EventRetries = []time.Duration{0, time.Minute, 5 * time.Minute}
	}
	if o.Chance == nil {
		o.Chance = rand.New(rand.NewPCG(1, 1)).Float64 // luck, not secrecy
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}
