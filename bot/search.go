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
	searchPages = 10 // limits a search to 2,000 messages
)

// historyAnswer is a page of messages, with the fields FindPosted needs.
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

// find returns the ts of the bot's first message with the wanted metadata. It skips messages without a ts.
func (a historyAnswer) find(self Identity, want Metadata) (ts string, ok bool) {
	for _, m := range a.Messages {
		mine := m.User != "" && m.User == string(self.User) || m.BotID != "" && m.BotID == self.BotID
		if !mine || m.TS == "" || m.Metadata.Type != want.Type {
			continue
		}
		has := true
		for key, value := range want.Payload {
			has = has && m.Metadata.Payload[key] == any(value)
		}
		if has {
			return m.TS, true
		}
	}
	return "", false
}

// CanSearch reports whether the token has any of the scopes that FindPosted needs. It is false before Identify.
func (c *Client) CanSearch() bool {
	id, ok := c.identity.Peek("")
	return ok && slices.ContainsFunc(id.Scopes, func(scope string) bool { return strings.HasSuffix(scope, ":history") })
}

// FindPosted looks for one of the bot's own messages, posted since the given time, whose metadata has the type and all the
// values of want. It searches the thread under in.TS or, if that is empty, the conversation in.Channel. It returns
// ErrMissingScope if the app may not read there. Slack may take a moment to list a new message, so "not found" right after
// a post proves nothing. See https://docs.slack.dev/reference/methods/conversations.history and
// https://docs.slack.dev/reference/methods/conversations.replies
func (c *Client) FindPosted(ctx context.Context, in MessageRef, want Metadata, since time.Time) (MessageRef, bool, error) {
	self, err := c.Identify(ctx)
	if err != nil {
		return MessageRef{}, false, err
	}
	method := "conversations.history" // newest first
	if in.TS != "" {
		method = "conversations.replies" // oldest first
	}
	form := values("channel", string(in.Channel), "ts", in.TS, "inclusive", "1", "include_all_metadata", "1",
		"limit", strconv.Itoa(searchPage), "oldest", fmt.Sprintf("%d.%06d", since.Unix(), since.Nanosecond()/1000))
	for range searchPages {
		var page historyAnswer
		if err := c.call(ctx, method, form, &page); err != nil {
			return MessageRef{}, false, err
		}
		if ts, ok := page.find(self, want); ok {
			return MessageRef{Channel: in.Channel, TS: ts}, true, nil
		}
		if page.Page.NextCursor == "" {
			break
		}
		form.Set("cursor", page.Page.NextCursor)
	}
	return MessageRef{}, false, nil
}
