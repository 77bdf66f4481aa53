// Package block builds the blocks that Slack shows, and the text in them. Text from people or
// the meeting service is escaped here and nowhere else: everything in a message that isn't the
// bot's own wording goes through Escape, Verbatim or Plain.
//
// The package keeps to Slack's limits for a block, not to those for a message. It doesn't know
// languages, readers or meetings.
package block
