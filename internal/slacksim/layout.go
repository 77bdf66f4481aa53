package slacksim

// A Layout is the blocks of a message, a modal or a Home tab as one person sees them.
type Layout struct {
	Blocks []Block `json:"blocks"`

	reader reader
}

// Buttons returns the buttons in reading order. A modal's Submit and Close are not among them.
func (l Layout) Buttons() []Button {
	var found []Button
	for _, b := range l.Blocks {
		for _, e := range b.Interactive() {
			if e.Type != "button" || e.Text == nil {
				continue
			}
			found = append(found, Button{
				ActionID: e.ActionID, BlockID: b.BlockID, Text: e.Text.Text, Value: e.Value,
				Style: e.Style, URL: e.URL, Confirm: e.Confirm,
			})
		}
	}
	return found
}

// Choices returns all options in reading order.
func (l Layout) Choices() []Choice {
	var all []Choice
	for _, b := range l.Blocks {
		for _, e := range b.Interactive() {
			all = append(all, l.reader.choicesOf(b.BlockID, e)...)
		}
	}
	return all
}

// Chosen returns the element's current value as the reader sees it: option values, a user
// id, a date, a time or text, in the form that [Server.Select] takes. It is what the reader
// chose or else the initial value, and empty if there is neither or no such element.
func (l Layout) Chosen(blockID, actionID string) []string {
	b, e, found := l.find(blockID, actionID)
	if !found {
		return nil
	}
	return l.reader.valuesIn(b.BlockID, e)
}

// find finds the element, which isn't a button, and its block.
func (l Layout) find(blockID, actionID string) (Block, Element, bool) {
	for _, b := range l.Blocks {
		for _, e := range b.Interactive() {
			if e.Type != "button" && e.ActionID == actionID && matches(blockID, b.BlockID) {
				return b, e, true
			}
		}
	}
	return Block{}, Element{}, false
}
