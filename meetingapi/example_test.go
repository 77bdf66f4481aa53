package meetingapi_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"time"

	"meetingbot/meetingapi"
)

// example starts a Meeting service with two meetings, and returns a client for it. A real
// program leaves BaseURL empty or sets meetingapi.International.
func example() (reader *meetingapi.Reader, canceler *meetingapi.Canceler, stop func()) {
	mux := http.NewServeMux()
	say := func(pattern, body string) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, body) })
	}
	const meetings = "/v1/mmc/management/conferences"
	mux.HandleFunc("GET "+meetings+"/confDetail", func(w http.ResponseWriter, r *http.Request) {
		switch r.FormValue("conferenceID") {
		case "914087436":
			_, _ = io.WriteString(w, detailBody)
		case "985325849":
			_, _ = io.WriteString(w, seriesBody)
		default:
			answer(400, refusal("MMC.111070005", "CONF_DATA_NOT_FOUND"))(w, r)
		}
	})
	say("POST /v2/usg/acs/auth/appauth", `{"accessToken":"token","validPeriod":43200,"user":{"adminType":0}}`)
	say("GET "+meetings, `{"count":1,"data":[{"conferenceID":"914087436","vmrFlag":1,"vmrConferenceID":"7700","subject":"Weekly sync","startTime":"2026-11-25 13:00"}]}`)
	say("GET "+meetings+"/online", `{"count":1,"data":[{"conferenceID":"914087436","subject":"Weekly sync","onlineAttendeeAmount":12}]}`)
	say("GET "+meetings+"/history", `{"count":1,"data":[{"conferenceID":"914087000","subject":"Kick-off","confUUID":"c0ffee"}]}`)
	say("POST /v1/usg/abs/users/list", `[{"id":"ff808081699b56cb0169be103500012b","statusCode":0,"name":"Ana","email":"ana@example.com"}]`)
	say("GET /v1/usg/dcs/corp/member/{account}", `{"id":"u-bob","userAccount":"bob@corp","name":"Bob","email":"bob@example.com"}`)
	mux.HandleFunc("DELETE "+meetings, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("type") != "1" {
			answer(400, refusal("MMC.111071067", "CONF_CANCEL_FAIL_AS_CONF_STARTED"))(w, r)
		}
	})
	say("DELETE /v1/mmc/management/cycleconferences", "")
	say("DELETE "+meetings+"/cyclesubconf", "")

	server := httptest.NewServer(mux)
	transport, err := meetingapi.NewTransport(nil)
	if err != nil {
		panic(err)
	}
	reader, canceler, err = meetingapi.New(meetingapi.Config{
		BaseURL:   server.URL,
		Auth:      meetingapi.AppID{ID: "fdb8e4699586458bbd10c834872dcc62", Key: "from the environment"},
		HTTP:      &http.Client{Transport: transport},
		ReadRetry: meetingapi.Retry{Wait: time.Millisecond},
	})
	if err != nil {
		panic(err)
	}
	return reader, canceler, func() {
		transport.CloseIdleConnections()
		server.Close()
	}
}

// Cancel the meeting with the number that a person typed, but only if there is exactly
// one.
func Example() {
	reader, canceler, stop := example() // meetingapi.New(meetingapi.Config{Auth: …})
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	meetings, err := reader.Find(ctx, "914 087 436")
	if err != nil {
		fmt.Println("could not look it up:", err)
		return
	}
	if len(meetings) != 1 {
		fmt.Println("a room with several meetings: ask which one")
		return
	}
	single, ok := meetings[0].Single()
	if !ok {
		fmt.Println("not a single meeting: ask which date, or the whole series")
		return
	}
	err = canceler.Cancel(ctx, single, meetingapi.CancelOptions{End: true})
	fmt.Println(meetings[0].Subject, err)
	// Output: Weekly sync <nil>
}

func ExampleReader_Login() {
	reader, _, stop := example()
	defer stop()
	err := reader.Login(context.Background())
	fmt.Println(err, time.Until(reader.TokenExpiry()).Round(time.Hour))
	// Output: <nil> 12h0m0s
}

func ExampleReader_Role() {
	reader, _, stop := example()
	defer stop()
	role, err := reader.Role(context.Background())
	fmt.Println(role, err)
	// Output: admin <nil>
}

func ExampleReader_Meeting() {
	reader, _, stop := example()
	defer stop()
	m, err := reader.Meeting(context.Background(), "914087436")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Subject, m.State, m.Start.Format(time.RFC3339), m.End.Sub(m.Start), m.Owner.Name)

	_, err = reader.Meeting(context.Background(), "914087437")
	fmt.Println(meetingapi.IsNotFound(err))
	// Output:
	// Weekly sync scheduled 2026-11-25T13:00:00Z 1h30m0s Ana
	// true
}

// A room's number is shared by every meeting held in the room.
func ExampleReader_Find() {
	reader, _, stop := example()
	defer stop()
	meetings, err := reader.Find(context.Background(), "7700")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range meetings {
		fmt.Println(m.ID, m.Subject)
	}
	// Output: 914087436 Weekly sync
}

func ExampleReader_Upcoming() {
	reader, _, stop := example()
	defer stop()
	list, err := reader.Upcoming(context.Background(), meetingapi.ListOptions{All: true, Search: "weekly", Max: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range list.Meetings {
		fmt.Println(m.Number, m.Room, m.Subject, m.Start.Format("2 January 15:04 MST"))
	}
	// Output: 7700 true Weekly sync 25 November 13:00 UTC
}

func ExampleReader_Running() {
	reader, _, stop := example()
	defer stop()
	list, err := reader.Running(context.Background(), meetingapi.ListOptions{All: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range list.Meetings {
		fmt.Println(m.Subject, m.State, m.PeopleOnline)
	}
	// Output: Weekly sync running 12
}

func ExampleReader_PeopleOnline() {
	reader, _, stop := example()
	defer stop()
	n, err := reader.PeopleOnline(context.Background(), "914087436")
	fmt.Println(n, err)
	// Output: 12 <nil>
}

func ExampleReader_History() {
	reader, _, stop := example()
	defer stop()
	now := time.Now()
	list, err := reader.History(context.Background(), now.AddDate(0, 0, -7), now, meetingapi.ListOptions{All: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range list.Meetings {
		fmt.Println(m.ID, m.Subject, m.State)
	}
	// Output: 914087000 Kick-off ended
}

func ExampleReader_User() {
	reader, _, stop := example()
	defer stop()
	ctx := context.Background()
	m, err := reader.Meeting(ctx, "914087436")
	if err != nil {
		fmt.Println(err)
		return
	}
	owner, err := reader.User(ctx, m.Owner.UUID)
	fmt.Println(owner.Email, err)
	// Output: ana@example.com <nil>
}

func ExampleReader_Users() {
	reader, _, stop := example()
	defer stop()
	users, err := reader.Users(context.Background(), []string{"ff808081699b56cb0169be103500012b", "gone"})
	fmt.Println(users["ff808081699b56cb0169be103500012b"].Email, len(users), err)
	// Output: ana@example.com 1 <nil>
}

func ExampleReader_Member() {
	reader, _, stop := example()
	defer stop()
	user, err := reader.Member(context.Background(), "bob@corp")
	fmt.Println(user.Name, user.Email, err)
	// Output: Bob bob@example.com <nil>
}

// A running meeting is cancelled only with CancelOptions.End.
func ExampleCanceler_Cancel() {
	reader, canceler, stop := example()
	defer stop()
	ctx := context.Background()
	m, err := reader.Meeting(ctx, "914087436")
	if err != nil {
		fmt.Println(err)
		return
	}
	single, ok := m.Single()
	if !ok {
		return
	}
	switch err := canceler.Cancel(ctx, single, meetingapi.CancelOptions{}); {
	case err == nil:
		fmt.Println("cancelled")
	case meetingapi.IsStarted(err):
		fmt.Println("running; ending it:", canceler.Cancel(ctx, single, meetingapi.CancelOptions{End: true}))
	case meetingapi.IsNotFound(err), meetingapi.IsEnded(err):
		fmt.Println("already gone")
	case meetingapi.IsUnknownOutcome(err):
		fmt.Println("read the meeting again before anything else")
	default:
		fmt.Println("not cancelled:", err)
	}
	// Output: running; ending it: <nil>
}

func ExampleCanceler_CancelSeries() {
	reader, canceler, stop := example()
	defer stop()
	ctx := context.Background()
	m, err := reader.Meeting(ctx, "985325849")
	if err != nil {
		fmt.Println(err)
		return
	}
	series, ok := m.Recurring()
	if !ok {
		return
	}
	fmt.Println(canceler.CancelSeries(ctx, series, meetingapi.CancelOptions{}))
	// Output: <nil>
}

func ExampleCanceler_CancelOccurrences() {
	reader, canceler, stop := example()
	defer stop()
	ctx := context.Background()
	m, err := reader.Meeting(ctx, "985325849")
	if err != nil {
		fmt.Println(err)
		return
	}
	series, ok := m.Recurring()
	if !ok {
		return
	}
	dates, known := m.Series.Occurrences.Get()
	if !known || len(dates) == 0 {
		return // the service didn't list any
	}
	next := dates[0]
	err = canceler.CancelOccurrences(ctx, series, []meetingapi.OccurrenceID{next.ID}, meetingapi.CancelOptions{})
	fmt.Println(next.Start.Format(time.DateTime), err)
	// Output: 2026-11-25 01:00:00 <nil>
}

// Trust your own CA, for a gateway inside the company. The proxy comes from HTTPS_PROXY.
func ExampleNewTransport() {
	var ca []byte // the file named in the configuration
	transport, err := meetingapi.NewTransport(ca)
	if err != nil {
		fmt.Println(err)
		return
	}
	reader, _, err := meetingapi.New(meetingapi.Config{
		BaseURL: "https://gateway.example.com/meeting",
		Auth:    meetingapi.Account{Name: "bot@corp", Password: "from the environment"},
		HTTP:    &http.Client{Transport: transport},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(reader.TokenExpiry().IsZero())
	// Output: true
}

func ExampleClassOf() {
	reader, _, stop := example()
	stop() // the service is down
	_, err := reader.Meeting(context.Background(), "914087436")
	fmt.Println(meetingapi.ClassOf(err))
	// Output: unavailable
}
