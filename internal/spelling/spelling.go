// Package spelling finds the known word that somebody probably meant. It has no
// vocabulary of its own: callers supply one.
package spelling

import "math"

// Nearest returns the entry of known that word most probably misspells, and
// whether there is one. If the shorter of the two has n characters, they may differ
// by n/3 edits, one at least and three at most: monday is not today. See [Within].
func Nearest(word string, known []string) (string, bool) {
	return nearest(word, known, func(w, k []rune) int { return min(max(min(len(w), len(k))/3, 1), 3) })
}

// Within returns the entry of known that differs from word by the fewest
// edits, if that is no more than edits. Inserting, dropping or replacing a
// character is an edit, and so is swapping two neighbours. Of two equally near
// entries the first wins. Case matters: fold both sides first if it should not.
func Within(word string, known []string, edits int) (string, bool) {
	return nearest(word, known, func(_, _ []rune) int { return edits })
}

// nearest is [Within] with a limit for each entry.
func nearest(word string, known []string, limit func(w, k []rune) int) (best string, found bool) {
	w, least := []rune(word), math.MaxInt
	for _, k := range known {
		r := []rune(k)
		most := min(limit(w, r), least-1)
		if d := distance(w, r, most); d <= most {
			best, found, least = k, true, d
		}
	}
	return best, found
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours between a and b. Lengths further apart than limit are answered
// with limit+1 at once, so a long word costs nothing.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit {
		return limit + 1
	}
	before, last := []int(nil), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
