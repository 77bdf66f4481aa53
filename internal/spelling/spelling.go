// Package spelling finds the known word that a misspelt word most likely stands for.
package spelling

import "math"

// Nearest returns the entry of known that word most likely misspells, and whether
// there is one. They may differ by a third as many edits as the shorter of them has
// characters, but at least one and at most three: monday is not today. See [Within].
func Nearest(word string, known []string) (string, bool) {
	return nearest(word, known, func(w, k []rune) int { return min(max(min(len(w), len(k))/3, 1), 3) })
}

// Within returns the entry of known that differs from word by the fewest edits, and
// whether there is one within the given number. An edit inserts, drops or replaces a
// character, or swaps two neighbours. Of equally near entries, the first wins. Case
// matters.
func Within(word string, known []string, edits int) (string, bool) {
	return nearest(word, known, func(_, _ []rune) int { return edits })
}

// nearest is [Within] with a limit for each entry.
func nearest(word string, known []string, limit func(w, k []rune) int) (best string, found bool) {
	w, fewest := []rune(word), math.MaxInt
	for _, k := range known {
		r := []rune(k)
		most := min(limit(w, r), fewest-1)
		if d := distance(w, r, most); d <= most {
			best, found, fewest = k, true, d
		}
	}
	return best, found
}

// distance returns the number of edits between a and b. If their lengths differ by more
// than limit, it returns limit+1 at once, so a long word costs nothing.
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
