package bot

import (
	"context"

	"github.com/slack-go/slack"
)

// DirectChannel returns the conversation with one person, opening it if needed. It needs the scope im:write; posting to a
// person does not (see DM). ErrNoSuchPerson if that person can't be written to.
// See https://docs.slack.dev/reference/methods/conversations.open
func (b *Bot) DirectChannel(ctx context.Context, user UserID) (ChannelID, error) {
	const method = "conversations.open"
	var id ChannelID
	err := b.call(ctx, method, "", func(ctx context.Context) error {
		channel, _, _, err := b.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: []string{string(user)}, ReturnIM: true})
		if err == nil && channel == nil {
			return errNoVerdict
		}
		if err == nil {
			id = ChannelID(channel.ID)
		}
		return err
	})
	return id, err
}
