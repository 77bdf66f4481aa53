package page

import (
	"bytes"
	"context"
	"fmt"
	"hash/fnv"
	"html/template"
	"slices"
	"sync"
)

// A region is a part of the page whose pieces appear, change and disappear.
type region struct {
	ID     string // of the HTML element that contains the pieces
	Pieces []piece
}

// A piece is an element of a region, identified by its id.
type piece struct {
	id     string
	print  uint64 // fingerprint; changes when the piece does
	name   string // of its template
	data   any
	server *Server
}

// pieceOf returns a piece. Facts are everything that its appearance depends on.
func (s *Server) pieceOf(id, name string, data any, facts ...any) piece {
	h := fnv.New64a()
	for _, f := range facts {
		_, _ = fmt.Fprintf(h, "%v\x00", f) // a hash never fails
	}
	return piece{id: id, print: h.Sum64(), name: name, data: data, server: s}
}

// HTML renders the piece.
func (p piece) HTML() (template.HTML, error) {
	var b bytes.Buffer
	err := p.server.templates.ExecuteTemplate(&b, p.name, p.data)
	return template.HTML(bytes.TrimSpace(b.Bytes())), err //nolint:gosec // html/template has escaped it
}

// A change tells an open page what to do, in order: remove the elements in Drop, then
// insert those in Put, each before the element Before or at the end of its region.
type change struct {
	Drop []string `json:"drop,omitempty"`
	Put  []put    `json:"put,omitempty"`
}

type put struct {
	In     string        `json:"in"`
	ID     string        `json:"id"`
	Before string        `json:"before,omitempty"`
	HTML   template.HTML `json:"html"`
}

func (c change) empty() bool { return len(c.Drop)+len(c.Put) == 0 }

// A sheet is an open page, with what was sent to it.
type sheet struct {
	viewer viewer
	seq    uint64             // to discard the oldest first
	stop   context.CancelFunc // ends the stream that serves it

	turn sync.Mutex                   // held by that stream
	sent map[string]map[string]uint64 // fingerprints, by region and piece
}

func newSheet(v viewer, regions []region) *sheet {
	sh := &sheet{viewer: v, sent: map[string]map[string]uint64{}}
	for _, r := range regions {
		sh.sent[r.ID] = map[string]uint64{}
		for _, p := range r.Pieces {
			sh.sent[r.ID][p.id] = p.print
		}
	}
	return sh
}

// update returns the change that makes the page show regions, and records it as sent.
func (sh *sheet) update(regions []region) (change, error) {
	var c change
	for _, r := range regions {
		sent := sh.sent[r.ID]
		there := make(map[string]bool, len(r.Pieces))
		for _, p := range r.Pieces {
			there[p.id] = true
		}
		for id := range sent {
			if !there[id] {
				c.Drop = append(c.Drop, id)
				delete(sent, id)
			}
		}
		for i, p := range slices.Backward(r.Pieces) { // backward, so that the element to insert before exists
			if print, known := sent[p.id]; known && print == p.print {
				continue
			}
			html, err := p.HTML()
			if err != nil {
				return change{}, err
			}
			next := put{In: r.ID, ID: p.id, HTML: html}
			if i+1 < len(r.Pieces) {
				next.Before = r.Pieces[i+1].id
			}
			c.Put = append(c.Put, next)
			sent[p.id] = p.print
		}
	}
	slices.Sort(c.Drop)
	return c, nil
}
