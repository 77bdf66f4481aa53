package handlers

import (
	"context"
	"log/slog"

	"meetingbot/bot"
	"meetingbot/bot/socket"
	"meetingbot/handlers/access"
	"meetingbot/handlers/card"
	"meetingbot/handlers/step"
	"meetingbot/handlers/step/delegate"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/step/watch"
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/background"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// Rules are the operator's decisions; see the README's table of variables.
type Rules struct {
	step.Rules
	access.Settings
	OwnerMap map[string]string // meeting account or user UUID in lower case → Slack user id or e-mail
}

// Options are what [New] needs. All fields except Observe are required.
type Options struct {
	Bot      *socket.Bot
	Slack    *bot.Client // the client that Bot uses
	Meetings *meetingapi.Reader
	Canceler *meetingapi.Canceler // given to one step only
	Store    *store.Store
	Queue    *jobs.Queue
	Views    *view.Renderer
	Rules    Rules
	Log      *slog.Logger
	Observe  step.Observer
}

// Handlers connect Slack, the store and the meeting service. Make them with
// [New].
type Handlers struct {
	bot     *socket.Bot
	deps    *step.Deps
	clicks  press.Press // used to prefetch what a click's step will wait for
	sweeper *watch.Sweeper
}

// New returns handlers whose steps are registered with the queue.
func New(o Options) *Handlers {
	owners := access.NewOwners(o.Meetings, o.Slack, o.Rules.OwnerMap)
	deps := &step.Deps{
		Store: o.Store, Queue: o.Queue, Slack: o.Slack, Meetings: o.Meetings, Owners: owners, Views: o.Views, Log: o.Log, Observe: o.Observe,
		Rules: o.Rules.Rules, Background: background.New(),
		Access: &access.Policy{
			Slack: o.Slack, Owners: owners, Log: o.Log, Settings: o.Rules.Settings,
			Delegated: delegate.Lookup(o.Store, o.Rules.DelegationMax),
		},
	}
	deps.Board = card.New(card.Options{
		Slack: o.Slack, Views: o.Views, Now: o.Store.Now, Log: o.Log, Latest: step.ShownNow(o.Store.Requests),
	})
	sweeper := Steps(deps, o.Canceler)
	return &Handlers{bot: o.Bot, deps: deps, clicks: Clicks(deps), sweeper: sweeper}
}

// Register registers a handler for everything the product responds to in Slack.
func (h *Handlers) Register() {
	h.bot.HandleCommands(h.receiveCommand)
	h.bot.HandleShortcut(action.ShortcutCancel, h.receiveShortcut)
	h.bot.HandleHome(h.receiveHome)
	for _, modal := range []string{action.ModalReason, action.ModalAskOwner, action.ModalDelegate} {
		h.bot.HandleSubmission(modal, h.receiveSubmission)
	}
	for _, button := range action.Buttons() {
		h.bot.HandleClick(button, h.receiveClick)
	}
	for _, input := range action.Inputs() {
		h.bot.HandleClick(input, h.receiveTick)
	}
}

// Run closes expired cards and ends expired delegations until ctx is done.
func (h *Handlers) Run(ctx context.Context) { h.sweeper.Run(ctx) }

// Close stops background work and waits for it to finish.
func (h *Handlers) Close() {
	h.deps.Background.Close()
	h.deps.Board.Close()
	h.deps.Owners.Close()
}
