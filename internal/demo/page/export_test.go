package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"time"

	"meetingbot/internal/demo/mrkdwn"
	"meetingbot/internal/demo/stage"
	"meetingbot/internal/slacksim"
)

// Assets serves the files that pages load.
func Assets() http.Handler { return http.FileServerFS(files) }

// A Column is one language of a picture.
type Column struct {
	Title string
	Items []Item
}

// An Item is a view as the page shows it: a message or a window.
type Item struct {
	Caption string // empty if the picture holds only one
	HTML    template.HTML
}

// Gallery draws columns side by side, with the page's own templates.
func Gallery(columns []Column) (string, error) {
	templates, err := template.New("").Funcs(functions()).ParseFS(files, "template/*.html")
	if err != nil {
		return "", err
	}
	if templates, err = templates.ParseFiles("testdata/gallery.html"); err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = templates.ExecuteTemplate(&b, "gallery.html", columns)
	return b.String(), err
}

// ReadGolden turns a golden file into items: one, or one per name in it.
func ReadGolden(golden []byte, read mrkdwn.Reader, at time.Time, ephemeral bool) ([]Item, error) {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(golden, &fields); err != nil {
		return nil, err
	}
	if fields["blocks"] != nil {
		html, err := drawGolden(golden, read, at, ephemeral)
		return []Item{{HTML: html}}, err
	}
	names := make([]string, 0, len(fields))
	for name := range fields {
		names = append(names, name)
	}
	slices.Sort(names)
	var items []Item
	for _, name := range names {
		html, err := drawGolden(fields[name], read, at, true)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		items = append(items, Item{Caption: name, HTML: html})
	}
	return items, nil
}

// drawGolden draws one message or window as the page does.
func drawGolden(golden []byte, read mrkdwn.Reader, at time.Time, ephemeral bool) (template.HTML, error) {
	var view struct {
		Type                 string
		Text                 string
		Title, Submit, Close slacksim.Text
		Blocks               []slacksim.Block
	}
	if err := json.Unmarshal(golden, &view); err != nil {
		return "", err
	}
	templates, err := template.New("").Funcs(functions()).ParseFS(files, "template/*.html")
	if err != nil {
		return "", err
	}
	v, layout := readerView(read), slacksim.Layout{Blocks: view.Blocks}
	name, data := "message", any(nil)
	switch view.Type {
	case "home":
		name, data = "home", home{slacksim.Home{Layout: layout}, v}
	case "modal":
		name, data = "window", window{slacksim.Modal{Title: view.Title.Text, Submit: view.Submit.Text, Close: view.Close.Text, Layout: layout}, v}
	default:
		m := newMessage(v, slacksim.Message{
			Ref: slacksim.Ref{TS: fmt.Sprintf("%d.000000", at.Unix())}, User: "U0BOT", Text: view.Text, Layout: layout, Ephemeral: ephemeral,
		})
		m.Author = "Meetingbot"
		data = m
	}
	var b bytes.Buffer
	err = templates.ExecuteTemplate(&b, name, data)
	return template.HTML(b.String()), err
}

// readerView returns the view of a person who has chosen nothing.
func readerView(read mrkdwn.Reader) view {
	you, _ := stage.Find(stage.You)
	return view{viewer: viewer{Person: you}, read: read}
}
