// Package crash proves that nothing is lost and nothing is done twice: its tests
// kill, freeze and starve the real program between a simulated Slack and a
// simulated meeting service, and then read the journals of both.
//
// The program is built with the tag crashtest, which gives it the places of
// package failpoint. Everything runs in plain `go test`; more of it with
//
//	MEETINGBOT_TEST_CRASH=full     every place with every second place, and the long soak
//	MEETINGBOT_TEST_POSTGRES=…     the same on PostgreSQL, and all that needs two replicas
//	MEETINGBOT_TEST_SOAK=2000      how many cancellations the soak makes
//
// What was measured, and how, is in docs/reliability.md.
package crash
