// Package crash proves that nothing is lost and nothing is done twice. Its tests kill, freeze
// and starve the real program between a simulated Slack and a simulated meeting service, and
// then read the journals of both.
//
// The program is built with the tag crashtest, which enables the places of package failpoint.
// Everything runs with plain `go test`; for more, set
//
//	MEETINGBOT_TEST_CRASH=full     every place combined with every second place, and the long soak
//	MEETINGBOT_TEST_POSTGRES=…     also on PostgreSQL, including all tests that need two replicas
//	MEETINGBOT_TEST_SOAK=2000      number of cancellations in the soak
//
// The measurements and how they were made are in docs/reliability.md.
package crash
