package database

// Waiting counts the transactions that wait for SQLite's writer.
func (d *DB) Waiting() (n int) {
	d.writer.mu.Lock()
	defer d.writer.mu.Unlock()
	for _, line := range d.writer.waiting {
		n += len(line)
	}
	return n
}
