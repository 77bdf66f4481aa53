// Package mrkdwn reads Slack's markup as one person sees it: with the names of
// people and channels, and with dates in that person's zone and language.
//
// [Reader.Read] returns spans, data without any markup of its own, so that what
// shows them decides how they look and what has to be escaped. It knows the part
// of the markup that apps write; what it does not know stays as it was typed.
//
// See https://docs.slack.dev/messaging/formatting-message-text
package mrkdwn
