package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"meetingbot/internal/demo/stage"
)

// A whole is what the page's template needs.
type whole struct {
	viewer
	Page    string // its id, by which its stream goes on where the page ended
	People  []stage.Person
	Regions map[string]region
	Command string
	Hint    string
	About   string
	Planned string
}

// page renders everything as it is now.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	v := s.viewerOf(r)
	regions := s.regions(v)
	data := whole{
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
	_, _ = w.Write(b.Bytes()) // a browser that has left is no fault
}

// maxSheets is how many pages are remembered. An older one is loaded anew.
const maxSheets = 64

// opened remembers what a page was given and returns the page's id.
func (s *Server) opened(sh *sheet) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages++
	sh.born = s.pages
	id := fmt.Sprintf("%x-%d", s.boot, s.pages)
	s.open[id] = sh
	for len(s.open) > maxSheets {
		oldest := ""
		for other, sh := range s.open {
			if oldest == "" || sh.born < s.open[oldest].born {
				oldest = other
			}
		}
		delete(s.open, oldest)
	}
	return id
}

// take lends the sheet of a page to the one stream that serves it.
func (s *Server) take(id string) *sheet {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh := s.open[id]
	if sh == nil || sh.busy {
		return nil
	}
	sh.busy = true
	return sh
}

func (s *Server) giveBack(sh *sheet) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sh.busy = false
}

// breath is the least time between two changes that are sent: what happens at
// once is sent at once.
const breath = 25 * time.Millisecond

// changes streams what changes on a page. A page that is not known, because the
// demo was started anew, is told to load itself anew.
func (s *Server) changes(w http.ResponseWriter, r *http.Request) {
	s.streams.Add(1)
	defer s.streams.Done()
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	sh := s.take(r.FormValue("page"))
	if sh == nil {
		fmt.Fprint(w, "event: anew\ndata: {}\n\n")
		return
	}
	defer s.giveBack(sh)
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
		rest := time.NewTimer(breath)
		select {
		case <-rest.C:
		case <-r.Context().Done():
			return
		case <-s.closed:
			return
		}
		select {
		case <-slackPulse:
		case <-meetingPulse:
		case <-r.Context().Done():
			return
		case <-s.closed:
			return
		}
	}
}

// send writes one event, and at the beginning of a stream at least its headers.
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
