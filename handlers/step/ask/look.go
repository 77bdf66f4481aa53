package ask

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"meetingbot/bot"
	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/help"
	"meetingbot/handlers/view/list"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// historyLength is how many requests the history shows.
const historyLength = 10

// A readOnly is the run of a command that only reads.
type readOnly struct{ *step.Visit }

// run answers the command with a message that only the person sees.
func (v readOnly) run(ctx context.Context) error {
	if v.In.Fault != nil || v.In.Command.Verb == command.Help {
		return v.explain(ctx)
	}
	if err := v.Identify(ctx); err != nil {
		return v.CannotServe(ctx, err)
	}
	m, as, err := v.message(ctx)
	if err != nil {
		return v.CannotServe(ctx, err)
	}
	return v.Answer(ctx, m, step.Observing(v.Observe.Command, as))
}

// explainTime is how long an explanation waits for Slack to say who the person is.
const explainTime = 2 * time.Second

// explain says what is wrong with the command, or how to use it. Who the person is matters
// little for that: it decides the language, and which rights help mentions. Only a person known
// to be a guest or from another workspace gets no help.
func (v readOnly) explain(ctx context.Context) error {
	quick, cancel := context.WithTimeout(ctx, explainTime)
	defer cancel()
	if err := v.Identify(quick); err != nil {
		if !v.GivesUp(err) && v.Store.Now().Sub(v.In.Received()) < explainTime {
			return step.RetryLater(err)
		}
		v.Person = bot.Person{ID: bot.UserID(v.In.Person)}
	}
	var m bot.Message
	as := "fault"
	if v.In.Fault != nil {
		m = v.fault()
	} else {
		m, as = v.help(quick)
	}
	return v.Answer(ctx, m, step.Observing(v.Observe.Command, as))
}

// message returns the answer, and as what the command counts.
func (v readOnly) message(ctx context.Context) (m bot.Message, as string, err error) {
	in := v.In
	refusal, err := v.May(ctx, access.Look, cancellation.Request{})
	if err == nil && refusal == nil && in.Command.Verb != command.History {
		refusal, err = v.TooMany(ctx)
	}
	if err != nil {
		return bot.Message{}, "", err
	}
	if refusal != nil {
		return v.Sentence(*refusal), "refused", nil
	}
	if in.Command.Verb == command.History {
		m, err = v.history(ctx)
	} else {
		m, err = v.meetings(ctx)
	}
	return m, cmp.Or(in.Command.Verb.String(), "offered"), err
}

// fault says what is wrong with the command, or with the message that the shortcut was used
// on.
func (v readOnly) fault() bot.Message {
	if v.In.FromMessage && v.In.Fault.Kind == command.NoNumber {
		return v.Sentence(answer.Answer{Kind: answer.NoNumberInMessage})
	}
	zone, known := step.ZoneOf(v.Person)
	if !known {
		zone = time.FixedZone("", -12*60*60) // where a day is over last
	}
	return help.Fault(v.Page(), v.In.Fault.Current(v.In.At, zone))
}

// meetings shows the upcoming and running meetings that a person may cancel: as a list, or
// with a button each.
func (v readOnly) meetings(ctx context.Context) (bot.Message, error) {
	all, partial, err := v.cancellable(ctx)
	switch {
	case err != nil:
		return v.Sentence(step.LookupFailed(err, v.Store.Now())), nil
	case len(all) == 0 && partial:
		return v.Sentence(answer.Answer{Kind: answer.LookupFailed, Class: meetingapi.ClassUnavailable.String()}), nil
	case len(all) == 0:
		return v.Sentence(answer.Answer{Kind: answer.NothingToPick}), nil
	}
	shown, more := Offered(all)
	if v.In.Command.Verb == command.List {
		return list.Meetings(v.Page(), shown, more, partial), nil
	}
	return v.picker(ctx, shown, more, partial)
}

// picker stores the choices shown, because a button holds only a position in the list.
func (v readOnly) picker(ctx context.Context, shown []cancellation.Choice, more int, partial bool) (bot.Message, error) {
	r := v.Rules.NewRequest(v.In)
	r.Choices, r.More, r.Partial = shown, more, partial
	r.Response = cancellation.ResponseURL{}
	err := v.Run.Record(ctx, func(tx *store.Tx) error {
		_, err := tx.Requests.Insert(ctx, r)
		return err
	})
	if errors.Is(err, store.ErrDuplicate) {
		// An earlier run has stored its list, and the buttons hold positions in that one.
		stored, err := v.Store.Requests.Get(ctx, r.ID)
		return list.Chooser(v.Page(), stored.Request), err
	}
	return list.Chooser(v.Page(), r), err
}

// cancellable returns the running and upcoming meetings that the person may cancel: all of
// them if they are on an allow list, otherwise their own. partial reports that some could
// not be read.
func (v readOnly) cancellable(ctx context.Context) (all []cancellation.Meeting, partial bool, err error) {
	ctx, cancel := v.Within(ctx, step.LookUpTime)
	defer cancel()
	listed, listErr := v.Access.MayAny(ctx, v.Person)
	if listed {
		return asPartial(allMeetings(ctx, v.Deps))
	}
	all, partial, err = OwnedBy(ctx, v.Deps, v.Person)
	return asPartial(all, partial, cmp.Or(err, listErr))
}

// history shows the last cancellations that the person may see: all of them if they are on
// an allow list, otherwise those they asked for or whose meetings they own.
func (v readOnly) history(ctx context.Context) (bot.Message, error) {
	listed, err := v.Access.MayAny(ctx, v.Person)
	if err != nil {
		v.Log.WarnContext(ctx, "a user group could not be read; its members see only their own history", "error", err)
	}
	f := store.HistoryFilter{Meeting: v.In.Command.Number}
	if !listed {
		f.Person = string(v.Person.ID)
	}
	rows, err := v.Store.Requests.History(ctx, f, historyLength)
	if err != nil {
		return bot.Message{}, err
	}
	if len(rows) == 0 {
		return v.Sentence(answer.Answer{Kind: answer.NothingInHistory}), nil
	}
	return list.History(v.Page(), hideSubjects(rows, string(v.Person.ID), listed)), nil
}

// help explains the command to this person, even if an allow list can't be read.
func (v readOnly) help(ctx context.Context) (m bot.Message, as string) {
	refusal, err := v.May(ctx, access.Look, cancellation.Request{})
	if err == nil && refusal != nil && refusal.Kind != answer.WrongChannel {
		return v.Sentence(*refusal), "refused"
	}
	listed, _ := v.Access.MayAny(ctx, v.Person)
	return help.Draw(v.Page(), help.Facts{
		Several: v.Rules.ManyMax > 1,
		MayAny:  listed, SecondPerson: v.Access.Second,
		Helpers: slices.Concat(v.Access.Users, v.Access.Groups), Channels: v.Access.Channels,
	}), "help"
}

// hideSubjects blanks the subject of meetings whose owners the person has asked, so that
// asking about a guessed number reveals nothing. People who may cancel any meeting see it.
func hideSubjects(rows []cancellation.Request, person string, listed bool) []cancellation.Request {
	for i := range rows {
		if rows[i].IsQuestion() && rows[i].Asker == person && !listed {
			rows[i].Meeting.Subject = ""
		}
	}
	return rows
}
