package step

import (
	"meetingbot/internal/cancellation"
	"meetingbot/internal/jobs"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// A Confirmed is what the run that confirms a request hands to the one that calls.
type Confirmed struct {
	Request store.Request
	Reading *Promise[meetingapi.Meeting] // nil: read again
	Meeting meetingapi.Meeting           // as it was read, where the call has begun
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

// A Changed is what the run that changed a request hands to the report of it: the
// request as it stands afterwards, to be filled in the commit that changes it.
type Changed struct{ Request store.Request }

// About is the request that is handed over.
func (c *Changed) About() store.Request { return c.Request }

// Report is the job that tells of the change.
func (c *Changed) Report(id cancellation.ID) jobs.Job {
	return jobs.Job{Step: ReportStep, Subject: string(id), Carry: c}
}

// Follow is the job that tells of an outcome of r. That of a part is told by the
// request that it is a part of.
func (c *Changed) Follow(r cancellation.Request) jobs.Job {
	if r.Parent != "" {
		return jobs.Job{Step: PartStep, Subject: string(r.Parent)}
	}
	return c.Report(r.ID)
}
