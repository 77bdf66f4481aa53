package step_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/step/steptest"
	"meetingbot/handlers/view/action"
	"meetingbot/internal/dbfault"
	"meetingbot/meetingapi"
)

// tellLate lets nobody be told anything for ten seconds.
func tellLate(h *steptest.Fixture) {
	for _, how := range []string{"respond", "ephemeral", "dm"} {
		h.Chat.Fail(how, bot.ErrUnavailable)
	}
}

// TestCountedOnce checks that an outcome is counted once, however many attempts it takes to
// tell or record it.
func TestCountedOnce(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		name string
		do   func(*steptest.Fixture)
		want []string
	}{
		{"expired", func(h *steptest.Fixture) {
			h.Insert(steptest.Number, nil)
			h.Pass(h.Rules.ConfirmTTL + 5*time.Second)
			for range 3 {
				h.DB.Next(dbfault.Commit, dbfault.Refuse, 1)
				h.Sweeper.Round(h.Context())
			}
			h.Sweeper.Round(h.Context())
		}, []string{"question expired"}},
		{"the owner is told", func(h *steptest.Fixture) {
			var once sync.Once
			h.Chat.Said = func(how string) {
				if how == "dm" {
					once.Do(func() { h.DB.Next("UPDATE request", dbfault.Refuse, -1) })
				}
			}
			h.Presses(steptest.Ana, action.Cancel, h.Insert(steptest.Number, nil), nil)
			h.Pass(15 * time.Second)
		}, []string{"question cancelled", "notice sent"}},
		{"refused", func(h *steptest.Fixture) {
			tellLate(h)
			h.Types(steptest.Dave, steptest.Number)
		}, []string{"command not_allowed"}},
		{"help", func(h *steptest.Fixture) { tellLate(h); h.Types(steptest.Ana, "help") }, []string{"command help"}},
		{"list", func(h *steptest.Fixture) { tellLate(h); h.Types(steptest.Ana, "list") }, []string{"command list"}},
		{"pick", func(h *steptest.Fixture) { tellLate(h); h.Types(steptest.Ana, "") }, []string{"command offered"}},
		{"history unread", func(h *steptest.Fixture) {
			h.DB.Next("FROM request", dbfault.Refuse, -1)
			h.Types(steptest.Ana, "history")
			h.Pass(10 * time.Second)
		}, []string{"command failed"}},
		{"mistyped", func(h *steptest.Fixture) {
			tellLate(h)
			h.Types(steptest.Ana, "914")
		}, []string{"command fault"}},
		{"offered", func(h *steptest.Fixture) {
			const room = "900900900"
			steptest.TwoMeetings(h)
			for _, id := range []string{steptest.Number, steptest.Second} {
				h.Service.Change(id, func(m *meetingapi.Meeting) { m.Room, m.Number = true, room })
			}
			tellLate(h)
			h.Types(steptest.Ana, room)
		}, []string{"command offered"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			var tally steptest.Tally
			count := func(name string) func(string) { return func(what string) { tally.Add(name + " " + what) } }
			steptest.Run(t, func(h *steptest.Fixture) {
				h.Observe.Command, h.Observe.Question, h.Observe.OwnerNotice = count("command"), count("question"), count("notice")
			}, func(h *steptest.Fixture) {
				row.do(h)
				h.Pass(10 * time.Second)
				h.Chat.Recover()
				h.DB.Heal()
				h.Pass(time.Minute)
				if got := tally.All(); !slices.Equal(got, row.want) {
					t.Errorf("counted %q, want %q", got, row.want)
				}
				h.WantIdle()
			})
		})
	}
}
