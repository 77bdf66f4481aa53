package slacksim

import (
	"encoding/json"
	"fmt"
)

// parseBlocks checks the JSON of blocks against Slack's rules for the surface, gives
// ids to those without, and decodes them. The lock is held.
func (s *Server) parseBlocks(raw string, surface surface) ([]Block, error) {
	if raw == "" {
		return nil, nil
	}
	var tree []any
	if err := json.Unmarshal([]byte(raw), &tree); err != nil {
		return nil, refuse("invalid_blocks_format")
	}
	if problems := surface.check(tree); len(problems) > 0 {
		s.violate("invalid blocks: %s", problems[0])
		return nil, &apiError{code: "invalid_blocks", details: problems}
	}
	s.fillIDs(tree)
	var blocks []Block
	if err := json.Unmarshal(encode(tree), &blocks); err != nil {
		return nil, fmt.Errorf("decode checked blocks: %w", err)
	}
	return blocks, nil
}

// fillIDs does what Slack does with blocks and elements that have no id of their own.
func (s *Server) fillIDs(tree []any) {
	for _, v := range tree {
		block := v.(map[string]any) // checked
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
