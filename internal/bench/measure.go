package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"meetingbot/internal/meetingsim"
	"meetingbot/internal/slacksim"
	"meetingbot/internal/world"
)

// perPerson is how many cancellations one person asks for: as many as the bot allows per
// minute.
const perPerson = 5

// measure runs the whole job f.n times.
func measure(ctx context.Context, f flags) (*result, error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // leftovers in the temporary folder do no harm
	w := world.New(world.Options{Dir: dir, Program: strings.Fields(f.program), Database: f.database, OtherBots: true})
	defer func() { _ = w.Close() }() // we have the figures by then
	w.Set("ALLOW_USERS", "*")
	people := addPeople(w, f)
	database := cmp.Or(f.database, "sqlite:"+dir+"/meetingbot.db")
	if err := addHistory(ctx, w, database, people[len(people)-1], f.history); err != nil {
		return nil, err
	}
	r := &result{Flags: f.String()}
	all, err := start(ctx, w, f, r)
	if err != nil {
		return nil, err
	}
	defer func() {
		for _, p := range all[1:] {
			_ = p.Stop()
		}
	}()
	if f.idle > 0 {
		before := usage(all)
		time.Sleep(f.idle)
		after := usage(all)
		r.IdleCPU = 100 * (after.cpu - before.cpu).Seconds() / f.idle.Seconds()
		r.IdleRSS = after.rss
	}
	w.Slack.Delay(f.slack)
	w.Meeting.Delay(f.meeting)
	slackBefore, meetingBefore := len(w.Slack.Journal()), len(w.Meeting.Journal())
	before := usage(all)
	began := time.Now()
	jobs, err := perform(ctx, w, f, people)
	if err != nil {
		return nil, err
	}
	took := time.Since(began)
	after := usage(all)
	r.PerSecond = float64(f.n) / took.Seconds()
	r.CPUPer1000 = (after.cpu - before.cpu).Seconds() * 1000 / float64(f.n)
	r.PeakRSS = after.peak
	r.add(jobs, w.Slack.JournalFrom(slackBefore), w.Meeting.Journal()[meetingBefore:], f.n)
	if len(f.candidates) > 0 {
		return r, nil // other bots have no history
	}
	return r, r.askHistory(ctx, w, people)
}

// start starts the program and its replicas.
func start(ctx context.Context, w *world.World, f flags, r *result) ([]*world.Process, error) {
	began := time.Now()
	if err := w.Bot.Start(ctx); err != nil {
		return nil, err
	}
	if err := w.Await(ctx, "open sockets", func() bool { return w.Slack.Connections() >= f.sockets }); err != nil {
		return nil, err
	}
	r.ToHello = ms(time.Since(began))
	all := []*world.Process{w.Bot}
	for len(all) < f.replicas {
		p := w.Replica("replica" + strconv.Itoa(len(all)+1))
		if err := p.Start(ctx); err != nil {
			return nil, err
		}
		all = append(all, p)
		if err := w.Await(ctx, "the replica's sockets", func() bool { return w.Slack.Connections() >= 2*len(all) }); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func (f flags) String() string {
	db := "SQLite"
	if f.database != "" {
		db = "PostgreSQL"
	}
	text := fmt.Sprintf("%s, Slack +%v, meeting service +%v, %d at a time, n=%d", db, f.slack, f.meeting, f.at, f.n)
	if f.replicas > 1 {
		text += fmt.Sprintf(", %d replicas", f.replicas)
	}
	if f.history > 0 {
		text += fmt.Sprintf(", %d cancellations in the database", f.history)
	}
	return text
}

// addPeople adds enough people to stay within the rate limit. To compare bots, it adds one
// for each cancellation, so that no cache helps.
func addPeople(w *world.World, f flags) (people []string) {
	n := (f.n + 2*perPerson - 1) / perPerson
	if len(f.candidates) > 0 {
		n = f.n + 1
	}
	for i := range n {
		id := "U0P" + strconv.Itoa(i)
		w.Slack.AddUser(slacksim.User{ID: id, Name: "p" + strconv.Itoa(i), Email: id + "@example.com", Locale: "en-US", TZ: "UTC"})
		w.Slack.AddChannel(slacksim.Channel{ID: "C0P" + strconv.Itoa(i), Name: "p" + strconv.Itoa(i), BotMember: true, Members: []string{id}})
		people = append(people, id)
	}
	return people
}

// A job is one cancellation as the asker saw it.
type job struct {
	meeting            string
	typed, clicked     time.Time
	ackTyped, ackClick time.Duration
}

// perform has people cancel meetings, f.at of them at a time.
func perform(ctx context.Context, w *world.World, f flags, people []string) ([]job, error) {
	jobs := make([]job, f.n)
	for i := range jobs {
		jobs[i].meeting = strconv.Itoa(914_000_000 + i)
		owner := []string{world.Carol, world.Paulo}[i%2]
		if len(f.candidates) > 0 {
			owner = newOwner(w, i)
		}
		w.Book(jobs[i].meeting, owner, nil)
	}
	seen := newWatch(w)
	defer seen.stop()
	var g errgroup.Group
	g.SetLimit(f.at)
	var mu sync.Mutex
	for i := range jobs {
		g.Go(func() error {
			// Use all people in turn, because a person doesn't type several commands at the same moment. The last
			// one is reserved for the history.
			j, err := cancelOne(ctx, w, seen, people[i%(len(people)-1)], jobs[i].meeting)
			mu.Lock()
			jobs[i] = j
			mu.Unlock()
			return err
		})
	}
	return jobs, g.Wait()
}

// cancelOne cancels a meeting and waits for the thread reply and the message to the owner.
func cancelOne(ctx context.Context, w *world.World, seen *watch, person, meeting string) (job, error) {
	j := job{meeting: meeting, typed: time.Now()}
	channel := "C0P" + person[len("U0P"):]
	a := w.Slack.Type(person, channel, "/cancel-meeting "+meeting)
	if err := a.Wait(ctx); err != nil {
		return j, err
	}
	j.ackTyped = a.AckedAfter()
	card, err := seen.card(ctx, meeting)
	if err != nil {
		return j, err
	}
	j.clicked = time.Now()
	a, err = w.Slack.Click(person, card.ref, card.action, slacksim.ClickOptions{})
	if err != nil {
		return j, err
	}
	if err := a.Wait(ctx); err != nil {
		return j, err
	}
	j.ackClick = a.AckedAfter()
	return j, seen.end(ctx, meeting)
}

// deletes returns when the DELETE for each meeting arrived.
func deletes(journal []meetingsim.Entry) map[string]time.Time {
	at := map[string]time.Time{}
	for _, e := range journal {
		if e.Operation == meetingsim.OpCancel {
			at[e.Meeting] = e.At
		}
	}
	return at
}
