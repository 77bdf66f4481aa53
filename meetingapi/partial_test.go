package meetingapi_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/memnet"
	"meetingbot/meetingapi"
)

// TestPartialList: if a page fails, the others are returned, and the list is not taken for
// complete.
func TestPartialList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		fails            string // the offset of the page that fails
		rows             int
		class            meetingapi.Class // of the error of the call
		part             meetingapi.Class // of the error in the list
		more, totalKnown bool
	}{
		{"", 3000, meetingapi.ClassNone, meetingapi.ClassNone, false, true},
		{"0", 0, meetingapi.ClassServer, meetingapi.ClassNone, false, false},
		{"1000", 2000, meetingapi.ClassNone, meetingapi.ClassServer, true, true}, // the round's other pages count, but there is no further round
		{"2500", 2500, meetingapi.ClassNone, meetingapi.ClassServer, true, true},
	} {
		s := newService(t)
		all := rows(3000, 500, true)
		s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
			offset := r.FormValue("offset")
			if offset == "" {
				offset = "0"
			}
			if offset == tt.fails {
				answer(500, "")(w, r)
				return
			}
			all(w, r)
		})
		got, err := s.client(t, once).Upcoming(t.Context(), meetingapi.ListOptions{All: true})
		_, totalKnown := got.Total.Get()
		if len(got.Meetings) != tt.rows || meetingapi.ClassOf(err) != tt.class || meetingapi.ClassOf(got.Err) != tt.part || got.More != tt.more || totalKnown != tt.totalKnown {
			t.Errorf("Upcoming without the page at %q = %d rows, more %v, %v, %v; want %d, %v, %v, %v",
				tt.fails, len(got.Meetings), got.More, got.Err, err, tt.rows, tt.more, tt.part, tt.class)
		}
	}
}

// TestShrinkingList: a meeting that leaves the list while it is read moves later ones up, so
// one of them may be missing.
func TestShrinkingList(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		before, after int
		more          bool
	}{
		{1200, 1199, true}, {1200, 1200, false}, {1200, 1203, false}, {501, 500, true},
	} {
		s := newService(t)
		s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
			n := tt.before
			if r.FormValue("offset") != "" {
				n = tt.after
			}
			rows(n, 500, true)(w, r)
		})
		got, err := s.client(t).Upcoming(t.Context(), meetingapi.ListOptions{All: true})
		if err != nil || got.Err != nil || got.More != tt.more {
			t.Errorf("Upcoming of %d rows and then %d: more %v, %v, %v, want %v", tt.before, tt.after, got.More, got.Err, err, tt.more)
		}
	}
}

// TestWrongTotal: a total that is less than the rows of the first page doesn't end the list.
func TestWrongTotal(t *testing.T) {
	t.Parallel()
	for _, total := range []int{0, 5, 499} {
		s := newService(t)
		all := rows(1200, 500, false)
		s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
			page := httptest.NewRecorder()
			all(page, r)
			_, _ = fmt.Fprintf(w, `{"count":%d,%s`, total, strings.TrimPrefix(page.Body.String(), "{"))
		})
		got, err := s.client(t).Upcoming(t.Context(), meetingapi.ListOptions{All: true})
		if err != nil || len(got.Meetings) != 1200 || got.More {
			t.Errorf("Upcoming of 1200 rows, with a total of %d = %d rows, more %v, %v", total, len(got.Meetings), got.More, err)
		}
	}
}

// TestFindNeedsEveryPage: Find doesn't return "not found" if it couldn't read the whole
// list.
func TestFindNeedsEveryPage(t *testing.T) {
	t.Parallel()
	s := newService(t)
	s.on(detailPath, answer(400, refusal("MMC.111070005", "")))
	all := rows(1500, 500, true)
	s.on(listPath, func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.FormValue("searchKey") != "":
			answer(200, `{"count":0,"data":[]}`)(w, r)
		case r.FormValue("offset") == "1000":
			answer(500, "")(w, r)
		default:
			all(w, r)
		}
	})
	if got, err := s.client(t, once).Find(t.Context(), "77001234"); meetingapi.ClassOf(err) != meetingapi.ClassServer {
		t.Errorf("Find with a page missing = %v, %v, want %v", got, err, meetingapi.ClassServer)
	}
}

// TestListsWithoutRows: a list without rows is an error unless its count is 0.
func TestListsWithoutRows(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]meetingapi.Class{
		`{"count":0}`:                 meetingapi.ClassNone,
		`{"data":[]}`:                 meetingapi.ClassNone,
		`{"count":0,"data":null}`:     meetingapi.ClassNone,
		`{"count":3}`:                 meetingapi.ClassServer,
		`{"count":3,"data":[]}`:       meetingapi.ClassServer,
		`{"count":3,"data":null}`:     meetingapi.ClassServer,
		`{"count":3,"data":"x"}`:      meetingapi.ClassServer,
		`{}`:                          meetingapi.ClassServer,
		`{"count":null,"data":{}}`:    meetingapi.ClassServer,
		`{"offset":0,"limit":20}`:     meetingapi.ClassServer,
		`{"count":"none","data":nil}`: meetingapi.ClassServer,
	} {
		s := newService(t)
		s.on(listPath, answer(200, body))
		got, err := s.client(t, once).Upcoming(t.Context(), meetingapi.ListOptions{})
		if meetingapi.ClassOf(err) != want || len(got.Meetings) != 0 || got.More {
			t.Errorf("Upcoming of %s = %v, %v, want %v", body, got, err, want)
		}
	}
}

// TestPagesInParallel: up to four pages are read in parallel.
func TestPagesInParallel(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int32
	all := rows(5000, 500, true)
	synctest.Test(t, func(t *testing.T) {
		w := &wire{answer: func(_ int, r *http.Request) (*http.Response, error) {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			pass(700 * time.Millisecond)
			now.Add(-1)
			return recorded(all, r), nil
		}}
		began := time.Now()
		got, err := w.client(t).Upcoming(t.Context(), meetingapi.ListOptions{All: true})
		if err != nil || len(got.Meetings) != 5000 || got.More {
			t.Errorf("Upcoming = %d, more %v, %v, want all 5000", len(got.Meetings), got.More, err)
		}
		if took := time.Since(began); took != 4*700*time.Millisecond || most.Load() != 4 {
			t.Errorf("ten pages took %v with %d at once, want 2.8s with 4", took, most.Load())
		}
	})
}

// recorded returns a handler's answer, for a transport without a network.
func recorded(h http.HandlerFunc, r *http.Request) *http.Response {
	w := &memory{header: http.Header{}}
	h(w, r)
	return response(w.status, w.body.String())
}

type memory struct {
	header http.Header
	status int
	body   strings.Builder
}

func (m *memory) Header() http.Header         { return m.header }
func (m *memory) WriteHeader(status int)      { m.status = status }
func (m *memory) Write(p []byte) (int, error) { return m.body.Write(p) }

// TestOnePersonInALargeCompany: one person's meetings take a single call, no matter how
// many meetings others have. The service is the simulator, in fake time, at 0.7 s a call.
func TestOnePersonInALargeCompany(t *testing.T) {
	t.Parallel()
	took := map[int]time.Duration{}
	for _, meetings := range []int{10, 3000} {
		inMemory(t, func(t *testing.T, sim *meetingsim.Server, c *api) {
			sim.AddCompany(meetings/3, meetings)
			owner := sim.AddUser(meetingsim.User{Name: "Carol", Email: "Carol@Example.com"})
			sim.AddMeeting(meetingsim.Meeting{ID: "914087436", OwnerUUID: owner.UUID})
			if err := c.Login(t.Context()); err != nil {
				t.Fatalf("Login: %v", err)
			}
			sim.Delay(700 * time.Millisecond)
			began := time.Now()
			u, err := c.UserByEmail(t.Context(), "carol@example.com")
			if err != nil || u.UUID != owner.UUID {
				t.Fatalf("UserByEmail = %+v, %v, want Carol", u, err)
			}
			got, err := c.Upcoming(t.Context(), meetingapi.ListOptions{User: u.UUID})
			if err != nil || len(got.Meetings) != 1 || got.Meetings[0].ID != "914087436" || got.More {
				t.Errorf("Carol's meetings of %d = %+v, %v, want her one", meetings, got, err)
			}
			took[meetings] = time.Since(began)
		})
	}
	if took[10] != took[3000] || took[3000] != 1400*time.Millisecond {
		t.Errorf("one person's meetings took %v among 10 and %v among 3000, want 1.4s", took[10], took[3000])
	}
}

// TestSimulatorLeavesFieldsOut reads complete and incomplete details from the simulator,
// which is made from the vendor's pages and shares no code with the client.
func TestSimulatorLeavesFieldsOut(t *testing.T) {
	t.Parallel()
	inMemory(t, func(t *testing.T, sim *meetingsim.Server, c *api) {
		sim.AddMeeting(meetingsim.Meeting{
			ID: "985325849", Series: &meetingsim.Series{}, Notify: &meetingsim.Notify{Mail: true},
			Invitees: []meetingsim.Invitee{{Name: "Room", Type: "terminal"}, {Name: "Ana", Email: "ana@example.com"}},
		})
		see := func() string {
			m, err := c.Meeting(t.Context(), "985325849")
			if err != nil {
				t.Fatalf("Meeting: %v", err)
			}
			all, dates := m.Series.Occurrences.Get()
			return fmt.Sprintln(cmp.Or(m.State, "unknown"), len(all), dates, m.Invited, len(m.SomeInvitees), m.NotifyByMail, m.NotifyBySMS)
		}
		if got, want := see(), "scheduled 5 true 2 2 true false\n"; got != want {
			t.Errorf("the whole detail = %s, want %s", got, want)
		}
		sim.Fault(meetingsim.Fault{Operation: meetingsim.OpDetail, Kind: meetingsim.FaultOmit})
		if got, want := see(), "unknown 0 false not known 0 not known not known\n"; got != want {
			t.Errorf("the detail without optional fields = %s, want %s", got, want)
		}
	})
}

// inMemory runs f with a simulated service behind pipes, in fake time.
func inMemory(t *testing.T, f func(*testing.T, *meetingsim.Server, *api)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l := memnet.New("memory")
		sim := meetingsim.New(meetingsim.Options{AppID: "app", AppKey: "key", SiteID: "s1", AuthorizationType: "portal"})
		server := &http.Server{Handler: sim}
		go func() { _ = server.Serve(l) }()
		transport := &http.Transport{DialContext: l.DialContext}
		defer func() {
			sim.Close()
			transport.CloseIdleConnections()
			_ = server.Close()
		}()
		f(t, sim, newAPI(t, meetingapi.Config{
			BaseURL: "http://memory", Auth: meetingapi.AppID{ID: "app", Key: "key"}, HTTP: &http.Client{Transport: transport},
			SiteID: "s1", AuthorizationType: "portal",
		}))
	})
}
