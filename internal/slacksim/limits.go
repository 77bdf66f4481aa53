package slacksim

import "maps"

// The rules of Block Kit, from https://docs.slack.dev/reference/block-kit.

// The limits in characters and items.
const (
	maxMessageBlocks = 50
	maxViewBlocks    = 100
	maxSection       = 3000
	maxField         = 2000
	maxFields        = 10
	maxHeader        = 150
	maxContext       = 10
	maxActions       = 25
	maxButton        = 75
	maxValue         = 2000
	maxID            = 255
	maxURL           = 3000
	maxOptions       = 100
	maxOptionText    = 75
	maxOptionValue   = 150
	maxPlaceholder   = 150
	maxLabel         = 2000
)

// plain accepts a plain_text object, whose text is never markup.
func plain(most int) rule {
	return shape{"type!": oneOf("plain_text"), "text!": text(1, most), "emoji": boolean}.check
}

// marked accepts either kind of text object.
func marked(most int) rule {
	return kinds{
		"plain_text": {"type!": anything, "text!": text(1, most), "emoji": boolean},
		"mrkdwn":     {"type!": anything, "text!": text(1, most), "verbatim": boolean},
	}.check
}

func id() rule { return text(1, maxID) }

func confirmation() rule {
	return shape{
		"title!": plain(100), "text!": marked(300), "confirm!": plain(30), "deny!": plain(30),
		"style": oneOf("primary", "danger"),
	}.check
}

// option accepts one choice; where is the rule for its texts, plain or marked.
func option(where func(int) rule) rule {
	return shape{"text!": where(maxOptionText), "value!": text(1, maxOptionValue), "description": where(maxOptionText)}.check
}

// linkedOption is an option of an overflow menu, which may link to a page.
func linkedOption() rule {
	return shape{
		"text!": plain(maxOptionText), "value!": text(1, maxOptionValue), "description": plain(maxOptionText), "url": link,
	}.check
}

func optionGroup() rule {
	return shape{"label!": plain(maxOptionText), "options!": list(1, maxOptions, option(plain))}.check
}

// element returns the properties that all elements share plus those in more.
func element(more shape) shape {
	all := shape{"type!": anything, "action_id": id(), "confirm": confirmation(), "focus_on_load": boolean}
	maps.Copy(all, more)
	return all
}

// menu is a select menu with the properties of its data source.
func menu(more shape) shape {
	more["placeholder"] = plain(maxPlaceholder)
	return element(more)
}

func image() shape {
	return shape{"type!": anything, "image_url": link, "slack_file": anything, "alt_text!": text(1, maxField)}
}

// buttonsAndMenus are the elements of actions blocks, and most of those of sections.
func buttonsAndMenus() kinds {
	choices := list(1, 10, option(marked))
	return kinds{
		"button": {
			"type!": anything, "text!": plain(maxButton), "action_id": id(), "url": link, "value": text(1, maxValue),
			"style": oneOf("primary", "danger"), "confirm": confirmation(), "accessibility_label": text(1, maxButton),
		},
		"static_select": menu(shape{
			"options": list(1, maxOptions, option(plain)), "option_groups": list(1, maxOptions, optionGroup()), "initial_option": anything,
		}),
		"users_select":         menu(shape{"initial_user": person}),
		"channels_select":      menu(shape{"initial_channel": id()}),
		"conversations_select": menu(shape{"initial_conversation": id(), "default_to_current_conversation": boolean, "filter": anything}),
		"overflow":             element(shape{"options!": list(1, 5, linkedOption())}),
		"datepicker":           menu(shape{"initial_date": date}),
		"timepicker":           menu(shape{"initial_time": clockTime, "timezone": id()}),
		"radio_buttons":        element(shape{"options!": choices, "initial_option": anything}),
		"checkboxes":           element(shape{"options!": choices, "initial_options": list(0, 10, anything)}),
	}
}

func multiSelect() shape {
	return menu(shape{
		"options": list(1, maxOptions, option(plain)), "option_groups": list(1, maxOptions, optionGroup()),
		"initial_options": anything, "max_selected_items": number(1, maxOptions),
	})
}

// accessories are the elements allowed next to a section's text.
func accessories() kinds {
	all := buttonsAndMenus()
	all["multi_static_select"] = multiSelect()
	all["image"] = image()
	return all
}

// inputElements are the elements allowed in an input block.
func inputElements() kinds {
	all := buttonsAndMenus()
	delete(all, "button")
	delete(all, "overflow")
	all["multi_static_select"] = multiSelect()
	all["plain_text_input"] = menu(shape{
		"initial_value": text(0, 3000), "multiline": boolean, "min_length": number(0, 3000), "max_length": number(1, 3000),
		"dispatch_action_config": anything,
	})
	return all
}

// layouts are the blocks that messages and modals share.
func layouts() kinds {
	words := kinds{
		"plain_text": {"type!": anything, "text!": text(1, maxSection), "emoji": boolean},
		"mrkdwn":     {"type!": anything, "text!": text(1, maxSection), "verbatim": boolean},
		"image":      image(),
	}
	all := kinds{
		"section": {
			"text": marked(maxSection), "fields": list(1, maxFields, marked(maxField)),
			"accessory": accessories().check, "expand": boolean,
		},
		"header":    {"text!": plain(maxHeader), "level": number(1, 6)},
		"divider":   {},
		"context":   {"elements!": list(1, maxContext, words.check)},
		"actions":   {"elements!": list(1, maxActions, buttonsAndMenus().check)},
		"image":     {"image_url": link, "slack_file": anything, "alt_text!": text(1, maxField), "title": plain(maxField)},
		"rich_text": {"elements!": list(1, maxSection, anything)},
		"markdown":  {"text!": text(1, 12000)},
		"input": {
			"label!": plain(maxLabel), "element!": inputElements().check, "hint": plain(maxLabel),
			"optional": boolean, "dispatch_action": boolean,
		},
	}
	for _, s := range all {
		s["type!"], s["block_id"] = anything, id()
	}
	return all
}
