package slacksim

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxMetadata limits a message's metadata, in bytes.
const maxMetadata = 8000

// compose checks a message's content, whether it comes from a method, a response URL or an
// acknowledgement. Whatever it refuses is also a violation. The lock is held.
func (s *Server) compose(way string, args map[string]string, maxText int) (content, error) {
	said, err := s.parseContent(args, maxText)
	if err != nil {
		s.reject(way, err)
		return content{}, err
	}
	s.reviewText(said)
	return said, nil
}

// reject records a violation for content that Slack refuses.
func (s *Server) reject(way string, err error) {
	var refused *apiError
	if errors.As(err, &refused) && len(refused.details) > 0 {
		words := make([]string, len(refused.details))
		for i, d := range refused.details {
			words[i] = d.String()
		}
		s.violate("%s: %s: %s", way, refused.code, strings.Join(words, "; "))
		return
	}
	s.violate("%s: %v", way, err)
}

func (s *Server) parseContent(args map[string]string, maxText int) (said content, err error) {
	said.text = args["text"]
	if said.blocks, err = s.parseBlocks(args["blocks"]); err != nil {
		return said, err
	}
	if said.text == "" && len(said.blocks) == 0 {
		return said, refuse("no_text")
	}
	if utf8.RuneCountInString(said.text) > maxText {
		return said, refuse("msg_too_long")
	}
	said.metadata, err = parseMetadata(args["metadata"])
	return said, err
}

// metadata is the data that an app may attach to a message.
//
// https://docs.slack.dev/messaging/message-metadata
type metadata struct {
	EventType    string                     `json:"event_type"`
	EventPayload map[string]json.RawMessage `json:"event_payload"`
}

// parseMetadata checks the shape. An empty object, which slack-go sends, counts as none.
func parseMetadata(raw string) (json.RawMessage, error) {
	if raw == "" {
		return nil, nil
	}
	if len(raw) > maxMetadata {
		return nil, refuse("metadata_too_large")
	}
	var m metadata
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		return nil, refuse("invalid_metadata_format")
	}
	if m.EventType == "" && m.EventPayload == nil {
		return nil, nil
	}
	if m.EventType == "" || m.EventPayload == nil {
		return nil, refuse("invalid_metadata_schema")
	}
	return json.RawMessage(raw), nil
}

// broadcast matches a mention that notifies everyone.
var broadcast = regexp.MustCompile(`<!(channel|here|everyone)[|>]`)

// known matches markup that may appear in angle brackets.
var known = regexp.MustCompile(`^<(@[UW][A-Z0-9]+|#C[A-Z0-9]+|![a-z]+|https?://|mailto:|tel:)[^<>]*>`)

// entity matches one of the three escapes.
var entity = regexp.MustCompile(`^&(amp|lt|gt);`)

// reviewText records text that Slack accepts although it hurts readers.
func (s *Server) reviewText(said content) {
	if strings.TrimSpace(said.text) == "" {
		s.violate("a message without top-level text: notifications and screen readers have nothing to say")
	}
	for _, text := range append(mrkdwnTexts(said.blocks), said.text) {
		if found := broadcast.FindString(text); found != "" {
			s.violate("a message mentions %s", found)
		}
		if bad := unescaped(text); bad != "" {
			s.violate("unescaped text at %q", bad)
		}
	}
}

// unescaped returns the text from the first bare & or <, and "" if there is none.
func unescaped(text string) string {
	for i, r := range text {
		rest := text[i:]
		if r == '&' && !entity.MatchString(rest) || r == '<' && !known.MatchString(rest) {
			return rest[:min(len(rest), 30)]
		}
	}
	return ""
}

// mrkdwnTexts returns all texts in the blocks that Slack renders as markup.
func mrkdwnTexts(blocks []Block) []string {
	var texts []string
	add := func(t *Text) {
		if t != nil && t.Type == "mrkdwn" {
			texts = append(texts, t.Text)
		}
	}
	for _, b := range blocks {
		add(b.Text)
		for i := range b.Fields {
			add(&b.Fields[i])
		}
		for _, e := range b.Elements {
			if e.Type == "mrkdwn" {
				texts = append(texts, e.Text.Text)
			}
		}
		for _, e := range b.Interactive() {
			if e.Confirm != nil {
				add(&e.Confirm.Text)
			}
			for _, o := range e.AllOptions() {
				add(&o.Text)
				add(o.Description)
			}
		}
	}
	return texts
}
