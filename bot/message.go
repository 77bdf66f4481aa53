package bot

import "github.com/slack-go/slack"

// Message is what the bot says. Links in it are never unfurled.
type Message struct {
	// Text is read aloud by screen readers and shown in notifications instead of the blocks. It must not be empty.
	Text string
	// Blocks are what people see. An update without blocks takes the old ones away and marks the message "(edited)".
	Blocks []slack.Block
	// Metadata is kept by Slack with the message, readable by every app in the workspace, shown to nobody. Nil is none.
	Metadata *Metadata
}

// Metadata lets a message be found again by FindPosted. It holds no secrets.
// See https://docs.slack.dev/messaging/message-metadata
type Metadata struct {
	Type    string // event_type
	Payload map[string]string
}

// Response is an answer through a response_url. The zero flags make a new message that only the person sees.
type Response struct {
	Message
	InChannel bool   // everybody in the conversation sees it
	Replace   bool   // it takes the place of the message that was clicked
	Thread    string // thread_ts of the parent to answer under; works together with InChannel
}

// Modal is a dialog window.
type Modal struct {
	slack.ModalViewRequest
}
