// Package sim makes up bad luck. It runs the real service, both simulated services and
// the people of a company in one process, in a [testing/synctest] bubble where time is
// the schedule's, over connections in memory; and it checks that what is promised holds,
// whatever happens.
//
// A [Schedule] is a seed. Every choice is drawn by the name of its place and how often it
// was come by ("slack/chat.update#3"), not from one stream, so that leaving an event out
// does not shift the others: a schedule that fails is reduced to the fewest events that
// still fail ([Shrink]) and told as a transcript.
//
//	go test ./internal/sim -schedules 10000
//	go test ./internal/sim -run TestSchedules -seed 4711 -v
//
// The rules are in the files rule_*.go, one a promise; what may go wrong is in luck.go
// and in the files beside it. A process is killed by cutting its connections and its
// database off at that moment; what it does from then on reaches nobody, and the next one
// opens a copy of the file as it was.
package sim
