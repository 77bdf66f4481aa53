package step

import (
	"context"

	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// Enqueue puts a job into a transaction, as [jobs.Queue.Enqueue] and [jobs.Run.Enqueue] do.
type Enqueue = func(context.Context, *store.Tx, jobs.Job) error

// A Confirmed is what the run that confirms a request passes to the one that makes the
// call.
type Confirmed struct {
	Request store.Request
	Reading *Promise[meetingapi.Meeting] // nil: read again
	Begun   bool                         // the call began in the commit that confirmed
}

// About is the request that is handed over.
func (c *Confirmed) About() store.Request { return c.Request }

// AfterConfirming is the step that follows the confirmation of r.
func AfterConfirming(r cancellation.Request) jobs.Step {
	if r.Telling.Wanted {
		return GatherStep
	}
	return CancelStep
}

// Report returns the job that reports how r was changed by the transaction that enqueues it.
// It carries r itself, which the commit still changes, and nothing after it.
func Report(r *store.Request) jobs.Job {
	return jobs.Job{Step: ReportStep, Subject: string(r.ID), Carry: r}
}

// Draw returns the job that shows how r, which goes on, was changed by the transaction that
// enqueues it. The transaction must have announced the draw.
func Draw(r *store.Request) jobs.Job {
	return jobs.Job{Step: DrawStep, Subject: string(r.ID), Carry: r}
}

// Follow returns the job that reports an outcome of r. For a part, that is up to the
// request it is a part of.
func Follow(r *store.Request) jobs.Job {
	if r.Parent != "" {
		return jobs.Job{Step: PartStep, Subject: string(r.Parent)}
	}
	return Report(r)
}
