package handlers

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/bot/socket"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/dbfault"
	"meetingbot/internal/jobs"
	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/sqlitetest"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

const (
	ana     = "U0ANA"   // on ALLOW_USERS
	carol   = "U0CAROL" // owns the meeting
	general = "C0GENERAL"
	number  = "914087436"
)

// A fixture runs the handlers between a simulated Slack without sockets and a simulated meeting
// service, on a database that counts statements.
type fixture struct {
	*Handlers
	t       *testing.T
	db      *dbfault.Driver
	store   *store.Store
	direct  *sql.DB // the same file, without counting
	slack   *slacksim.Server
	service *meetingsim.Server
	n       int           // envelopes made so far
	skew    time.Duration // how far the store's clock is ahead
}

// newFixture returns a fixture whose queue runs jobs if working is true, and otherwise only stores
// them.
func newFixture(t *testing.T, working bool) *fixture {
	t.Helper()
	h := &fixture{
		t: t, db: &dbfault.Driver{}, slack: slacksim.New(slacksim.Options{HomeTab: true}),
		service: meetingsim.New(meetingsim.Options{AppID: "app", AppKey: "key"}),
	}
	slackHTTP, serviceHTTP := httptest.NewServer(h.slack), httptest.NewServer(h.service)
	for _, u := range []slacksim.User{
		{ID: ana, Name: "ana", Email: "ana@example.com", Locale: "en-US", TZ: "Europe/Lisbon"},
		{ID: carol, Name: "carol", Email: "carol@example.com", Locale: "en-US", TZ: "Asia/Singapore"},
	} {
		h.slack.AddUser(u)
	}
	h.slack.AddChannel(slacksim.Channel{ID: general, Name: "general", BotMember: true, Members: []string{ana, carol}})
	h.service.AddUser(meetingsim.User{UUID: "uuid-carol", Account: "carol@corp", Name: "Carol Ng", Email: "carol@example.com"})
	h.service.AddMeeting(meetingsim.Meeting{
		ID: number, Subject: "Budget review", OwnerUUID: "uuid-carol", Start: time.Now().Add(time.Hour).UTC(), Length: time.Hour,
	})
	reader, canceler, err := meetingapi.New(meetingapi.Config{
		BaseURL: serviceHTTP.URL, HTTP: serviceHTTP.Client(), Auth: meetingapi.AppID{ID: "app", Key: "key"},
	})
	if err != nil {
		t.Fatal(err)
	}
	url := sqlitetest.URL(t)
	h.store, err = store.Open(t.Context(), url, store.Options{Connect: h.db.Connect, Now: func() time.Time { return time.Now().Add(h.skew) }})
	if err != nil {
		t.Fatal(err)
	}
	if h.direct, err = sql.Open("sqlite", strings.TrimPrefix(url, "sqlite:")+"?_pragma=busy_timeout(5000)"); err != nil {
		t.Fatal(err)
	}
	catalogue, err := words.Load()
	if err != nil {
		t.Fatal(err)
	}
	q := jobs.New(h.store, jobs.Options{Urgent: []jobs.Step{step.CancelStep, step.SettleStep, step.ReportStep}})
	client := bot.NewClient(bot.Config{BotToken: "xoxb-1-sim", APIURL: slackHTTP.URL + "/api/", HTTP: slackHTTP.Client()})
	h.Handlers = New(Options{
		Bot: socket.New(client, socket.Config{}), Slack: client,
		Meetings: reader, Canceler: canceler, Store: h.store, Queue: q, Log: slog.New(slog.DiscardHandler),
		Views: &view.Renderer{Words: catalogue, Locale: "en"},
		Rules: Rules{Rules: step.Rules{ConfirmTTL: time.Hour, PerMinute: 5}, Settings: access.Settings{Users: []string{ana}, Second: cancellation.SecondNever}},
	})
	if working {
		err = q.Start(t.Context())
	} else {
		err = q.Stop(t.Context()) // what is enqueued stays stored
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		err := q.Stop(context.WithoutCancel(t.Context()))
		h.Close()
		h.slack.Close()
		h.service.Close()
		slackHTTP.CloseClientConnections()
		slackHTTP.Close()
		serviceHTTP.Close()
		if err := errors.Join(err, h.direct.Close(), h.store.Close()); err != nil {
			t.Error(err)
		}
	})
	return h
}

// origin returns what every event from a person in the channel carries, with new ids on each
// call.
func (h *fixture) origin(who string) bot.Origin {
	h.n++
	id := strings.Repeat("e", h.n)
	return bot.Origin{
		EnvelopeID: id, TriggerID: "t" + id, User: bot.UserID(who), Team: "T0SIM", Channel: general, Received: time.Now(),
		ResponseURL: bot.Secret("https://hooks.example.com/" + id),
	}
}

func (h *fixture) typed(who, text string) bot.Command {
	return bot.Command{Origin: h.origin(who), Name: command.Name, Text: text}
}

// await waits until holds returns true, and fails the test after 20 seconds.
func (h *fixture) await(what string, holds func() bool) {
	h.t.Helper()
	limit := time.NewTimer(20 * time.Second)
	defer limit.Stop()
	watch, stop := h.slack.Watch()
	defer stop()
	tick := time.NewTicker(20 * time.Millisecond) // polls for changes that only the database shows
	defer tick.Stop()
	for !holds() {
		select {
		case <-watch:
		case <-tick.C:
		case <-limit.C:
			h.t.Fatalf("no %s", what)
		}
	}
}

// count returns the number that a query yields.
func (h *fixture) count(query string) (n int) {
	h.t.Helper()
	if err := h.direct.QueryRowContext(h.t.Context(), query).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}
