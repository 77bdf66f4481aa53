package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers"
	"meetingbot/internal/command"
	"meetingbot/internal/config"
	"meetingbot/internal/jobs"
	"meetingbot/internal/monitor"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// perMinute is how many requests a person may make in a minute.
const perMinute = 5

// Run serves until ctx ends, and then stops in good order. It returns nil after
// a clean stop, and an error that says what somebody has to change otherwise.
func Run(ctx context.Context, cfg config.Config, version string, log *slog.Logger) error {
	s, err := assemble(ctx, cfg, version, log)
	if err != nil {
		return err
	}
	return errors.Join(s.serve(ctx), s.store.Close())
}

// A service is everything that runs.
type service struct {
	cfg      config.Config
	log      *slog.Logger
	metrics  *monitor.Metrics
	store    *store.Store
	queue    *jobs.Queue
	meetings *meetingapi.Client
	bot      *bot.Bot
	handlers *handlers.Handlers
	stopping atomic.Bool
}

// assemble builds the parts from the inside out. Nothing outside is touched but
// the database.
func assemble(ctx context.Context, cfg config.Config, version string, log *slog.Logger) (*service, error) {
	s := &service{cfg: cfg, log: log, metrics: monitor.NewMetrics(version)}
	words, err := handlers.LoadWords()
	if err != nil {
		return nil, err
	}
	if s.meetings, err = Meetings(cfg, version, log, s.metrics.Meetings); err != nil {
		return nil, err
	}
	if s.store, err = store.Open(ctx, cfg.DatabaseURL.Reveal(), nil, jobs.Migrate); err != nil {
		return nil, err
	}
	if s.queue, err = jobs.New(s.store, log, s.metrics.Steps); err != nil {
		return nil, errors.Join(err, s.store.Close())
	}
	views := &handlers.Views{
		Words: words, Locale: string(cfg.BotLocale), Minimal: cfg.CardDetails == config.DetailsMinimal,
		Second: cfg.SecondPerson, Command: command.Name,
	}
	s.bot = bot.New(bot.Config{
		AppToken: bot.Secret(cfg.SlackAppToken.Reveal()), BotToken: bot.Secret(cfg.SlackBotToken.Reveal()),
		APIURL: cfg.SlackAPIURL, Connections: cfg.SlackConnections, Logger: log, Observer: s.metrics.Bot(),
		NotStored: func(o bot.Origin, err error) bot.Message {
			return views.Answer(localeOf(s.bot, o.User), handlers.Answer{Kind: notTaken(err)})
		},
		Unknown: func(o bot.Origin) bot.Message {
			return views.Answer(localeOf(s.bot, o.User), handlers.Answer{Kind: handlers.UnknownButton})
		},
	})
	s.handlers = handlers.New(handlers.Options{
		Bot: s.bot, Meetings: s.meetings, Store: s.store, Queue: s.queue, Views: views,
		Rules: rules(cfg), Log: log, Observe: s.metrics.Handlers(),
	})
	s.handlers.Register()
	s.gauges()
	return s, nil
}

// notTaken is what a person is told whose command or click was not stored: that
// nothing was done, unless nobody knows whether it was stored after all.
func notTaken(err error) handlers.AnswerKind {
	switch {
	case errors.Is(err, store.ErrUnsettled):
		return handlers.MaybeStored
	case errors.Is(err, store.ErrLocked): // its time ran out before it began
		return handlers.NotStored
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return handlers.MaybeStored
	}
	return handlers.NotStored
}

// localeOf is the language of a person who is known; there is no time to ask.
func localeOf(b *bot.Bot, id bot.UserID) string {
	p, _ := b.CachedPerson(id)
	return p.Locale
}

// Meetings returns the client of the meeting service that the configuration
// describes. observe may be nil.
func Meetings(cfg config.Config, version string, log *slog.Logger, observe func(meetingapi.Call)) (*meetingapi.Client, error) {
	transport, err := meetingapi.NewTransport([]byte(cfg.MeetingCA))
	if err != nil {
		return nil, fmt.Errorf("MEETING_CA: %w", err)
	}
	c := &meetingapi.Client{
		BaseURL: cfg.MeetingAPIURL, HTTP: &http.Client{Transport: transport},
		UserAgent: "meetingbot/" + version, Logger: log, Observe: observe,
	}
	if cfg.AppLogin() {
		c.Auth = meetingapi.AppID{
			ID: cfg.MeetingAppID, Key: meetingapi.Secret(cfg.MeetingAppKey.Reveal()),
			UserID: cfg.MeetingUserID, CorpID: cfg.MeetingCorpID,
		}
	} else {
		c.Auth = meetingapi.Account{Name: cfg.MeetingAccount, Password: meetingapi.Secret(cfg.MeetingPassword.Reveal())}
	}
	return c, nil
}

// rules are what the operator has decided.
func rules(cfg config.Config) handlers.Rules {
	owners := make(map[string]string, len(cfg.Owners))
	for name, p := range cfg.Owners {
		owners[name] = p.UserID + p.Email // exactly one of them is set
	}
	return handlers.Rules{
		AllowUsers: cfg.AllowUsers, AllowGroups: cfg.AllowUsergroups, AllowChannels: cfg.AllowChannels,
		Second: cfg.SecondPerson, ConfirmTTL: cfg.ConfirmTTL, UndoWindow: cfg.UndoWindow,
		LeadTime: cfg.LeadTime, PerMinute: perMinute, OwnerMap: owners,
	}
}

// listen opens the address for the operators, before anything else runs: a
// port that is taken is a fault to be seen at once.
func (s *service) listen(ctx context.Context) (net.Listener, error) {
	if s.cfg.HTTPAddr == "" {
		return nil, nil //nolint:nilnil // no address is a wish, not a fault
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", s.cfg.HTTPAddr)
	if err != nil {
		return nil, fmt.Errorf("HTTP_ADDR: %w; choose another address, or set it to nothing for none", err)
	}
	return l, nil
}

// stopTime is what is left of the time for stopping, after running steps have
// had theirs, to close sockets and files.
const stopTime = 2 * time.Second
