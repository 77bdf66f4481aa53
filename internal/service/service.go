package service

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/socket"
	"meetingbot/handlers"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/config"
	"meetingbot/internal/database"
	"meetingbot/internal/jobs"
	"meetingbot/internal/monitor"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// Run serves until ctx ends, then shuts down gracefully. It returns nil after a
// clean stop, and otherwise an error that says what to change.
func Run(ctx context.Context, cfg config.Config, version string, log *slog.Logger) error {
	return RunWith(ctx, Env{}, cfg, version, log)
}

// RunWith is Run in the caller's Env.
func RunWith(ctx context.Context, outside Env, cfg config.Config, version string, log *slog.Logger) error {
	s := &service{outside: outside, cfg: cfg, log: log, version: version, metrics: monitor.NewMetrics(version), began: time.Now()}
	failed, end, err := s.listen(ctx)
	if err != nil {
		return s.stops(ctx, err)
	}
	defer func() { _ = end() }()
	if err := s.assemble(ctx); err != nil {
		return s.stops(ctx, err)
	}
	return errors.Join(s.serve(ctx, failed), s.stops(ctx, s.store.Close()))
}

// stops logs why the bot stops and returns err. It is called where that becomes known, because
// stopping may take a while. That the caller wants it is no fault.
func (s *service) stops(ctx context.Context, err error) error {
	if err != nil && !errors.Is(err, context.Canceled) {
		s.log.ErrorContext(ctx, "stopping because of an error", "error", err)
	}
	return err
}

// A service is a running bot.
type service struct {
	outside  Env
	cfg      config.Config
	log      *slog.Logger
	version  string
	metrics  *monitor.Metrics
	store    *store.Store
	queue    *jobs.Queue
	meetings *meetingapi.Reader
	slack    *bot.Client
	bot      *socket.Bot
	handlers *handlers.Handlers

	began  time.Time
	phase  atomic.Int32   // a phase; once it is running, all fields above are set
	writes monitor.Health // updated by store.Options.OnWrite
}

// assemble builds the parts from the inside out. It makes no outside connections except
// to the database, which it waits for.
func (s *service) assemble(ctx context.Context) error {
	cfg, log := s.cfg, s.log
	catalogue, err := words.Load()
	if err != nil {
		return err
	}
	api, err := MeetingAPI(cfg, s.version)
	if err != nil {
		return err
	}
	api.Logger, api.Observe = log, s.metrics.Meetings
	var canceler *meetingapi.Canceler
	if s.meetings, canceler, err = meetingapi.New(api); err != nil {
		return err
	}
	slack, err := SlackAPI(cfg)
	if err != nil {
		return err
	}
	slack.Observe, slack.StopBy = s.metrics.Slack, jobs.BeforeStop
	s.outside.reroute(api.HTTP, slack.HTTP)
	if s.store, err = s.open(ctx); err != nil {
		return err
	}
	s.queue = jobs.New(s.store, jobs.Options{
		Log: log, Observe: s.metrics.Steps, Urgent: []jobs.Step{step.CancelStep, step.SettleStep, step.ReportStep, step.GatherStep},
	})
	views := &view.Renderer{
		Words: catalogue, Locale: cfg.BotLocale, Minimal: cfg.CardDetails == "minimal",
		Second: cfg.SecondPerson, Tell: cfg.TellInvited,
	}
	s.slack = bot.NewClient(slack)
	say := func(o bot.Origin, k answer.Kind) bot.Message {
		known, _ := s.slack.CachedPerson(o.User) // there is no time to ask Slack for the language
		return answer.Draw(views.Person(known.Locale), answer.Answer{Kind: k})
	}
	s.bot = socket.New(s.slack, socket.Config{
		Connections: cfg.SlackConnections, Dial: s.outside.Dial, Logger: log, Observer: s.metrics.Sockets(),
		NotStored:     func(o bot.Origin, err error) bot.Message { return say(o, notStoredAnswer(err)) },
		UnknownAction: func(o bot.Origin) bot.Message { return say(o, answer.UnknownButton) },
	})
	s.handlers = handlers.New(handlers.Options{
		Bot: s.bot, Slack: s.slack, Meetings: s.meetings, Canceler: canceler, Store: s.store, Queue: s.queue, Views: views,
		Rules: rules(cfg), Log: log, Observe: s.metrics.Handlers(),
	})
	s.handlers.Register()
	s.metrics.ZeroSteps(s.queue.Steps())
	s.gauges()
	s.phase.Store(int32(running))
	return nil
}

// notStoredAnswer returns the answer to a command or click that couldn't be stored:
// nothing was done, unless it may have been stored after all.
func notStoredAnswer(err error) answer.Kind {
	if errors.Is(err, database.ErrUnsettled) || errors.Is(err, socket.ErrOverdue) {
		return answer.MaybeStored
	}
	return answer.NotStored
}
