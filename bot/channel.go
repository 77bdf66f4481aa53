package bot

import "context"

// IsArchived reports whether a conversation is archived. It needs the scope channels:read, for private channels groups:read, for direct messages
// im:read or mpim:read. ErrCannotPost if there is none, or if it is a private one that the bot is not in: Slack doesn't tell
// these apart. See https://docs.slack.dev/reference/methods/conversations.info
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
