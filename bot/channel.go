package bot

import "context"

// Channel is what the bot may know about a conversation.
type Channel struct {
	ID       ChannelID
	Archived bool
}

// LookUpChannel looks a conversation up. It needs the scope channels:read, for private channels groups:read, for direct messages
// im:read or mpim:read. ErrCannotPost if there is none, or if it is a private one that the bot is not in: Slack doesn't tell
// these apart. See https://docs.slack.dev/reference/methods/conversations.info
func LookUpChannel(ctx context.Context, c *Client, id ChannelID) (Channel, error) {
	const method = "conversations.info"
	var a struct {
		verdict
		Channel struct {
			ID       ChannelID `json:"id"`
			Archived bool      `json:"is_archived"`
		} `json:"channel"`
	}
	err := c.call(ctx, method, values("channel", string(id)), &a)
	return Channel{ID: a.Channel.ID, Archived: a.Channel.Archived}, require(string(a.Channel.ID), method, err)
}
