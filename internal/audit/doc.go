// Package audit is `meetingbot audit`: it reads the audit trail and prints who
// asked, who confirmed, what was called, what came back, who was told, and
// when. It needs DATABASE_URL and nothing else, writes nothing, and works while
// the bot runs.
package audit
