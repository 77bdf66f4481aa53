// Package audit implements `meetingbot audit`: it reads the audit trail and prints who
// asked, who confirmed, what was called, what came back, who was told, and when. It
// needs only DATABASE_URL, writes nothing, and works while the bot runs.
//
// `meetingbot audit verify` proves that the trail hasn't been changed.
package audit
