package docs_test

import (
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// plainer maps words that make a reader stop to plainer ones, see CONTRIBUTING.md.
var plainer = map[string]string{
	"anew":     "again",
	"whoever":  "the role: the asker, the owner, the person who clicked",
	"whomever": "the role",
	"for ever": "forever",
	"thereby":  "so",
	"beside":   "next to, or at the same time as",
}

// TestWords keeps code and documents to plain English.
func TestWords(t *testing.T) {
	t.Parallel()
	var words []string
	for word := range plainer {
		words = append(words, word)
	}
	found := regexp.MustCompile(`\b(` + strings.Join(words, "|") + `)\b`)
	err := filepath.WalkDir("..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".go" && filepath.Ext(path) != ".md" || path == filepath.Join("..", "docs", "words_test.go") {
			return err
		}
		for i, line := range strings.Split(read(t, strings.TrimPrefix(filepath.ToSlash(path), "../")), "\n") {
			if word := found.FindString(line); word != "" {
				t.Errorf("%s:%d says %q; say %s", path, i+1, word, plainer[word])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
