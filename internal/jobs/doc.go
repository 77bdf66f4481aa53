// Package jobs runs the durable steps of the product on River.
//
// A job is inserted in the same transaction as the change it follows from, so
// it exists exactly when the change does. It is then run without waiting for a
// queue's poll, and no less safely:
//
//   - The job is inserted one [LeaseTime] ahead: until then it belongs to the
//     process that inserted it, which starts it right after the commit without
//     asking the database again.
//   - If that process lives, it ends the job in the transaction that records
//     what the step did. If it dies, the lease runs out and River gives the job to
//     whoever is alive. On SQLite there is only one owner, so [Queue.Start]
//     releases what a dead process left behind at once.
//
// A step never runs longer than [StepTime], which is shorter than the lease: a
// slow process is stopped before another may begin. A frozen one that wakes up
// finds that its [Lease] no longer holds: [Queue.Hold] and [Queue.Finish] are
// conditional on the attempt, and return [ErrLeaseLost].
//
// The package writes to River's table river_job directly (lease.go, look.go). That is
// not documented by River; TestRiverTable guards every column and state used.
package jobs
