package slacksim

// Chosen returns the element's current value as the message's reader sees it: option
// values, a user id, a date, a time or text, in the form that [Server.Select] takes. It is
// what the reader chose or else the initial value, and empty if there is neither or no
// such element.
func (m Message) Chosen(blockID, actionID string) []string {
	return m.reader.chosenIn(m.Blocks, blockID, actionID)
}

// Chosen is [Message.Chosen] for a modal.
func (m Modal) Chosen(blockID, actionID string) []string {
	return m.reader.chosenIn(m.Blocks, blockID, actionID)
}

// Chosen is [Message.Chosen] for the Home tab.
func (h Home) Chosen(blockID, actionID string) []string {
	return h.reader.chosenIn(h.Blocks, blockID, actionID)
}

func (r reader) chosenIn(blocks []Block, blockID, actionID string) []string {
	b, e, found := findElement(blocks, blockID, actionID)
	if !found {
		return nil
	}
	return r.valuesIn(b.BlockID, e)
}
