package docs_test

import (
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
	eachFile(t, func(path, text string) {
		for i, line := range strings.Split(text, "\n") {
			if word := found.FindString(line); word != "" && path != "docs/words_test.go" {
				t.Errorf("%s:%d says %q; say %s", path, i+1, word, plainer[word])
			}
		}
	}, ".go", ".md")
}
