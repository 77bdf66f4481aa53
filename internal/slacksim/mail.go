package slacksim

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// A File is an e-mail sent to a channel or to a person's Slack address. The text is in
// the file; the message itself has none.
//
// https://docs.slack.dev/reference/objects/file-object
type File struct {
	ID        string `json:"id"`
	From      string `json:"from"` // an address
	Subject   string `json:"subject"`
	PlainText string `json:"plain_text"`
}

// wireFile is a file as Slack sends it.
type wireFile struct {
	ID          string        `json:"id"`
	Mode        string        `json:"mode"`
	Filetype    string        `json:"filetype"`
	PrettyType  string        `json:"pretty_type"`
	Mimetype    string        `json:"mimetype"`
	Name        string        `json:"name"`
	Title       string        `json:"title"`
	Subject     string        `json:"subject"`
	From        []mailAddress `json:"from"`
	To          []mailAddress `json:"to"`
	PlainText   string        `json:"plain_text"`
	Preview     string        `json:"preview"` // HTML
	PreviewText string        `json:"preview_plain_text"`
	HasMore     bool          `json:"has_more"`
}

type mailAddress struct {
	Address  string `json:"address"`
	Name     string `json:"name"`
	Original string `json:"original"`
}

// previewText is the length of an e-mail's preview, in characters.
const previewText = 500

func wireFiles(files []File) []wireFile {
	var wired []wireFile
	for _, f := range files {
		text := []rune(f.PlainText)
		preview := string(text[:min(len(text), previewText)])
		wired = append(wired, wireFile{
			ID: f.ID, Mode: "email", Filetype: "email", PrettyType: "Email", Mimetype: "text/html",
			Name: f.Subject, Title: f.Subject, Subject: f.Subject,
			From: []mailAddress{{Address: f.From, Original: f.From}}, To: []mailAddress{},
			PlainText: f.PlainText, Preview: escape.Replace(preview), PreviewText: preview, HasMore: len(text) > previewText,
		})
	}
	return wired
}

// attachment is an attachment of a message: a forwarded message, or text from another app.
//
// https://docs.slack.dev/messaging/formatting-message-text#attachments
type attachment struct {
	ID          int             `json:"id"`
	TS          string          `json:"ts,omitempty"`
	AuthorID    string          `json:"author_id,omitempty"`
	ChannelID   string          `json:"channel_id,omitempty"`
	ChannelTeam string          `json:"channel_team,omitempty"`
	IsUnfurl    bool            `json:"is_msg_unfurl,omitempty"`
	IsShare     bool            `json:"is_share,omitempty"`
	Text        string          `json:"text"`
	Fallback    string          `json:"fallback"`
	FromURL     string          `json:"from_url,omitempty"`
	Footer      string          `json:"footer,omitempty"`
	Files       []wireFile      `json:"files,omitempty"`
	Messages    []messageBlocks `json:"message_blocks,omitempty"`
	MrkdwnIn    []string        `json:"mrkdwn_in,omitempty"`
}

// messageBlocks are the blocks of a forwarded message.
type messageBlocks struct {
	Team    string `json:"team"`
	Channel string `json:"channel"`
	TS      string `json:"ts"`
	Message struct {
		Blocks []json.RawMessage `json:"blocks"`
	} `json:"message"`
}

func rawAttachments(all []attachment) json.RawMessage {
	if len(all) == 0 {
		return nil
	}
	return encode(all)
}

// Email delivers an e-mail to the channel's own address.
func (s *Server) Email(channel string, f File) (Ref, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rooms[channel]
	if !ok || r.Archived {
		return Ref{}, fmt.Errorf("slacksim: no e-mail arrives in %s", channel)
	}
	f.ID = cmp.Or(f.ID, s.mint("F0SIM"))
	return s.store(r, &post{user: SlackbotID, via: ViaPerson}, content{files: []File{f}}).Ref, nil
}

// Forward shares a message that the user sees in another channel, optionally with words
// of their own. E-mails keep their files.
func (s *Server) Forward(user string, ref Ref, channel, words string) (Ref, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, from, err := s.seen(user, ref)
	if err != nil {
		return Ref{}, err
	}
	to, code := s.mayWrite(user, channel)
	if code != "" {
		return Ref{}, ActionError(code)
	}
	c := p.now()
	a := attachment{
		ID: 1, TS: p.TS, AuthorID: p.user, ChannelID: from.ID, ChannelTeam: s.opts.TeamID, IsUnfurl: true, IsShare: true,
		Text: c.text, Fallback: c.text, Footer: "Posted in #" + from.Name, MrkdwnIn: []string{"text"}, Files: wireFiles(c.files),
		FromURL: s.opts.TeamURL + "archives/" + from.ID + "/p" + p.TS,
	}
	if len(c.blocks) > 0 {
		inside := messageBlocks{Team: s.opts.TeamID, Channel: from.ID, TS: p.TS}
		inside.Message.Blocks = rawBlocks(c.blocks)
		a.Messages = []messageBlocks{inside}
	}
	shared := content{text: s.typed(words), files: slices.Clone(c.files), attachments: []attachment{a}}
	return s.store(to, &post{user: user, via: ViaPerson}, shared).Ref, nil
}

// Attach posts a message as another app, with all its text in an attachment, as
// calendar and monitoring apps often do.
func (s *Server) Attach(channel, text string) (Ref, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.rooms[channel]
	if !ok {
		return Ref{}, fmt.Errorf("slacksim: no channel %s", channel)
	}
	c := content{attachments: []attachment{{ID: 1, Text: text, Fallback: text, MrkdwnIn: []string{"text"}}}}
	return s.store(r, &post{user: SlackbotID, via: ViaPerson}, c).Ref, nil
}
