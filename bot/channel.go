package bot

import "context"

// IsArchived reports whether a conversation is archived. It needs the scope channels:read, groups:read for private
// channels, and im:read or mpim:read for direct messages. It returns ErrCannotPost if the conversation doesn't exist or is
// private and the bot is not in it; Slack doesn't tell these apart.
// See https://docs.slack.dev/reference/methods/conversations.info
func IsArchived(ctx context.Context, c *Client, id ChannelID) (bool, error) {
	const method = "conversations.info"
	var a struct {
		verdict
		Channel struct {
			ID       string `json:"id"`
			Archived bool   `json:"is_archived"`
		} `json:"channel"`
	}
	err := c.call(ctx, method, values("channel", string(id)), &a)
	return a.Channel.Archived, require(a.Channel.ID, method, err)
}
