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

// example starts a Meeting service with two meetings in it, and returns a
// client of it. A real program leaves BaseURL empty or sets
// meetingapi.International.
func example() (client *meetingapi.Client, stop func()) {
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
	client = &meetingapi.Client{
		BaseURL: server.URL,
		Auth:    meetingapi.AppID{ID: "fdb8e4699586458bbd10c834872dcc62", Key: "from the environment"},
		HTTP:    &http.Client{Transport: transport},
	}
	return client, func() {
		transport.CloseIdleConnections()
		server.Close()
	}
}

func Example() {
	client, stop := example()
	defer stop()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()

	meetings, err := client.Find(ctx, "914 087 436")
	if err != nil {
		fmt.Println(err)
		return
	}
	single, ok := meetings[0].Single()
	if !ok {
		fmt.Println("a series: ask which meeting")
		return
	}
	err = meetingapi.NewCanceler(client).Cancel(ctx, single, meetingapi.CancelOptions{End: true})
	fmt.Println(meetings[0].Subject, err)
	// Output: Weekly sync <nil>
}

func ExampleClient_Login() {
	client, stop := example()
	defer stop()
	err := client.Login(context.Background())
	fmt.Println(err, time.Until(client.TokenExpiry()).Round(time.Hour))
	// Output: <nil> 12h0m0s
}

func ExampleClient_Role() {
	client, stop := example()
	defer stop()
	role, err := client.Role(context.Background())
	fmt.Println(role, err)
	// Output: admin <nil>
}

func ExampleClient_Meeting() {
	client, stop := example()
	defer stop()
	m, err := client.Meeting(context.Background(), "914087436")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(m.Subject, m.State, m.Start.Format(time.RFC3339), m.End.Sub(m.Start), m.Owner.Name)

	_, err = client.Meeting(context.Background(), "914087437")
	fmt.Println(meetingapi.IsNotFound(err))
	// Output:
	// Weekly sync scheduled 2026-11-25T13:00:00Z 1h30m0s Ana
	// true
}

// A room's number is shared by every meeting held in the room.
func ExampleClient_Find() {
	client, stop := example()
	defer stop()
	meetings, err := client.Find(context.Background(), "7700")
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range meetings {
		fmt.Println(m.ID, m.Subject)
	}
	// Output: 914087436 Weekly sync
}

func ExampleClient_Upcoming() {
	client, stop := example()
	defer stop()
	meetings, err := client.Upcoming(context.Background(), meetingapi.ListOptions{All: true, Search: "weekly", Max: 10})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range meetings {
		fmt.Println(m.Number, m.Room, m.Subject, m.Start.Format("2 January 15:04 MST"))
	}
	// Output: 7700 true Weekly sync 25 November 13:00 UTC
}

func ExampleClient_Running() {
	client, stop := example()
	defer stop()
	meetings, err := client.Running(context.Background(), meetingapi.ListOptions{All: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range meetings {
		fmt.Println(m.Subject, m.State, m.PeopleOnline)
	}
	// Output: Weekly sync running 12
}

func ExampleClient_PeopleOnline() {
	client, stop := example()
	defer stop()
	n, err := client.PeopleOnline(context.Background(), "914087436")
	fmt.Println(n, err)
	// Output: 12 <nil>
}

func ExampleClient_History() {
	client, stop := example()
	defer stop()
	now := time.Now()
	meetings, err := client.History(context.Background(), now.AddDate(0, 0, -7), now, meetingapi.ListOptions{All: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, m := range meetings {
		fmt.Println(m.ID, m.Subject, m.State)
	}
	// Output: 914087000 Kick-off ended
}

func ExampleClient_User() {
	client, stop := example()
	defer stop()
	ctx := context.Background()
	m, err := client.Meeting(ctx, "914087436")
	if err != nil {
		fmt.Println(err)
		return
	}
	owner, err := client.User(ctx, m.Owner.UUID)
	fmt.Println(owner.Email, err)
	// Output: ana@example.com <nil>
}

func ExampleClient_Users() {
	client, stop := example()
	defer stop()
	users, err := client.Users(context.Background(), []string{"ff808081699b56cb0169be103500012b", "gone"})
	fmt.Println(users["ff808081699b56cb0169be103500012b"].Email, len(users), err)
	// Output: ana@example.com 1 <nil>
}

func ExampleClient_Member() {
	client, stop := example()
	defer stop()
	user, err := client.Member(context.Background(), "bob@corp")
	fmt.Println(user.Name, user.Email, err)
	// Output: Bob bob@example.com <nil>
}

// A running meeting is cancelled only when asked to end it.
func ExampleCanceler_Cancel() {
	client, stop := example()
	defer stop()
	ctx := context.Background()
	m, err := client.Meeting(ctx, "914087436")
	if err != nil {
		fmt.Println(err)
		return
	}
	single, ok := m.Single()
	if !ok {
		return
	}
	canceler := meetingapi.NewCanceler(client)
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
	client, stop := example()
	defer stop()
	ctx := context.Background()
	m, err := client.Meeting(ctx, "985325849")
	if err != nil {
		fmt.Println(err)
		return
	}
	series, ok := m.Recurring()
	if !ok {
		return
	}
	fmt.Println(meetingapi.NewCanceler(client).CancelSeries(ctx, series, meetingapi.CancelOptions{}))
	// Output: <nil>
}

func ExampleCanceler_CancelOccurrences() {
	client, stop := example()
	defer stop()
	ctx := context.Background()
	m, err := client.Meeting(ctx, "985325849")
	if err != nil {
		fmt.Println(err)
		return
	}
	series, ok := m.Recurring()
	if !ok {
		return
	}
	next := m.Series.Remaining(time.Date(2026, 11, 26, 0, 0, 0, 0, time.UTC))[0]
	err = meetingapi.NewCanceler(client).CancelOccurrences(ctx, series, []meetingapi.OccurrenceID{next.ID}, meetingapi.CancelOptions{})
	fmt.Println(next.Start.Format(time.DateTime), err)
	// Output: 2026-11-30 01:00:00 <nil>
}

// A CA of one's own, for a gateway inside the company. The corporate proxy is
// taken from HTTPS_PROXY.
func ExampleNewTransport() {
	var ca []byte // the file named in the configuration
	transport, err := meetingapi.NewTransport(ca)
	if err != nil {
		fmt.Println(err)
		return
	}
	client := &meetingapi.Client{
		BaseURL: "https://gateway.example.com/meeting",
		Auth:    meetingapi.Account{Name: "bot@corp", Password: "from the environment"},
		HTTP:    &http.Client{Transport: transport},
	}
	fmt.Println(client.TokenExpiry().IsZero())
	// Output: true
}

func ExampleClassOf() {
	client, stop := example()
	stop() // nobody listens any more
	client.ReadRetry.More = -1
	_, err := client.Meeting(context.Background(), "914087436")
	fmt.Println(meetingapi.ClassOf(err))
	// Output: unavailable
}
