package handlers

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// The steps, as they are stored.
const (
	stepCommand jobs.Step = "command" // of an envelope
	stepClick   jobs.Step = "click"   // of an envelope
	stepCall    jobs.Step = "call"    // of a request
	stepReport  jobs.Step = "report"  // of a request
)

// Rules are what the operator has decided, see the table of variables.
type Rules struct {
	AllowUsers    []string // Slack user ids that may cancel any meeting; "*" is everybody
	AllowGroups   []string // Slack user group ids whose members may
	AllowChannels []string // where the command works; empty is everywhere
	Second        cancellation.SecondPerson
	ConfirmTTL    time.Duration
	UndoWindow    time.Duration // zero is none
	LeadTime      time.Duration // zero is none
	PerMinute     int           // requests a person may make; zero is no limit
	// OwnerMap gives the Slack user id or e-mail of a meeting account or user
	// UUID, written in lower case.
	OwnerMap map[string]string
}

// An Observer is told what happens, for metrics. Its fields may be nil.
type Observer struct {
	Command     func(result string)
	Question    func(outcome string)
	OwnerNotice func(result string)
}

// Options are what [New] needs. All fields but Observe are required.
type Options struct {
	Bot      *bot.Bot
	Meetings *meetingapi.Client
	Store    *store.Store
	Queue    *jobs.Queue
	Views    *Views
	Rules    Rules
	Log      *slog.Logger
	Observe  Observer
}

// Handlers connect Slack, the store and the meeting service. Make them with
// [New].
type Handlers struct {
	bot      *bot.Bot
	meetings *meetingapi.Client // reads only; the destructive half is caller's
	store    *store.Store
	queue    *jobs.Queue
	views    *Views
	rules    Rules
	log      *slog.Logger
	observe  Observer

	owners  owners
	links   links
	finds   readings[finding]
	ahead   readings[reading]
	cards   locks // of the card
	reports locks // of the reports

	forgetNext time.Time // of Run alone

	life       context.Context // of what goes on beside the steps
	end        context.CancelFunc
	background sync.WaitGroup
}

// New returns handlers whose steps are registered with the queue.
func New(o Options) *Handlers {
	h := &Handlers{
		bot: o.Bot, meetings: o.Meetings, store: o.Store, queue: o.Queue,
		views: o.Views, rules: o.Rules, log: o.Log, observe: o.Observe.withDefaults(),
	}
	//nolint:forbidigo // ends with Close, not with the caller of New
	h.life, h.end = context.WithCancel(context.Background())
	h.owners.lookUp = h.findOwner
	c := &caller{Handlers: h, canceler: meetingapi.NewCanceler(o.Meetings)}
	o.Queue.Handle(stepCommand, "envelope", h.command)
	o.Queue.Handle(stepClick, "envelope", h.click)
	o.Queue.Handle(stepCall, "request", c.call)
	o.Queue.Handle(stepReport, "request", h.report)
	return h
}

// Register tells the bot what the product answers to: its whole surface.
func (h *Handlers) Register() {
	h.bot.HandleCommand(h.views.Command, h.receiveCommand)
	h.bot.HandleShortcut(ShortcutCancel, h.receiveShortcut)
	h.bot.HandleSubmission(ModalReason, h.receiveSubmission)
	for _, action := range []string{
		ActionCancel, ActionEnd, ActionKeep, ActionCancelSeries, ActionCancelOccurrences,
		ActionPickOccurrences, ActionUndo, ActionCheckAgain, ActionAddReason, ActionChoose,
	} {
		h.bot.HandleClick(action, h.receiveClick)
	}
}

// Run closes the cards whose time is over, until ctx ends.
func (h *Handlers) Run(ctx context.Context) {
	t := time.NewTicker(sweepEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			h.sweep(ctx)
		}
	}
}

// Close ends what goes on beside the steps and waits for it.
func (h *Handlers) Close() {
	h.end()
	h.background.Wait()
}

// beside runs f without anybody waiting for it: warming a cache, counting down.
// Nothing that must happen is done here. It reports whether f will run.
func (h *Handlers) beside(limit time.Duration, f func(context.Context)) bool {
	if h.life.Err() != nil {
		return false
	}
	h.background.Go(func() {
		ctx, cancel := context.WithTimeout(h.life, limit)
		defer cancel()
		f(ctx)
	})
	return true
}

func (o Observer) withDefaults() Observer {
	nothing := func(string) {}
	if o.Command == nil {
		o.Command = nothing
	}
	if o.Question == nil {
		o.Question = nothing
	}
	if o.OwnerNotice == nil {
		o.OwnerNotice = nothing
	}
	return o
}

// logger returns a logger whose lines can be found by the request.
func (h *Handlers) logger(r cancellation.Request) *slog.Logger {
	return h.log.With("request", r.ID, "meeting", r.Meeting.ID)
}
