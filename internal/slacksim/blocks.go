package slacksim

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// maxBlockText limits the total length of all texts in a message's blocks, in characters.
// The number comes from Slack's staff; the documentation gives none.
const maxBlockText = 12000

// parseBlocks checks a message's blocks against Slack's rules, fills in missing ids and
// decodes them. The lock is held.
func (s *Server) parseBlocks(raw string) ([]Block, error) {
	if raw == "" {
		return nil, nil
	}
	var tree []any
	if err := json.Unmarshal([]byte(raw), &tree); err != nil {
		return nil, refuse("invalid_blocks_format")
	}
	if problems := s.messages.check("/blocks", tree); len(problems) > 0 {
		return nil, &apiError{code: "invalid_blocks", details: problems}
	}
	if textLength(tree) > maxBlockText {
		return nil, refuse("msg_blocks_too_long")
	}
	s.fillIDs(tree)
	var blocks []Block
	if err := json.Unmarshal(encode(tree), &blocks); err != nil {
		return nil, fmt.Errorf("decode checked blocks: %w", err)
	}
	return blocks, nil
}

// textLength adds up the lengths of all strings named text.
func textLength(v any) int {
	n := 0
	switch v := v.(type) {
	case []any:
		for _, part := range v {
			n += textLength(part)
		}
	case map[string]any:
		for name, part := range v {
			if s, ok := part.(string); ok && name == "text" {
				n += utf8.RuneCountInString(s)
				continue
			}
			n += textLength(part)
		}
	}
	return n
}

// fillIDs generates the ids that blocks and elements lack, as Slack does.
func (s *Server) fillIDs(tree []any) {
	for _, v := range tree {
		block := v.(map[string]any) // the schema has been checked
		s.fillID(block, "block_id")
		var elements []any
		if block["type"] == "actions" {
			elements, _ = block["elements"].([]any)
		}
		for _, e := range append(elements, block["accessory"], block["element"]) {
			if element, ok := e.(map[string]any); ok && element["type"] != "image" {
				s.fillID(element, "action_id")
			}
		}
	}
}

func (s *Server) fillID(object map[string]any, name string) {
	if id, _ := object[name].(string); id == "" {
		object[name] = s.mint("sim-")
	}
}
