package meetingsim

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	pageDefault = 20
	pageMax     = 500 // a larger limit counts as this one, as it does with the vendor
)

// A page is one part of a longer list.
type page[T any] struct {
	Offset int `json:"offset"`
	Limit  int `json:"limit"`
	Count  int `json:"count"` // of the whole list
	Data   []T `json:"data"`
}

// place is the part of the list that the caller wants.
type place struct {
	offset, limit int
	key           string
}

// paging reads offset, limit and searchKey.
func (c *call) paging() (place, bool) {
	at := place{limit: pageDefault, key: c.query.Get("searchKey")}
	_, keyed := c.query["searchKey"]
	if n := utf8.RuneCountInString(at.key); keyed && (n < 1 || n > 128) {
		return at, false
	}
	var err error
	if v := c.query.Get("offset"); v != "" {
		if at.offset, err = strconv.Atoi(v); err != nil || at.offset < 0 {
			return at, false
		}
	}
	if v := c.query.Get("limit"); v != "" {
		if at.limit, err = strconv.Atoi(v); err != nil || at.limit < 1 {
			return at, false
		}
	}
	at.limit = min(at.limit, pageMax)
	return at, true
}

func slicePage[T any](all []T, at place) page[T] {
	from := min(at.offset, len(all))
	to := min(from+at.limit, len(all))
	return page[T]{at.offset, at.limit, len(all), all[from:to]}
}

// list is SearchMeetings (meeting_21_0017): scheduled and running meetings, by start.
func (s *Server) list(c *call) reply {
	until, good := s.horizon(c.query.Get("queryConfMode"))
	if !good {
		return c.badRequest()
	}
	return s.search(c, func(m Meeting) bool {
		return m.alive() && (until.IsZero() || m.Start.Before(until))
	})
}

// online is SearchOnlineMeetings (meeting_21_0025).
func (s *Server) online(c *call) reply {
	return s.search(c, func(m Meeting) bool { return m.State == StateRunning })
}

// history is SearchHisMeetings (meeting_21_0051): meetings that took place. Meetings that
// were cancelled before they started, or that nobody joined, leave no trace.
func (s *Server) history(c *call) reply {
	from, fromGood := c.milliseconds("startDate")
	to, toGood := c.milliseconds("endDate")
	if !fromGood || !toGood {
		return c.badRequest()
	}
	return s.search(c, func(m Meeting) bool {
		return m.tookPlace() && (from.IsZero() || !m.Start.Before(from)) && (to.IsZero() || !m.Start.After(to))
	})
}

func (c *call) milliseconds(parameter string) (time.Time, bool) {
	v := c.query.Get(parameter)
	if v == "" {
		return time.Time{}, true
	}
	ms, err := strconv.ParseInt(v, 10, 64)
	return time.UnixMilli(ms), err == nil
}

// horizon returns how far ahead queryConfMode looks.
func (s *Server) horizon(mode string) (time.Time, bool) {
	switch mode {
	case "", "ALL":
		return time.Time{}, true
	case "ADAY":
		return s.now().AddDate(0, 0, 1), true
	case "AWEEK":
		return s.now().AddDate(0, 0, 7), true
	case "AMONTH":
		return s.now().AddDate(0, 1, 0), true
	}
	return time.Time{}, false
}

// search returns a page of the matching meetings that the caller may list.
func (s *Server) search(c *call, fits func(Meeting) bool) reply {
	at, good := c.paging()
	sort := cmp.Or(c.query.Get("sortType"), "ASC_StartTIME")
	all := cmp.Or(c.query.Get("queryAll"), "false")
	if !good || sort != "ASC_StartTIME" && sort != "DSC_StartTIME" || all != "true" && all != "false" {
		return c.badRequest()
	}
	whose, good := s.listOwner(c, all == "true")
	if !good {
		return refuse(http.StatusForbidden, confDenied)
	}
	var found []Meeting
	for _, b := range s.meetings {
		m := s.shown(b)
		if fits(m) && (whose == nil || m.involves(whose)) && s.matches(m, at.key) {
			found = append(found, m)
		}
	}
	slices.SortStableFunc(found, func(a, b Meeting) int {
		if sort == "DSC_StartTIME" {
			a, b = b, a
		}
		return a.Start.Compare(b.Start)
	})
	rows := make([]conferenceInfo, len(found))
	for i, m := range found {
		rows[i] = info(m, c.caller)
		rows[i].Role = "" // only details have it
		if c.route.operation == OpOnline {
			rows[i].Online = &m.People
		}
	}
	return ok(slicePage(rows, at))
}

// listOwner returns the user whose meetings a list shows; nil means everyone's. Only an
// administrator may ask for another user's or for all; queryAll from anyone else is ignored,
// as documented. userUUID counts only for the list of meetings.
func (s *Server) listOwner(c *call, all bool) (u *User, may bool) {
	if id := c.query.Get("userUUID"); id != "" && c.route.operation == OpList {
		named := s.user(func(u *User) bool { return u.UUID == id })
		return cmp.Or(named, &User{UUID: id}), c.caller.admin() || id == c.caller.UUID // an unknown user has no meetings
	}
	if all && c.caller.admin() {
		return nil, true
	}
	return c.caller, true
}

// matches compares the documented fields: subject, booker and number.
func (s *Server) matches(m Meeting, key string) bool {
	fields := []string{m.Subject, m.OwnerName, m.ID}
	if !s.opts.SearchSkipsRooms {
		fields = append(fields, m.VMRID)
	}
	return slices.ContainsFunc(fields, func(field string) bool {
		return strings.Contains(strings.ToLower(field), strings.ToLower(key))
	})
}
