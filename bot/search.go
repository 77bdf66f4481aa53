package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"
)

const (
	searchPage  = 200
	searchPages = 10 // a bound on one search: 2,000 messages
)

// CanSearch reports whether the token has any of the scopes that FindPosted needs, as far as Identify has told.
func (b *Bot) CanSearch() bool {
	id, ok := b.identity.peek(struct{}{})
	return ok && slices.ContainsFunc(id.Scopes, func(scope string) bool { return strings.HasSuffix(scope, ":history") })
}

// FindPosted looks for a message of the bot's own whose metadata has that type and, under key, that value: in the channel,
// or with thread in the thread under it, among what was written since. ErrMissingScope if the app may not read there.
// Slack may take a moment to show a new message here: "not found" right after a post proves nothing.
// See https://docs.slack.dev/reference/methods/conversations.history and
// https://docs.slack.dev/reference/methods/conversations.replies
func (b *Bot) FindPosted(ctx context.Context, channel ChannelID, thread, metadataType, key, value string, since time.Time) (MessageRef, bool, error) {
	self, err := b.Identify(ctx)
	if err != nil {
		return MessageRef{}, false, err
	}
	wanted := func(m slack.Message) bool {
		mine := m.User == string(self.User) || m.BotID != "" && m.BotID == self.BotID
		return mine && m.Metadata.EventType == metadataType && m.Metadata.EventPayload[key] == any(value)
	}
	var cursor string
	for range searchPages {
		messages, next, err := b.page(ctx, channel, thread, cursor, since)
		if err != nil {
			return MessageRef{}, false, err
		}
		if i := slices.IndexFunc(messages, wanted); i >= 0 {
			return MessageRef{Channel: channel, TS: messages[i].Timestamp}, true, nil
		}
		if next == "" {
			return MessageRef{}, false, nil
		}
		cursor = next
	}
	return MessageRef{}, false, nil
}

// page reads one page of a channel, newest first, or of a thread, oldest first.
func (b *Bot) page(ctx context.Context, channel ChannelID, thread, cursor string, since time.Time) (messages []slack.Message, next string, err error) {
	oldest := fmt.Sprintf("%d.%06d", since.Unix(), since.Nanosecond()/1000)
	if thread != "" {
		err = b.call(ctx, "conversations.replies", "", func(ctx context.Context) error {
			messages, _, next, err = b.api.GetConversationRepliesContext(ctx, &slack.GetConversationRepliesParameters{
				ChannelID: string(channel), Timestamp: thread, Cursor: cursor, Oldest: oldest,
				Inclusive: true, Limit: searchPage, IncludeAllMetadata: true,
			})
			return err
		})
		return messages, next, err
	}
	err = b.call(ctx, "conversations.history", "", func(ctx context.Context) error {
		answer, err := b.api.GetConversationHistoryContext(ctx, &slack.GetConversationHistoryParameters{
			ChannelID: string(channel), Cursor: cursor, Oldest: oldest,
			Inclusive: true, Limit: searchPage, IncludeAllMetadata: true,
		})
		if err == nil {
			messages, next = answer.Messages, answer.ResponseMetaData.NextCursor
		}
		return err
	})
	return messages, next, err
}
