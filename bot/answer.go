package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
)

// verdict is what every answer of the Web API begins with.
type verdict struct {
	OK       bool   `json:"ok"`
	Error    string `json:"error,omitempty"`
	Needed   string `json:"needed,omitempty"`
	Provided string `json:"provided,omitempty"`
}

// essence is what the bot needs of the answers that bring whole messages. Reading less than slack-go does is not only
// cheaper: a message of a shape that its types don't know must not make a post that happened look like one that failed.
type essence struct {
	verdict
	Channel   string            `json:"channel,omitempty"`
	TS        string            `json:"ts,omitempty"`
	MessageTS string            `json:"message_ts,omitempty"`
	HasMore   bool              `json:"has_more,omitempty"`
	Messages  []essentialRecord `json:"messages,omitempty"`
	Page      struct {
		NextCursor string   `json:"next_cursor,omitempty"`
		Messages   []string `json:"messages,omitempty"` // what is wrong with a refused message, and where
	} `json:"response_metadata"`
}

// essentialRecord is what FindPosted looks at in a message.
type essentialRecord struct {
	TS       string `json:"ts"`
	User     string `json:"user,omitempty"`
	BotID    string `json:"bot_id,omitempty"`
	Metadata *struct {
		Type    string         `json:"event_type"`
		Payload map[string]any `json:"event_payload"`
	} `json:"metadata,omitempty"`
}

// completeAnswer reads resp to its end, so that its connection can be used again, and puts the body back for slack-go.
// An answer that says neither yes nor no is an error here: slack-go would take it for a yes.
func completeAnswer(resp *http.Response, method string) error {
	body, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	_ = resp.Body.Close()
	if err != nil {
		return err
	}
	var v essence
	var into any = &v.verdict
	slim := bringsMessages(method)
	if slim {
		into = &v
	}
	err = json.Unmarshal(body, into)
	if _, shape := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !shape {
		return err // a field of another type is no reason to disbelieve the rest
	}
	if !v.OK && v.Error == "" {
		return errNoVerdict
	}
	if slim {
		if body, err = json.Marshal(v); err != nil {
			return err
		}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return nil
}

func bringsMessages(method string) bool {
	switch method {
	case "chat.postMessage", "chat.update", "chat.postEphemeral", "conversations.history", "conversations.replies":
		return true
	}
	return false
}

// errNoVerdict stands for JSON without "ok": true and without an "error".
var errNoVerdict = errors.New("the answer says neither yes nor no")
