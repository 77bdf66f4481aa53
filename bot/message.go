package bot

import "github.com/slack-go/slack"

// Message is a message to post. Its links are never unfurled.
type Message struct {
	// Text replaces the blocks in notifications and screen readers. It must not be empty.
	Text string
	// Blocks is what people see. An update without blocks removes the old ones and marks the message "(edited)".
	Blocks []slack.Block
	// Metadata is stored with the message. People don't see it, but every app in the workspace can read it. Optional.
	Metadata *Metadata
}

// Metadata lets FindPosted find a message again. It must not hold secrets.
// See https://docs.slack.dev/messaging/message-metadata
type Metadata struct {
	Type    string            `json:"event_type"`
	Payload map[string]string `json:"event_payload"`
}

// Response is an answer through a response_url. By default it is a new message that only one person sees.
type Response struct {
	Message
	InChannel bool   // everyone in the conversation sees it
	Replace   bool   // it replaces the message that was clicked
	Thread    string // thread_ts of the message to reply to; needs InChannel
}

// Modal is a dialog window.
type Modal struct {
	slack.ModalViewRequest
}

// Home is what one person sees in the bot's Home tab.
type Home struct {
	slack.HomeTabViewRequest
}
