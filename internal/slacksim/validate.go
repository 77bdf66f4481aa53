package slacksim

import (
	"encoding/json"
)

// validation is the response of blocks.validate; Errors is present only if there are problems.
type validation struct {
	OK     bool      `json:"ok"`
	Error  string    `json:"error,omitempty"`
	Errors []problem `json:"errors,omitempty"`
}

// validateBlocks is https://docs.slack.dev/reference/methods/blocks.validate, which
// takes exactly one of blocks, message and view. It shows nothing to anyone, so it
// records no violations.
func validateBlocks(c *call) (any, error) {
	given := ""
	for _, name := range []string{"blocks", "message", "view"} {
		switch {
		case c.args[name] == "":
		case given != "":
			return nil, refuse("invalid_arguments")
		default:
			given = name
		}
	}
	problems, err := c.s.validate(given, c.args[given])
	switch {
	case err != nil:
		return nil, err
	case len(problems) > 0:
		return validation{Error: "invalid_" + given, Errors: problems}, nil
	}
	return validation{OK: true}, nil
}

func (s *Server) validate(what, raw string) ([]problem, error) {
	switch what {
	case "blocks":
		var blocks []any
		if json.Unmarshal([]byte(raw), &blocks) != nil {
			return nil, refuse("invalid_blocks_format")
		}
		return s.messages.check("", blocks), nil
	case "message", "view":
		var tree map[string]any
		if json.Unmarshal([]byte(raw), &tree) != nil {
			return nil, refuse("invalid_arguments")
		}
		if what == "view" {
			return s.checkView("", tree, viewKinds...), nil
		}
		blocks, _ := tree["blocks"].([]any)
		problems := s.messages.check("/blocks", blocks)
		if text, _ := tree["text"].(string); text == "" && len(blocks) == 0 {
			problems = append(problems, problem{Pointer: "", Code: problemMissing, Message: "must define either `text` or `blocks`"})
		}
		return problems, nil
	}
	return nil, refuse("invalid_arguments")
}
