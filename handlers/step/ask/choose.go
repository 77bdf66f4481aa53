package ask

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"meetingbot/handlers/access"
	"meetingbot/handlers/step"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/list"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/store"
	"meetingbot/meetingapi"
)

// offer lets the asker choose among several meetings behind one room number. Only the asker
// sees them, and only those they may cancel.
//
// The choices are stored before they are shown: a button holds only a position in the list,
// and a repeated run shows the same list.
func (a *Asking) offer(ctx context.Context, found []meetingapi.Meeting) error {
	if len(a.R.Choices) == 0 {
		refusal, err := a.storeChoices(ctx, found)
		if err != nil {
			return a.CannotServe(ctx, err)
		}
		if refusal != nil {
			return a.Refuse(ctx, a.R, *refusal)
		}
	}
	return a.Answer(ctx, list.Chooser(a.Page(), a.R.Request), step.Observing(a.Observe.Command, "offered"))
}

// storeChoices stores what a chooser offers, or returns why there is nothing to offer. It
// drops the command's response_url: a pick brings its own.
func (a *Asking) storeChoices(ctx context.Context, found []meetingapi.Meeting) (*answer.Answer, error) {
	var may []cancellation.Meeting
	var refusal *answer.Answer
	for _, m := range found {
		r := a.R.Request
		r.Meeting, r.Scope = step.Facts(m, a.Store.Now()), cancellation.Undecided
		denied, err := a.May(ctx, access.Ask, r)
		if err != nil {
			return nil, err
		}
		if denied != nil && denied.Kind != answer.LeadTime && denied.Kind != answer.StartUnknown {
			refusal = denied
			continue
		}
		may = append(may, r.Meeting)
	}
	if len(may) == 0 {
		return refusal, nil
	}
	shown, more := Offered(may)
	return nil, a.Run.Record(ctx, func(tx *store.Tx) error {
		return errors.Join(
			step.Change(ctx, tx, &a.R, func(r *store.Request) error {
				if len(r.Choices) == 0 {
					r.Choices, r.More = shown, more
				}
				r.Response = cancellation.ResponseURL{}
				return nil
			}),
			tx.Audit(ctx, step.Requested(a.R.Request)),
		)
	})
}

// Choose continues with the meeting picked from a chooser. Each pick is a request of
// its own, so a chooser can be used more than once.
func (s Ask) Choose(ctx context.Context, v *step.Visit, from store.Request) error {
	r, err := v.Store.Requests.Get(ctx, v.In.Started)
	if errors.Is(err, store.ErrNotFound) { // else an earlier run has begun
		var refusal *answer.Answer
		if r, refusal, err = startChosen(ctx, v, from.Request); err == nil && refusal != nil {
			return v.Say(ctx, *refusal)
		}
	}
	if err != nil {
		return err
	}
	return s.AskAbout(ctx, v, r)
}

// AskAbout asks about the one meeting whose id is the number of r.
func (s Ask) AskAbout(ctx context.Context, v *step.Visit, r store.Request) error {
	v.In.Request = r.ID
	a := s.NewAsking(v, r)
	if r.State != cancellation.Received {
		return a.resume(ctx)
	}
	return a.ask(ctx, a.FindByID)
}

// FindByID finds the meeting whose id is the number of the request. It searches by number and
// drops other meetings with that number.
func (a *Asking) FindByID(ctx context.Context) ([]meetingapi.Meeting, error) {
	found, err := a.findNumber(ctx)
	return slices.DeleteFunc(found, func(m meetingapi.Meeting) bool { return string(m.ID) != a.R.Number }), err
}

// startChosen stores the request of a pick under the id generated when the click arrived, or
// returns the answer that says why there is none.
func startChosen(ctx context.Context, v *step.Visit, from cancellation.Request) (store.Request, *answer.Answer, error) {
	picked, refusal := pickedFrom(v.In, from)
	if refusal != nil {
		return store.Request{}, refusal, v.Uncount(ctx)
	}
	if refusal, err := v.TooMany(ctx); err != nil || refusal != nil {
		return store.Request{}, refusal, err
	}
	fresh := *v.In
	fresh.Thread = from.Thread
	fresh.Command.As, fresh.Command.Number = from.As, picked.MeetingID
	fresh.Command.End, fresh.Command.Reason = from.End, from.Reason
	stored, err := v.Start(ctx, fresh, func(r *cancellation.Request) {
		r.Scope, r.Wanted, r.Channel, r.From = from.Scope, from.Wanted, from.Channel, from.ID
	})
	return stored, nil, err
}

// pickedFrom returns the picked choice, or the answer that says why there is none. The pick
// counts from when it was made. Only the asker sees a chooser; whether they may have the
// meeting's card, [access.Ask] decides.
func pickedFrom(in *step.Envelope, from cancellation.Request) (cancellation.Choice, *answer.Answer) {
	i, ok := action.ChoiceIndex(in.Block)
	switch {
	case in.Person != from.Asker || in.Started == "":
		return cancellation.Choice{}, &answer.Answer{Kind: answer.UnknownButton}
	case !in.At.Before(from.ExpiresAt), len(from.Choices) == 0:
		return cancellation.Choice{}, &answer.Answer{Kind: answer.CardExpired, Request: from}
	case !ok || i >= len(from.Choices):
		return cancellation.Choice{}, &answer.Answer{Kind: answer.UnknownButton}
	}
	return from.Choices[i], nil
}

// hasNumber reports whether one of the meetings has this number. The service's search also
// matches subjects and names.
func hasNumber(all []meetingapi.Meeting, number string) bool {
	return slices.ContainsFunc(all, func(m meetingapi.Meeting) bool { return string(m.ID) == number || m.Number == number })
}

// Choices lists meetings for a chooser: running ones first, then by start, and last those
// whose start isn't known.
func Choices(all []cancellation.Meeting) []cancellation.Choice {
	list := make([]cancellation.Choice, 0, len(all))
	for _, m := range all {
		list = append(list, m.Choice())
	}
	rank := func(c cancellation.Choice) (n int) {
		if !c.Running {
			n += 2
		}
		if c.Start.IsZero() {
			n++
		}
		return n
	}
	slices.SortStableFunc(list, func(a, b cancellation.Choice) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), a.Start.Compare(b.Start))
	})
	return list
}

// Offered returns the choices that a list or a chooser shows, in order, and how many more
// meetings there are. Only those with a button are stored.
func Offered(all []cancellation.Meeting) (shown []cancellation.Choice, more int) {
	shown = Choices(all)[:min(len(all), list.MaxChoices)]
	return shown, len(all) - len(shown)
}

// endOfDay returns when the day of a typed date, or date and time, ends in zone.
func endOfDay(wanted string, zone *time.Location) time.Time {
	day, _, _ := strings.Cut(wanted, "T")
	begins, _ := time.ParseInLocation(time.DateOnly, day, zone)
	return begins.AddDate(0, 0, 1)
}

// occurrencesAt returns the occurrences that a person in zone means by a typed date, or date
// and time.
func occurrencesAt(m cancellation.Meeting, wanted string, zone *time.Location) (ids []string) {
	layout := time.DateOnly
	if strings.Contains(wanted, "T") {
		layout = "2006-01-02T15:04"
	}
	for _, o := range m.Occurrences {
		if o.Start.In(zone).Format(layout) == wanted {
			ids = append(ids, o.ID)
		}
	}
	return ids
}
