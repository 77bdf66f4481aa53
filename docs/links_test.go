package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestLinks follows every link to a file of the repository, and to a heading in
// it.
func TestLinks(t *testing.T) {
	t.Parallel()
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	eachFile(t, func(path, text string) {
		path = filepath.Join("..", path)
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			if !strings.Contains(m[1], "://") && !leads(filepath.Dir(path), path, m[1]) {
				t.Errorf("%s: the link to %s leads nowhere", path, m[1])
			}
		}
	}, ".md")
}

// leads reports whether a link in a document of dir leads somewhere.
func leads(dir, document, to string) bool {
	file, heading, _ := strings.Cut(to, "#")
	target := document
	if file != "" {
		target = filepath.Join(dir, file)
	}
	text, err := os.ReadFile(target)
	if err != nil {
		_, err = os.Stat(target)
		return err == nil && heading == "" // a folder
	}
	if heading == "" {
		return true
	}
	for _, h := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(string(text), -1) {
		anchor := regexp.MustCompile(`[^\pL\pN _-]`).ReplaceAllString(strings.ToLower(h[1]), "")
		if strings.ReplaceAll(anchor, " ", "-") == heading {
			return true
		}
	}
	return false
}
