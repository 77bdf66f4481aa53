package handlers

import (
	"context"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/ask"
	"meetingbot/handlers/step/cancel"
	"meetingbot/handlers/step/delegate"
	"meetingbot/handlers/step/home"
	"meetingbot/handlers/step/invited"
	"meetingbot/handlers/step/many"
	"meetingbot/handlers/step/owner"
	"meetingbot/handlers/step/report"
	"meetingbot/handlers/step/watch"
	"meetingbot/internal/jobs"
)

// asks is the step that handles a command.
var asks = ask.Ask{Several: many.Ask, Refuse: owner.Refuse}

// Steps registers every step with the queue. It returns the sweeper that closes expired cards
// and ends expired delegations. Only one step gets the canceler.
func Steps(deps *step.Deps, canceler cancel.Canceler) *watch.Sweeper {
	q := deps.Queue
	ofRequest := func(name jobs.Step, do func(context.Context, *step.Task) error) {
		q.Handle(name, "request", step.OfRequest(deps, do))
	}
	ofEnvelope := func(name jobs.Step, do func(context.Context, *step.Visit) error) {
		q.Handle(name, "envelope", step.OfEnvelope(deps, do))
	}
	ofEnvelope(step.CommandStep, asks.Run)
	ofEnvelope(step.ClickStep, Clicks(deps).Run)
	ofRequest(step.GatherStep, invited.Gather)
	ofRequest(step.CancelStep, cancel.Cancel(canceler))
	ofRequest(step.SettleStep, cancel.Settle)
	ofRequest(step.ReportStep, report.Report)
	ofRequest(step.DrawStep, report.Draw)
	ofRequest(step.TellInvitedStep, invited.TellInvited)
	q.Handle(step.WatchStep, "meeting", watch.Watch{Deps: deps}.Run)

	ofRequest(step.ManyStep, many.RunParts)
	ofRequest(step.PartStep, many.PartEnded)
	ofRequest(step.MergeInvitedStep, invited.Merge)

	ofEnvelope(step.DelegateStep, delegate.Handle)
	q.Handle(step.DelegateNoticeStep, "delegation", delegate.Notice{Deps: deps}.Run)

	q.Handle(step.HomeStep, "user", home.Draw{Deps: deps}.Run)
	ofEnvelope(step.HomeClickStep, home.Press{Asks: asks, Offer: owner.Offer}.Run)

	delegations := &delegate.Ender{Deps: deps}
	return &watch.Sweeper{Deps: deps, Also: delegations.Round}
}
