package slacksim

// Chosen returns the current value of an element of the message for its reader: the
// values of options, a user's id, a date, a time or a text, as [Server.Select] takes
// them. It is what the reader has chosen, or else the initial value; empty if there
// is neither, or no such element.
func (m Message) Chosen(blockID, actionID string) []string {
	return m.reader.chosenIn(m.Blocks, blockID, actionID)
}

// Chosen is [Message.Chosen] in the modal.
func (m Modal) Chosen(blockID, actionID string) []string {
	return m.reader.chosenIn(m.Blocks, blockID, actionID)
}

// Chosen is [Message.Chosen] in the Home tab.
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
