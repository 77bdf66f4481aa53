package step

import (
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// A Handoff is what the run that makes the call gets from the one that confirmed, or that
// looked and has the call repeated.
type Handoff struct {
	Request store.Request
	Reading *Promise[meetingapi.Meeting] // nil: read again
	Begun   bool                         // the call began in the commit that confirmed
}

// AfterConfirming returns the step that follows the confirmation of r.
func AfterConfirming(r cancellation.Request) jobs.Step {
	if r.Telling.Wanted {
		return GatherStep
	}
	return CancelStep
}

// Report returns the job that reports r as changed by the transaction that enqueues it. It
// carries the pointer: the transaction may still change r, but nothing may after the commit.
func Report(r *store.Request) jobs.Job {
	return jobs.Job{Step: ReportStep, Subject: string(r.ID), Carry: r}
}

// Draw returns the job that redraws the card of r, which isn't over, as changed by the
// transaction that enqueues it. The transaction must have announced the draw.
func Draw(r *store.Request) jobs.Job {
	return jobs.Job{Step: DrawStep, Subject: string(r.ID), Carry: r}
}

// ReportOutcome returns the job that reports an outcome of r. If r is a part, the request it
// belongs to does the reporting.
func ReportOutcome(r *store.Request) jobs.Job {
	if r.Parent != "" {
		return jobs.Job{Step: PartStep, Subject: string(r.Parent)}
	}
	return Report(r)
}
