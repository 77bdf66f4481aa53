// Package jobs runs the durable steps of the product.
//
// A job is a row of the table job, inserted in the same transaction as the change that
// causes it, so it exists if and only if the change does. Only its own step's commit ends
// it, so a step that dies, fails or can't write runs again:
//
//   - The process that inserts a due job holds the first lease on it, and starts it
//     right after the commit without asking the database again.
//   - A lease is a due time [LeaseDuration] ahead. Once it has expired, any live process can
//     claim the job with one conditional update. A SQLite file has only one owner, so
//     there [Queue.Start] releases a dead process's jobs at once.
//   - Each claim increments the job's fence, and everything a run writes is conditional on
//     the fence ([Run.Record], [Run.Done]). A process that was frozen and wakes up gets
//     [ErrLeaseLost] and changes nothing.
//
// A step never runs longer than [StepTimeout], which is shorter than the lease, so a slow
// process is stopped before another one may start. Leases go by the database's clock,
// [store.Store.Now].
//
// The package does not know what a step does.
package jobs
