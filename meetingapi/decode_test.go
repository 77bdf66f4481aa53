package meetingapi_test

import (
	"fmt"
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"meetingbot/meetingapi"
)

func TestDetail(t *testing.T) {
	t.Parallel()
	got, err := meetingapi.DecodeDetail([]byte(detailBody))
	want := meetingapi.Meeting{
		ID: "914087436", Number: "914087436", Subject: "Weekly sync", State: meetingapi.Scheduled, Kind: meetingapi.KindSingle,
		Invited: meetingapi.Known(2), // by the list's own count, not the booking's size
		Start:   time.Date(2026, 11, 25, 13, 0, 0, 0, time.UTC), End: time.Date(2026, 11, 25, 14, 30, 0, 0, time.UTC),
		Owner: meetingapi.Owner{Name: "Ana", UUID: "ff808081699b56cb0169be103500012b"},
		SomeInvitees: []meetingapi.Invitee{
			{Name: "Ana", Email: "ana@example.com", Account: "ana@corp", UserUUID: "ff808081699b56cb0169be103500012b"},
			{Name: "Bob", Account: "bob@corp", UserUUID: "u-bob"},
		},
	}
	if diff := diffOf(want, got); diff != "" || err != nil {
		t.Errorf("detail: %v (-want +got):\n%s", err, diff)
	}
}

func TestSeries(t *testing.T) {
	t.Parallel()
	m, err := meetingapi.DecodeDetail([]byte(seriesBody))
	if err != nil {
		t.Fatalf("DecodeDetail: %v", err)
	}
	at := func(day, minute int) time.Time { return time.Date(2026, 11, day, 1, minute, 0, 0, time.UTC) }
	want := &meetingapi.Series{
		Rule: meetingapi.Rule{Cycle: meetingapi.Weekly, Interval: 1, Points: []int{1, 3}, EndDate: "2026-12-31"},
		Occurrences: meetingapi.Known([]meetingapi.Occurrence{
			{ID: "04eb5acd0a0511ec8546359413178027", Start: at(25, 0), End: at(25, 15)},
			{ID: "second", Start: at(30, 0), End: at(30, 15)},
		}),
	}
	if diff := diffOf(want, m.Series); diff != "" {
		t.Errorf("series (-want +got):\n%s", diff)
	}
}

// TestKind: any one sign makes a series. A single meeting needs a sign too; without any,
// the kind is unknown and the meeting can't be cancelled.
func TestKind(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]meetingapi.Kind{
		`"conferenceType":2`:                                meetingapi.KindSeries,
		`"conferenceType":"2"`:                              meetingapi.KindSeries,
		`"confType":"CYCLE"`:                                meetingapi.KindSeries,
		`"confType":"cycle","conferenceType":0`:             meetingapi.KindSeries,
		`"cycleParams":{"cycle":"Day"}`:                     meetingapi.KindSeries,
		`"subConfs":[{"cycleSubConfID":"a"}]`:               meetingapi.KindSeries,
		`"subConfs":[{"startTime":"2026-11-25 01:00"}]`:     meetingapi.KindSeries,
		`"conferenceType":0,"confType":"FUTURE"`:            meetingapi.KindSingle,
		`"conferenceType":0,"cycleParams":{},"subConfs":[]`: meetingapi.KindSingle,
		`"conferenceType":"0"`:                              meetingapi.KindSingle,
		`"confType":"IMMEDIATELY"`:                          meetingapi.KindSingle,
		`"confType":"FUTURE","cycleParams":null`:            meetingapi.KindSingle,
		`"cycleParams":null,"subConfs":null`:                meetingapi.KindUnknown,
		`"cycleParams":"","subConfs":""`:                    meetingapi.KindUnknown,
		`"conferenceType":7,"confType":"SURPRISE"`:          meetingapi.KindUnknown,
		`"conferenceType":null`:                             meetingapi.KindUnknown,
		`"subject":"x"`:                                     meetingapi.KindUnknown,
	} {
		m, err := meetingapi.DecodeDetail([]byte(`{"conferenceData":{"conferenceID":"1",` + fields + `}}`))
		if err != nil || m.Kind != want || (m.Series != nil) != (want == meetingapi.KindSeries) {
			t.Errorf("detail with %s: %v, series %v, %v, want %v", fields, m.Kind, m.Series != nil, err, want)
		}
		_, single := m.Single()
		_, series := m.Recurring()
		if single != (want == meetingapi.KindSingle) || series != (want == meetingapi.KindSeries) {
			t.Errorf("detail with %s, which is %v: Single %v, Recurring %v", fields, want, single, series)
		}
	}
}

func TestRooms(t *testing.T) {
	t.Parallel()
	for fields, want := range map[string]meetingapi.Meeting{
		`"vmrFlag":1,"vmrConferenceID":"77"`:   {ID: "1", Number: "77", Room: true},
		`"vmrFlag":"1","vmrConferenceID":77`:   {ID: "1", Number: "77", Room: true},
		`"vmrConferenceID":"77"`:               {ID: "1", Number: "77", Room: true},
		`"vmrFlag":0,"vmrConferenceID":"77"`:   {ID: "1", Number: "1"},
		`"vmrFlag":1,"vmrConferenceID":""`:     {ID: "1", Number: "1"},
		`"vmrFlag":null,"vmrConferenceID":nul`: {},
		`"webinar":true`:                       {ID: "1", Number: "1", Webinar: true},
		`"webinar":"true","confUUID":"u"`:      {ID: "1", Number: "1", Webinar: true, UUID: "u"},
		`"conferenceState":"Created"`:          {ID: "1", Number: "1", State: meetingapi.Running},
		`"conferenceState":"Creating"`:         {ID: "1", Number: "1", State: meetingapi.Starting},
		`"conferenceState":"Destroyed"`:        {ID: "1", Number: "1", State: meetingapi.Ended},
		`"conferenceState":"Surprise"`:         {ID: "1", Number: "1"},
		`"size":"12"`:                          {ID: "1", Number: "1", Invited: meetingapi.Known(12)},
		`"size":12.0,"subject":5,"x":{"y":[]}`: {ID: "1", Number: "1", Invited: meetingapi.Known(12), Subject: "5"},
		`"size":{},"subject":[],"userUUID":{}`: {ID: "1", Number: "1"},
	} {
		m, err := meetingapi.DecodeDetail([]byte(`{"conferenceData":{"conferenceID":1,` + fields + `},"data":{"data":"none"}}`))
		if diff := diffOf(want, m); diff != "" || (err != nil) != (want.ID == "") {
			t.Errorf("detail with %s: %v (-want +got):\n%s", fields, err, diff)
		}
	}
}

// diffOf compares values that cmp can't look into.
func diffOf(want, got any) string {
	return cmp.Diff(want, got, cmp.AllowUnexported(
		meetingapi.Optional[int]{}, meetingapi.Optional[bool]{}, meetingapi.Optional[[]meetingapi.Occurrence]{},
	))
}

func TestMalformedDetail(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		"", "null", "{}", "[]", `"x"`, "7", "<html></html>", detailBody[:200],
		`{"conferenceData":{}}`, `{"conferenceData":null}`, `{"conferenceData":[]}`, `{"conferenceData":{"conferenceID":""}}`,
	} {
		if m, err := meetingapi.DecodeDetail([]byte(body)); meetingapi.ClassOf(err) != meetingapi.ClassServer {
			t.Errorf("detail %q = %+v, %v, want %v", body, m, err, meetingapi.ClassServer)
		}
	}
}

// TestTimesAreUTC: a time in UTC is read as the right instant and shown correctly in any
// zone, even on days of a clock change.
func TestTimesAreUTC(t *testing.T) {
	t.Parallel()
	zones := []string{"Asia/Shanghai", "America/Sao_Paulo", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		minute := rapid.Int64Range(0, 4_102_444_800/60).Draw(t, "minute")
		zone := rapid.SampledFrom(zones).Draw(t, "zone")
		layout := rapid.SampledFrom([]string{"2006-01-02 15:04", "2006-01-02 15:04:05", "2006-01-02T15:04:05Z"}).Draw(t, "layout")
		checkInstant(t, time.Unix(minute*60, 0), zone, layout)
	})
	for _, zone := range zones {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatalf("LoadLocation(%q): %v", zone, err)
		}
		// Every half hour of the days around each change of 2026.
		day := time.Date(2026, 1, 1, 0, 0, 0, 0, loc)
		for ; day.Year() == 2026; day = day.AddDate(0, 0, 1) {
			_, before := day.Zone()
			if _, after := day.AddDate(0, 0, 1).Zone(); before != after {
				for i := range 96 {
					checkInstant(t, day.Add(time.Duration(i-24)*30*time.Minute), zone, "2006-01-02 15:04")
				}
			}
		}
	}
}

func checkInstant(t rapid.TB, at time.Time, zone, layout string) {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatalf("LoadLocation(%q): %v", zone, err)
	}
	body := fmt.Sprintf(`{"conferenceData":{"conferenceID":"1","startTime":%q,"timeZoneID":"56"}}`, at.UTC().Format(layout))
	m, err := meetingapi.DecodeDetail([]byte(body))
	if err != nil || !m.Start.Equal(at) || m.Start.Location() != time.UTC {
		t.Fatalf("start of %s = %v, %v, want %v in UTC", body, m.Start, err, at.UTC())
	}
	if got, want := m.Start.In(loc).Format(time.RFC3339), at.In(loc).Format(time.RFC3339); got != want {
		t.Fatalf("start of %s in %s = %s, want %s", body, zone, got, want)
	}
}

func TestInvalidTimes(t *testing.T) {
	t.Parallel()
	for _, s := range []string{`""`, `null`, `"soon"`, `"2026-13-01 10:00"`, `"2026-02-30 10:00"`, `{}`, `1795000000`} {
		m, err := meetingapi.DecodeDetail([]byte(`{"conferenceData":{"conferenceID":"1","startTime":` + s + `}}`))
		if err != nil || !m.Start.IsZero() {
			t.Errorf("start from %s = %v, %v, want the zero time", s, m.Start, err)
		}
	}
}
