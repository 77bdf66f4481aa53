package slacksim

import (
	"fmt"
	"maps"
	"slices"
)

// surface holds the rules for blocks in one kind of place.
type surface struct {
	most   int
	blocks kinds
}

func messageSurface() surface { return surface{maxMessageBlocks, layouts()} }

func viewSurface() surface {
	all := layouts()
	delete(all, "markdown") // for messages only
	return surface{maxViewBlocks, all}
}

// check returns all problems with the blocks; at is the JSON pointer to them.
func (s surface) check(at string, blocks []any) []problem {
	c := &checker{}
	list(0, s.most, func(c *checker, at string, block any) {
		s.blocks.check(c, at, block)
		sectionHasText(c, at, block)
		elementsConsistent(c, at, block)
	})(c, at, blocks)
	c.uniqueIDs(at, blocks)
	return c.problems
}

func sectionHasText(c *checker, at string, v any) {
	b, _ := v.(map[string]any)
	if b["type"] == "section" && b["text"] == nil && b["fields"] == nil {
		c.fail(at, "must define either `text` or `fields`")
	}
}

// elementsOf returns a block's interactive elements, keyed by JSON pointer.
func elementsOf(v any) map[string]map[string]any {
	found := make(map[string]map[string]any)
	b, _ := v.(map[string]any)
	add := func(place string, v any) {
		if e, ok := v.(map[string]any); ok && e["type"] != "image" {
			found[place] = e
		}
	}
	add("/accessory", b["accessory"])
	add("/element", b["element"])
	if elements, _ := b["elements"].([]any); b["type"] == "actions" {
		for i, e := range elements {
			add(fmt.Sprintf("/elements/%d", i), e)
		}
	}
	return found
}

// uniqueIDs checks that block_ids are unique in the surface and action_ids in each block.
func (c *checker) uniqueIDs(place string, blocks []any) {
	seen := make(map[string]bool)
	for i, v := range blocks {
		b, _ := v.(map[string]any)
		at := fmt.Sprintf("%s/%d", place, i)
		if name, _ := b["block_id"].(string); name != "" {
			if seen[name] {
				c.fail(at+"/block_id", "`block_id` \"%s\" already exists for another block", name)
			}
			seen[name] = true
		}
		actions := make(map[string]bool)
		elements := elementsOf(v)
		for _, place := range slices.Sorted(maps.Keys(elements)) {
			name, _ := elements[place]["action_id"].(string)
			if name != "" && actions[name] {
				c.fail(at+place+"/action_id", "`action_id` \"%s\" already exists for another element in this block", name)
			}
			actions[name] = true
		}
	}
}
