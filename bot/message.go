package bot

import "github.com/slack-go/slack"

// Message is a message from the bot. Its links are never unfurled.
type Message struct {
	// Text is read aloud by screen readers and shown in notifications instead of the blocks. It must not be empty.
	Text string
	// Blocks are what people see. An update without blocks removes the old ones and marks the message "(edited)".
	Blocks []slack.Block
	// Metadata is stored by Slack with the message, readable by every app in the workspace, and shown to nobody. Nil
	// means none.
	Metadata *Metadata
}

// Metadata lets a message be found again by FindPosted. It holds no secrets.
// See https://docs.slack.dev/messaging/message-metadata
type Metadata struct {
	Type    string            `json:"event_type"`
	Payload map[string]string `json:"event_payload"`
}

// Response is an answer through a response_url. The zero flags make a new message that only the person sees.
type Response struct {
	Message
	InChannel bool   // everybody in the conversation sees it
	Replace   bool   // it replaces the message that was clicked
	Thread    string // thread_ts of the parent to answer under; works together with InChannel
}

// Modal is a dialog window.
type Modal struct {
	slack.ModalViewRequest
}

// Home is what one person sees in the bot's Home tab.
type Home struct {
	slack.HomeTabViewRequest
}
