package socket

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"
)

// textLimit bounds Shortcut.Text, in bytes. Slack cuts messages at 40,000 characters.
const textLimit = 160_000

// attachment is a link preview, a forwarded message, or an app's legacy attachment.
type attachment struct {
	Pretext    string `json:"pretext"`
	AuthorName string `json:"author_name"`
	Title      string `json:"title"`
	TitleLink  string `json:"title_link"`
	Text       string `json:"text"`
	Fallback   string `json:"fallback"`
	FromURL    string `json:"from_url"`
	Footer     string `json:"footer"`
	Fields     []struct {
		Title string `json:"title"`
		Value string `json:"value"`
	} `json:"fields"`
	Blocks        json.RawMessage `json:"blocks"`
	MessageBlocks json.RawMessage `json:"message_blocks"`
	Files         json.RawMessage `json:"files"`
}

// file is a shared file. An e-mail is a file with the text in it; its message has none.
type file struct {
	Type         string `json:"filetype"`
	Mode         string `json:"mode"`
	Subject      string `json:"subject"`
	PlainText    string `json:"plain_text"`
	PreviewPlain string `json:"preview_plain_text"`
}

// lines collects pieces of text, one per line, up to textLimit.
type lines struct {
	all  []string
	size int
}

func (l *lines) add(pieces ...string) {
	for _, s := range pieces {
		if s = truncateWords(strings.TrimSpace(s), textLimit-l.size); s != "" {
			l.all = append(l.all, s)
			l.size += len(s)
		}
	}
}

// truncateWords cuts s to at most size bytes of whole words: half a meeting number would be a different one.
func truncateWords(s string, size int) string {
	if len(s) <= size {
		return s
	}
	return strings.TrimSpace(s[:strings.LastIndexAny(s[:size], " \n\t")+1])
}

// allText collects the readable text of a message: its text, then blocks, attachments and e-mails in order.
func (m message) allText() string {
	var l lines
	l.add(m.Text)
	l.addBlocks(m.Blocks)
	var attachments []attachment
	_ = json.Unmarshal(m.Attachments, &attachments) // skips what has another shape
	for _, a := range attachments {
		l.add(a.Pretext, a.AuthorName, a.Title, a.TitleLink, a.Text, a.Fallback, a.FromURL)
		for _, f := range a.Fields {
			l.add(f.Title, f.Value)
		}
		l.addBlocks(a.Blocks)
		l.addBlocks(a.MessageBlocks)
		l.addEmails(a.Files)
		l.add(a.Footer)
	}
	l.addEmails(m.Files)
	return strings.Join(l.all, "\n")
}

func (l *lines) addEmails(raw json.RawMessage) {
	var files []file
	_ = json.Unmarshal(raw, &files)
	for _, f := range files {
		if f.Type == "email" || f.Mode == "email" {
			l.add(f.Subject, cmp.Or(strings.TrimSpace(f.PlainText), f.PreviewPlain))
		}
	}
}

// addBlocks adds the strings in raw that people can read; a button's "value" is not among them.
func (l *lines) addBlocks(raw json.RawMessage) {
	dec := json.NewDecoder(bytes.NewReader(raw))
	var open []json.Delim // brackets and braces
	key, afterKey := "", false
	for {
		token, err := dec.Token()
		if err != nil {
			return // the end, or malformed JSON
		}
		inObject := len(open) > 0 && open[len(open)-1] == '{'
		switch t := token.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				open = append(open, t)
			} else {
				open = open[:len(open)-1]
			}
		case string:
			if inObject && !afterKey {
				key, afterKey = t, true
				continue
			}
			switch key {
			case "text", "url", "title", "fallback":
				l.add(t)
			}
		}
		afterKey = false
	}
}
