// Package sim tests the service under random faults. It runs the real service, both
// simulated services and the people of a company in one process, in a [testing/synctest]
// bubble with in-memory connections, and checks after and during each run that every
// promise still holds.
//
// A [Schedule] is a seed. Random choices don't come from one stream: each is derived from
// the seed, the name of its place and how often that place has been reached
// ("slack/chat.update#3"). Removing one event therefore doesn't change the others, so a
// failing schedule can be reduced to the fewest events that still fail ([Shrink]) and
// printed as a transcript.
//
//	go test ./internal/sim -schedules 10000
//	go test ./internal/sim -run TestSchedules -seed 4711 -v
//
// The rules are in rule_*.go, one per promise. The faults are in fault.go and fault_*.go.
// A process is killed by cutting its connections and its database at that instant; from
// then on nothing it does has any effect, and the next process opens a copy of the
// database file as it was.
package sim
