// Package block writes the blocks that Slack shows, and the text in them. Text from
// people or the meeting service is made harmless here and nowhere else, see Foreign;
// whatever a message says goes through Foreign, Verbatim or Plain, or is ours.
//
// It keeps to Slack's limits of one block, not to those of a message. It doesn't know
// languages, readers or meetings.
package block
