package page

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"meetingbot/internal/demo/stage"
)

// pageData is the data for the page's template.
type pageData struct {
	viewer
	Page    string // its id, so that its stream can continue where the page ended
	People  []stage.Person
	Regions map[string]region
	Command string
	Hint    string
	About   string
	Planned string
}

// page renders the current state of everything.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	v := s.viewerOf(r)
	if v.AtHome() {
		_, _ = s.stage.Slack.OpenHome(v.Person.ID) // the app's reaction arrives as a change
	}
	regions := s.regions(v)
	data := pageData{
		viewer: v, Page: s.opened(newSheet(v, regions)), People: stage.People(), Regions: map[string]region{},
		Command: stage.Command, Hint: stage.CommandHint, About: stage.CommandAbout,
		Planned: stage.Planned,
	}
	for _, part := range regions {
		data.Regions[part.ID] = part
	}
	var b bytes.Buffer
	if err := s.templates.ExecuteTemplate(&b, "page.html", data); err != nil {
		http.Error(w, "The page could not be drawn: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes()) // the browser may have gone away
}

// maxSheets is how many pages are remembered. Older ones are told to reload.
const maxSheets = 64

// opened remembers a page and returns its id.
func (s *Server) opened(sh *sheet) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages++
	sh.seq = s.pages
	id := fmt.Sprintf("%x-%d", s.boot, s.pages)
	s.open[id] = sh
	for len(s.open) > maxSheets {
		oldest := ""
		for other, sh := range s.open {
			if oldest == "" || sh.seq < s.open[oldest].seq {
				oldest = other
			}
		}
		delete(s.open, oldest)
	}
	return id
}

// take lends the sheet of a page to a stream, and ends the stream that had it: a browser
// may come back before we notice that it went away. It returns nil if the page is unknown;
// otherwise call giveBack.
func (s *Server) take(ctx context.Context, id string) (sh *sheet, lent context.Context, giveBack func()) {
	s.mu.Lock()
	sh = s.open[id]
	if sh == nil {
		s.mu.Unlock()
		return nil, nil, nil
	}
	if sh.stop != nil {
		sh.stop()
	}
	lent, sh.stop = context.WithCancel(ctx)
	stop := sh.stop
	s.mu.Unlock()
	sh.turn.Lock()
	return sh, lent, func() {
		stop()
		sh.turn.Unlock()
	}
}

// minPause is the minimum time between two changes that are sent, so that simultaneous
// events are sent together.
const minPause = 25 * time.Millisecond

// changes streams the changes to a page. It tells a page that it doesn't know, because the
// demo was restarted, to reload.
func (s *Server) changes(w http.ResponseWriter, r *http.Request) {
	s.streams.Add(1)
	defer s.streams.Done()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	sh, ctx, giveBack := s.take(r.Context(), r.FormValue("page"))
	if sh == nil {
		fmt.Fprint(w, "event: reload\ndata: {}\n\n")
		return
	}
	defer giveBack()
	slackPulse, stopSlack := s.stage.Slack.Watch()
	defer stopSlack()
	meetingPulse, stopMeetings := s.stage.Meetings.Watch()
	defer stopMeetings()
	out := http.NewResponseController(w)
	for {
		c, err := sh.update(s.regions(sh.viewer))
		if err != nil || s.send(w, out, c) != nil {
			return
		}
		select {
		case <-time.After(minPause):
		case <-ctx.Done():
			return
		}
		select {
		case <-slackPulse:
		case <-meetingPulse:
		case <-ctx.Done():
			return
		}
	}
}

// send writes an event, if there is a change, and flushes the response headers.
func (s *Server) send(w http.ResponseWriter, out *http.ResponseController, c change) error {
	if !c.empty() {
		data, err := json.Marshal(c)
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil {
			return err
		}
	}
	return out.Flush()
}
