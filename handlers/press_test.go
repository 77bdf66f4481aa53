package handlers

import (
	"context"
	"net/http/httptest"
	"testing"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/slacksim"
)

// inWorkspace returns handlers whose bot is in a simulated workspace, and which
// know olga for the owner of every meeting.
func inWorkspace(t *testing.T, rules Rules) *Handlers {
	t.Helper()
	slack := slacksim.New(slacksim.Options{})
	srv := httptest.NewServer(slack)
	t.Cleanup(func() {
		slack.Close()
		srv.Close()
	})
	h := &Handlers{
		bot:   bot.New(bot.Config{BotToken: "xoxb-1-sim", APIURL: srv.URL + "/api/"}),
		rules: rules,
	}
	h.owners.lookUp = func(context.Context, cancellation.Meeting) (owner, error) {
		return owner{found: true, person: bot.Person{ID: olga}}, nil
	}
	return h
}

// TestMayPress: ana and bob may cancel any meeting, olga owns this one, and ana
// has asked.
func TestMayPress(t *testing.T) {
	t.Parallel()
	const dave = "U0DAVE004"
	soon := 2*time.Hour + time.Minute // before it the sample starts
	running := func(r *cancellation.Request) { r.Meeting.Running = true }
	series := func(r *cancellation.Request) { *r = sampleRecurring() }
	theSeries := func(r *cancellation.Request) { *r = sampleRecurring(); r.Scope = cancellation.Series }
	for _, tt := range []struct {
		name   string
		who    bot.Person
		action string
		from   string // the workspace that the click came from; empty is the bot's
		change func(*cancellation.Request)
		rules  Rules
		want   AnswerKind // empty: they may
	}{
		{name: "who asked", who: bot.Person{ID: ana}, action: ActionCancel},
		{name: "somebody else on the list", who: bot.Person{ID: bob}, action: ActionCancel},
		{name: "the owner", who: bot.Person{ID: olga}, action: ActionCancel},
		{name: "nobody of them", who: bot.Person{ID: dave}, action: ActionCancel, want: NotYourButton},
		{name: "nobody of them, to keep it", who: bot.Person{ID: dave}, action: ActionKeep, want: NotYourButton},
		{name: "who asked and may no longer", who: bot.Person{ID: dave}, action: ActionCancel, want: NotAllowed, change: func(r *cancellation.Request) { r.Asker = dave }},
		{name: "who asked and may no longer, to keep it", who: bot.Person{ID: dave}, action: ActionKeep, change: func(r *cancellation.Request) { r.Asker = dave }},

		{name: "a guest on the list", who: bot.Person{ID: ana, Guest: true}, action: ActionCancel, want: Guest},
		{name: "a guest who asked, to keep it", who: bot.Person{ID: ana, Guest: true}, action: ActionKeep, want: Guest},
		{name: "somebody met in a shared channel", who: bot.Person{ID: bob, Stranger: true}, action: ActionCancel, want: Stranger},
		{name: "somebody of another workspace", who: bot.Person{ID: bob, Team: "T0OTHER"}, action: ActionCancel, want: Stranger},
		{name: "a click from another workspace", who: bot.Person{ID: bob}, from: "T0OTHER", action: ActionCancel, want: Stranger},
		{name: "an account that is off", who: bot.Person{ID: ana, Deleted: true}, action: ActionCancel, want: NotAllowed},
		{name: "a channel where it does not work", who: bot.Person{ID: ana}, action: ActionCancel, rules: Rules{AllowChannels: []string{"C0OTHER"}}, want: WrongChannel},

		{name: "the owner, too late", who: bot.Person{ID: olga}, action: ActionCancel, rules: Rules{LeadTime: soon}, want: LeadTime},
		{name: "the owner, too late, to keep it", who: bot.Person{ID: olga}, action: ActionKeep, rules: Rules{LeadTime: soon}},
		{name: "the owner, in time", who: bot.Person{ID: olga}, action: ActionCancel, rules: Rules{LeadTime: time.Hour}},
		{name: "somebody on the list at any time", who: bot.Person{ID: bob}, action: ActionCancel, rules: Rules{LeadTime: soon}},
		{name: "the owner, before a date is chosen", who: bot.Person{ID: olga}, action: ActionCancelOccurrences, change: series, rules: Rules{LeadTime: soon}},
		{name: "the owner, the whole series too late", who: bot.Person{ID: olga}, action: ActionCancelSeries, change: series, rules: Rules{LeadTime: soon}, want: LeadTime},

		{name: "alone where two must", who: bot.Person{ID: ana}, action: ActionCancel, rules: Rules{Second: cancellation.SecondAlways}, want: SecondPersonNeeded},
		{name: "the second where two must", who: bot.Person{ID: bob}, action: ActionCancel, rules: Rules{Second: cancellation.SecondAlways}},
		{name: "alone, to keep it", who: bot.Person{ID: ana}, action: ActionKeep, rules: Rules{Second: cancellation.SecondAlways}},
		{name: "alone, what has not started", who: bot.Person{ID: ana}, action: ActionCancel, rules: Rules{Second: cancellation.SecondEnd}},
		{name: "alone, to end it", who: bot.Person{ID: ana}, action: ActionEnd, change: running, rules: Rules{Second: cancellation.SecondEnd}, want: SecondPersonNeeded},
		{name: "alone, what runs by another button", who: bot.Person{ID: ana}, action: ActionCancel, change: running, rules: Rules{Second: cancellation.SecondEnd}, want: SecondPersonNeeded},
		{name: "alone, one date", who: bot.Person{ID: ana}, action: ActionCancelOccurrences, change: series, rules: Rules{Second: cancellation.SecondSeries}},
		{name: "alone, the series", who: bot.Person{ID: ana}, action: ActionCancelSeries, change: series, rules: Rules{Second: cancellation.SecondSeries}, want: SecondPersonNeeded},
		{name: "alone, the series that was typed", who: bot.Person{ID: ana}, action: ActionEnd, change: theSeries, rules: Rules{Second: cancellation.SecondSeries}, want: SecondPersonNeeded},
		{name: "the owner who asked, where two must", who: bot.Person{ID: olga}, action: ActionCancel, rules: Rules{Second: cancellation.SecondAlways}, change: func(r *cancellation.Request) { r.Asker = olga }, want: SecondPersonNeeded},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.rules.AllowUsers = []string{ana, bob}
			h := inWorkspace(t, tt.rules)
			r := samplePlanned()
			if tt.change != nil {
				tt.change(&r)
			}
			shift := time.Since(noon) // the sample is about another day
			r.Meeting.Start, r.Meeting.End = r.Meeting.Start.Add(shift), r.Meeting.End.Add(shift)
			for i := range r.Meeting.Occurrences {
				r.Meeting.Occurrences[i].Start = r.Meeting.Occurrences[i].Start.Add(shift)
			}
			in := &intake{Action: tt.action, Team: tt.from, person: string(tt.who.ID)}
			a, err := h.mayPress(t.Context(), in, r, tt.who)
			var got AnswerKind
			if a != nil {
				got = a.Kind
			}
			if err != nil || got != tt.want {
				t.Errorf("mayPress(%s) by %+v = %q, %v, want %q", tt.action, tt.who, got, err, tt.want)
			}
		})
	}
}
