package slacksim

import (
	"math/rand/v2"
	"time"
)

// Options describes the workspace and the one app installed in it. The zero value of
// every field stands for the default named beside it.
type Options struct {
	AppToken  string // "xapp-1-A0MEETBOT-1-sim"
	BotToken  string // "xoxb-1-sim"
	AppID     string // "A0MEETBOT"
	BotAppID  string // the app that the bot token belongs to; AppID
	TeamID    string // "T0SIM"
	TeamURL   string // "https://sim.slack.com/"
	BotUserID string // "U0BOT"
	BotID     string // "B0BOT"

	// Command is the app's slash command, with its slash; "/cancel-meeting".
	Command string
	// EscapeCommand is the manifest's should_escape: people, links and addresses in what
	// is typed behind the command arrive in angle brackets.
	EscapeCommand bool
	// Shortcuts are the callback ids of the app's message shortcuts; empty: any is known.
	Shortcuts []string
	// Scopes are granted to the bot token; nil: commands, chat:write, users:read and
	// users:read.email.
	Scopes []string
	// AppScopes are granted to the app token; nil: connections:write.
	AppScopes []string

	PingInterval   time.Duration // between two pings on a socket; 1 s
	PongTimeout    time.Duration // silence after which a socket is given up; 30 s
	AckTimeout     time.Duration // time to acknowledge an envelope; 3 s
	TriggerLife    time.Duration // life of a trigger_id; 3 s
	TicketLife     time.Duration // life of a ticket for the socket; 30 s
	WarningGrace   time.Duration // between a disconnect warning and the close; 10 s
	RefreshGrace   time.Duration // between any other disconnect frame and the close; 1 s
	RedeliverAfter time.Duration // an unacknowledged envelope is sent again; 0: never

	// PostInterval is how often the app may post in one channel, beyond PostBurst at once;
	// Slack documents one second. 0: as often as it likes.
	PostInterval time.Duration
	PostBurst    int // 1

	// Rates are how often methods may be called; none by default.
	Rates map[string]Rate
	// EventRetries are the waits after which an event that was not acknowledged in time
	// comes again; nil: at once, after a minute and after five, as Slack does.
	EventRetries []time.Duration
	// Events are those that the app subscribed to; only "app_home_opened" ever happens.
	Events []string
	// HomeTab tells that the app has a Home tab.
	HomeTab bool
	// StrictToken refuses a token in the body or in the address, as several of Slack's
	// servers and emulators do; otherwise one in the body counts where the header has none.
	StrictToken bool
	// TelephoneLinks makes Slack mark what looks like a telephone number in people's
	// messages: <tel:914087436|914 087 436>.
	TelephoneLinks bool
	// Enterprise is the organisation that the workspace belongs to; none by default.
	Enterprise Enterprise
	// OrgInstall tells that the app is installed to the whole organisation.
	OrgInstall bool
	// Chance draws from [0, 1) for faults with a probability; a fixed sequence if nil, so
	// that a run can be repeated. It is called with the server's lock held.
	Chance func() float64

	// Now is the clock of timestamps, response URLs, tickets and triggers; time.Now.
	Now func() time.Time
	// BaseURL, if set, is put in front of response URLs and socket URLs instead of the
	// host of the request. [Server.Serve] sets it when it is empty.
	BaseURL string
}

func (o Options) withDefaults() Options {
	text := func(field *string, value string) {
		if *field == "" {
			*field = value
		}
	}
	span := func(field *time.Duration, value time.Duration) {
		if *field == 0 {
			*field = value
		}
	}
	text(&o.AppToken, "xapp-1-A0MEETBOT-1-sim")
	text(&o.BotToken, "xoxb-1-sim")
	text(&o.AppID, "A0MEETBOT")
	text(&o.BotAppID, o.AppID)
	text(&o.TeamID, "T0SIM")
	text(&o.TeamURL, "https://sim.slack.com/")
	text(&o.BotUserID, "U0BOT")
	text(&o.BotID, "B0BOT")
	text(&o.Command, "/cancel-meeting")
	if o.Scopes == nil {
		o.Scopes = []string{"commands", "chat:write", "users:read", "users:read.email"}
	}
	if o.AppScopes == nil {
		o.AppScopes = []string{"connections:write"}
	}
	span(&o.PingInterval, time.Second)
	span(&o.PongTimeout, 30*time.Second)
	span(&o.AckTimeout, 3*time.Second)
	span(&o.TriggerLife, 3*time.Second)
	span(&o.TicketLife, 30*time.Second)
	span(&o.WarningGrace, 10*time.Second)
	span(&o.RefreshGrace, time.Second)
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
