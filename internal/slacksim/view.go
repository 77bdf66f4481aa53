package slacksim

import (
	"encoding/json"
	"slices"
)

// maxView limits a view, in bytes.
const maxView = 250_000

// viewKinds are the types of views that an app may send.
var viewKinds = []string{"home", "modal"}

// parseView checks a view against Slack's rules and decodes it. The lock is held.
func (s *Server) parseView(raw string, kinds ...string) (view, error) {
	var v view
	if len(raw) > maxView {
		return v, refuse("view_too_large")
	}
	var tree map[string]any
	if json.Unmarshal([]byte(raw), &tree) != nil {
		return v, &apiError{code: "invalid_arguments", details: []problem{{Pointer: "/view", Code: problemType, Message: "invalid `view`"}}}
	}
	if problems := s.checkView("/view", tree, kinds...); len(problems) > 0 {
		return v, &apiError{code: "invalid_arguments", details: problems}
	}
	blocks, _ := tree["blocks"].([]any)
	s.fillIDs(blocks)
	data := encode(tree)
	for _, target := range []any{&v, &v.raw} {
		if err := json.Unmarshal(data, target); err != nil {
			return v, err
		}
	}
	return v, json.Unmarshal(v.RawBlocks, &v.blocks)
}

// checkView returns all problems with the view, which must be one of the kinds.
func (s *Server) checkView(at string, tree map[string]any, kinds ...string) []problem {
	c := &checker{}
	shapes := map[string]shape{"home": homeShape(), "modal": modalShape()}
	kind, _ := tree["type"].(string)
	if !slices.Contains(kinds, kind) {
		kind = kinds[len(kinds)-1]
	}
	shapes[kind].check(c, at, tree)
	blocks, _ := tree["blocks"].([]any)
	c.problems = append(c.problems, s.views.check(at+"/blocks", blocks)...)
	if tree["type"] == "modal" && tree["submit"] == nil && slices.ContainsFunc(blocks, isInput) {
		c.note(at+"/submit", problemMissing, nil, "`submit` is required when there is an input block")
	}
	return c.problems
}

func isInput(v any) bool {
	b, _ := v.(map[string]any)
	return b["type"] == "input"
}

// modalShape describes a modal, except for the rules inside its blocks.
//
// https://docs.slack.dev/reference/views/modal-views
func modalShape() shape {
	modal := shape{
		"type!": oneOf("modal"), "title!": plain(24), "submit": plain(24), "close": plain(24),
		"clear_on_close": boolean, "notify_on_close": boolean, "submit_disabled": boolean,
	}
	return withViewFields(modal)
}

// homeShape describes a Home tab, which has no title and nothing to submit.
//
// https://docs.slack.dev/reference/views/home-tab-views
func homeShape() shape { return withViewFields(shape{"type!": oneOf("home")}) }

func withViewFields(s shape) shape {
	s["blocks!"] = list(0, maxViewBlocks, anything)
	s["private_metadata"] = text(0, 3000)
	s["callback_id"], s["external_id"] = text(0, maxID), text(0, maxID)
	return s
}
