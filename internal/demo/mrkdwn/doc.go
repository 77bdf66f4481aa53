// Package mrkdwn parses Slack's markup as one person sees it: with the names of people
// and channels, and with dates in their time zone and language.
//
// [Reader.Read] returns spans, which contain no markup, so that the caller decides how
// they look and what to escape. It supports the markup that apps write; anything else
// stays as typed.
//
// See https://docs.slack.dev/messaging/formatting-message-text
package mrkdwn
