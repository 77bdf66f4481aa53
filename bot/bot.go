package bot

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
	"github.com/slack-go/slack"
)

// doorLimit bounds how many people are told at once that there is no room; more are left to Slack's own words.
const doorLimit = 64

// Config is what a Bot needs to know. The two tokens are required, everything else has a default.
type Config struct {
	AppToken Secret // app-level token "xapp-…" with connections:write
	BotToken Secret // bot token "xoxb-…"
	APIURL   string // base of the Web API; default https://slack.com/api/

	Connections     int           // sockets held at once, default 2: while one is refreshed another listens; Slack allows 10 an app
	InFlight        int           // envelopes worked on at once, default 512; who comes later is told to try again
	HandOverTimeout time.Duration // time a handler has to store an event, default 2.5 s of Slack's 3 s
	ReadDeadline    time.Duration // a socket silent for so long is dead, default 45 s
	PingEvery       time.Duration // how often the bot itself asks a socket for a sign of life, default 10 s
	CloseTimeout    time.Duration // what Run gives handlers to finish when its context ends, default 5 s
	PersonTTL       time.Duration // how long people and groups are remembered, default 60 s

	// HTTP sends the Web API calls. Default: a client with time-outs and room for 128 parallel calls to one host.
	HTTP     *http.Client
	Logger   *slog.Logger // default: slog.Default()
	Observer Observer     // metrics; nil functions are skipped

	// NotStored words what a person reads when their command or click could not be handed over: ErrBusy, the handler's
	// error, or context.DeadlineExceeded for a handler that has not come back in time and may yet succeed. Default: an
	// English sentence. It is called on the way of a failing event: it must not wait.
	NotStored func(Origin, error) Message
	// Unknown words what a person reads after a command or button nobody handles (any more). Default: an English sentence.
	Unknown func(Origin) Message
}

// Observer receives what happens on the wire, for metrics. Its functions are called from many goroutines and must not wait.
type Observer struct {
	// Envelope: an envelope of that kind ("command", "click", "shortcut", "submission", "other") is done with. Result is
	// "stored", "duplicate", "unknown", "failed" (not acked), "busy" (not acked), "ack_lost" (stored, but Slack wasn't told)
	// or "malformed". Latency runs from reading it to the end of the written ack.
	Envelope func(kind, result string, latency time.Duration)
	// Call: a Web API call ended, waiting included; class is Class of its error.
	Call func(method, class string, took time.Duration)
	// Connected: so many sockets are live now.
	Connected func(live int)
	// Reconnect: a socket is being replaced: "warning", "refresh_requested", "silent", "lost", "closed", "failed"…
	Reconnect func(reason string)
	// Duplicate: an envelope was seen before.
	Duplicate func()
}

// Bot is one Slack app's end of the wire. Create it with New, register handlers, then call Run once.
// Its posting methods work from the start, with or without Run.
type Bot struct {
	cfg    Config
	log    *slog.Logger
	api    *slack.Client // every Web API call goes through it and through wire
	wire   *wire
	lanes  lanes
	routes routes

	identity cache[struct{}, Identity]
	people   cache[UserID, Person]
	emails   cache[string, lookup]
	groups   cache[GroupID, []UserID]

	recent *recent
	atWork crowd // envelopes being handed over
	atDoor crowd // people being told that there is no room
	pacer  *pacer
	timing timing
	dialer *websocket.Dialer
	links  links
	life   sync.WaitGroup // readers, pingers and keepers of links

	closing chan struct{} // closed when the bot is stopping
	stopped chan struct{} // closed when it has hung up

	mu       sync.Mutex
	stop     context.CancelCauseFunc // ends the keepers; nil before Run
	finished chan struct{}           // closed when Run is over; nil before Run
}

// New returns a Bot. It does not touch the network.
func New(cfg Config) *Bot {
	cfg = cfg.withDefaults()
	w := newWire(cfg.HTTP)
	return &Bot{
		cfg:  cfg,
		log:  cfg.Logger,
		wire: w,
		api: slack.New(cfg.BotToken.Reveal(), slack.OptionAppLevelToken(cfg.AppToken.Reveal()),
			slack.OptionAPIURL(cfg.APIURL), slack.OptionHTTPClient(w)),
		identity: newCache[struct{}, Identity](0),
		people:   newCache[UserID, Person](cfg.PersonTTL),
		emails:   newCache[string, lookup](cfg.PersonTTL),
		groups:   newCache[GroupID, []UserID](cfg.PersonTTL),
		recent:   newRecent(),
		atWork:   crowd{limit: cfg.InFlight},
		atDoor:   crowd{limit: doorLimit},
		pacer:    newPacer(cfg.Connections),
		timing:   defaultTiming(),
		dialer:   dialer(w.http),
		closing:  make(chan struct{}),
		stopped:  make(chan struct{}),
	}
}

// call makes one Web API call through slack-go: it waits where Slack asked for patience, refuses to send what is late, and
// turns the outcome into an *Error. place is the conversation where the method's limit counts per conversation, else empty.
func (b *Bot) call(ctx context.Context, method, place string, do func(context.Context) error) error {
	start := time.Now()
	err := b.lanes.through(ctx, method, place, func() error {
		callCtx, sent := withSentFlag(ctx)
		return fault(method, do(callCtx), sent.Load())
	})
	b.cfg.Observer.Call(method, Class(err), time.Since(start))
	return err
}

func (c Config) withDefaults() Config {
	if c.APIURL == "" {
		c.APIURL = slack.APIURL
	}
	if !strings.HasSuffix(c.APIURL, "/") {
		c.APIURL += "/" // slack-go joins by plain concatenation
	}
	c.Connections = orDefault(c.Connections, 2)
	c.InFlight = orDefault(c.InFlight, 512)
	c.HandOverTimeout = orDefault(c.HandOverTimeout, 2500*time.Millisecond)
	c.ReadDeadline = orDefault(c.ReadDeadline, 45*time.Second)
	c.PingEvery = orDefault(c.PingEvery, 10*time.Second)
	c.CloseTimeout = orDefault(c.CloseTimeout, 5*time.Second)
	c.PersonTTL = orDefault(c.PersonTTL, time.Minute)
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.NotStored == nil {
		c.NotStored = notStored
	}
	if c.Unknown == nil {
		c.Unknown = unknown
	}
	c.Observer = c.Observer.withDefaults()
	return c
}

func orDefault[T int | time.Duration](v, byDefault T) T {
	if v <= 0 {
		return byDefault
	}
	return v
}

func (o Observer) withDefaults() Observer {
	if o.Envelope == nil {
		o.Envelope = func(string, string, time.Duration) {}
	}
	if o.Call == nil {
		o.Call = func(string, string, time.Duration) {}
	}
	if o.Connected == nil {
		o.Connected = func(int) {}
	}
	if o.Reconnect == nil {
		o.Reconnect = func(string) {}
	}
	if o.Duplicate == nil {
		o.Duplicate = func() {}
	}
	return o
}

func notStored(_ Origin, err error) Message {
	if errors.Is(err, context.DeadlineExceeded) {
		return Message{Text: "It is not certain whether I could take that on. If nothing happens within a minute, please try again."}
	}
	return Message{Text: "I could not take that on just now, and nothing has been done. Please try again in a moment."}
}

func unknown(Origin) Message {
	return Message{Text: "I don't know that button or command any more. Please start again."}
}
