package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	searchPage  = 200
	searchPages = 10 // a bound on one search: 2,000 messages
)

// historyAnswer is a page of messages, of each what FindPosted looks at.
type historyAnswer struct {
	verdict
	Messages []struct {
		TS       string `json:"ts"`
		User     string `json:"user"`
		BotID    string `json:"bot_id"`
		Metadata struct {
			Type    string         `json:"event_type"`
			Payload map[string]any `json:"event_payload"`
		} `json:"metadata"`
	} `json:"messages"`
}

// find returns the ts of the first message of the bot's with such metadata. Without a ts it is none that can be named.
func (a historyAnswer) find(self Identity, metadataType, key, value string) (ts string, ok bool) {
	for _, m := range a.Messages {
		mine := m.User != "" && m.User == string(self.User) || m.BotID != "" && m.BotID == self.BotID
		if mine && m.TS != "" && m.Metadata.Type == metadataType && m.Metadata.Payload[key] == any(value) {
			return m.TS, true
		}
	}
	return "", false
}

// CanSearch reports whether the token has any of the scopes that FindPosted needs, according to Identify.
func (c *Client) CanSearch() bool {
	id, ok := c.identity.Peek("")
	return ok && slices.ContainsFunc(id.Scopes, func(scope string) bool { return strings.HasSuffix(scope, ":history") })
}

// FindPosted looks for a message of the bot's whose metadata has that type and, under key, that value: in the channel, or
// in the given thread, among messages since the given time. ErrMissingScope if the app may not read there. Slack may take
// a moment to show a new message here: "not found" right after a post proves nothing. See
// https://docs.slack.dev/reference/methods/conversations.history and
// https://docs.slack.dev/reference/methods/conversations.replies
func (c *Client) FindPosted(ctx context.Context, channel ChannelID, thread, metadataType, key, value string, since time.Time) (MessageRef, bool, error) {
	self, err := c.Identify(ctx)
	if err != nil {
		return MessageRef{}, false, err
	}
	method := "conversations.history" // newest first
	if thread != "" {
		method = "conversations.replies" // oldest first
	}
	form := values("channel", string(channel), "ts", thread, "inclusive", "1", "include_all_metadata", "1",
		"limit", strconv.Itoa(searchPage), "oldest", fmt.Sprintf("%d.%06d", since.Unix(), since.Nanosecond()/1000))
	for range searchPages {
		var page historyAnswer
		if err := c.call(ctx, method, form, &page); err != nil {
			return MessageRef{}, false, err
		}
		if ts, ok := page.find(self, metadataType, key, value); ok {
			return MessageRef{Channel: channel, TS: ts}, true, nil
		}
		if page.Page.NextCursor == "" {
			break
		}
		form.Set("cursor", page.Page.NextCursor)
	}
	return MessageRef{}, false, nil
}
