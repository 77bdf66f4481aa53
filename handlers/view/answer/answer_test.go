package answer_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/answer"
	"meetingbot/handlers/view/sample"
	"meetingbot/handlers/view/viewtest"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

const (
	group   = "S0ADMINS1"
	number  = "the meeting 914 087 436"
	command = "`/cancel-meeting 914087436`"
)

// draw returns an answer as the person reads it, and its buttons.
func draw(locale string, a answer.Answer) (said string, buttons []string) {
	m := answer.Draw(viewtest.Page(locale).Discreet(), a)
	return viewtest.Text(m.Blocks), viewtest.Buttons(m.Blocks)
}

// TestEveryKind: every kind of answer has its own sentence in every language, names a meeting
// by its number at most, and reads well when nothing is known.
func TestEveryKind(t *testing.T) {
	t.Parallel()
	for _, locale := range words.Languages() {
		before := map[string]answer.Kind{}
		for _, kind := range answer.Kinds() {
			for name, a := range map[string]answer.Answer{
				"full": {
					Kind: kind, Request: sample.Planned(), Who: sample.Bob, Users: []string{sample.Ana}, Channels: []string{"C0OPS0001"},
					Wait: time.Hour, Count: 3, Until: sample.Noon, Class: "server", Reference: "5f2c", Link: sample.Link, Line: "/cancel 914087436",
				},
				"empty": {Kind: kind},
			} {
				said, buttons := draw(locale, a)
				if code := viewtest.FindCode(said); said == "" || code != "" || strings.Contains(said, "Budget") || strings.Contains(said, "Olga") || strings.Contains(said, "``") {
					t.Errorf("%s (%s) in %s shows %q: %q", kind, name, locale, code, said)
				}
				if twice := viewtest.Repeated([]string{said}); len(twice) > 0 {
					t.Errorf("%s (%s) in %s repeats %q", kind, name, locale, twice)
				}
				if offers := kind == answer.MayAskOwner || kind == answer.NotYourButton && a.Who != ""; (len(buttons) > 0) != offers {
					t.Errorf("%s (%s): buttons %q, want one to ask the owner: %t", kind, name, buttons, offers)
				}
				if shown := strings.Contains(said, "`5f2c`"); shown != (a.Reference != "" && slices.Contains([]answer.Kind{answer.LookupFailed, answer.NotFound, answer.Busy, answer.NotStored, answer.StillUnknown}, kind)) {
					t.Errorf("%s (%s) shows the reference: %t: %q", kind, name, shown, said)
				}
				if other, twice := before[said]; twice && other != kind {
					t.Errorf("%s and %s in %s are the same: %q", kind, other, locale, said)
				}
				before[said] = kind
			}
		}
		unknown, _ := draw(locale, answer.Answer{Kind: "no such kind"})
		if busy, _ := draw(locale, answer.Answer{Kind: answer.Busy}); unknown != busy {
			t.Errorf("an unknown kind in %s reads %q, want %q", locale, unknown, busy)
		}
	}
}

// TestRefusals: a refusal names who can help: the owner if they can, and people by name, each
// once.
func TestRefusals(t *testing.T) {
	t.Parallel()
	r := sample.Planned()
	helpers := func(a answer.Answer) answer.Answer {
		a.Request, a.Users, a.Groups = r, []string{sample.Bob, sample.Ana, sample.Bob, ""}, []string{group}
		return a
	}
	const people = "@BOB, @ANA, <!subteam^S0ADMINS1>."
	for name, test := range map[string]struct {
		a      answer.Answer
		want   string
		silent string
	}{
		"not allowed":                {helpers(answer.Answer{Kind: answer.NotAllowed}), "You can't cancel " + number + ": it isn't yours, and you aren't one of the people who may cancel any meeting. Nothing was done. Its owner can cancel it, and these people can help: " + people, ""},
		"no lists":                   {answer.Answer{Kind: answer.NotAllowed, Request: r}, "Nothing was done. Its owner can cancel it.", "these people"},
		"the owner can't either":     {helpers(answer.Answer{Kind: answer.NotAllowed, OwnerCant: true}), "Nothing was done. These people can help: " + people, "Its owner"},
		"no helpers":                 {answer.Answer{Kind: answer.NotAllowed, Request: r, OwnerCant: true}, "Nothing was done.", "help"},
		"everyone can help":          {answer.Answer{Kind: answer.NotAllowed, Request: r, Users: []string{"*", sample.Ana}}, "Nothing was done. Anyone in this workspace can help.", "@ANA"},
		"any group can help":         {answer.Answer{Kind: answer.LeadTime, Wait: time.Hour, Request: r, Groups: []string{"*"}}, "The meeting 914 087 436 starts in less than 1 hour.", "these people"},
		"it may be theirs":           {helpers(answer.Answer{Kind: answer.NotAllowedOwnerUnknown}), "couldn't find out whether it is yours, and you aren't one of the people who may cancel any meeting. Nothing was done. These people can help: " + people, "Its owner"},
		"too soon":                   {helpers(answer.Answer{Kind: answer.LeadTime, Wait: 2 * time.Hour}), "starts in less than 2 hours. This close to the start, only the people who may cancel any meeting can cancel it. Nothing was done. These people can help: " + people, "Its owner"},
		"start unknown":              {helpers(answer.Answer{Kind: answer.StartUnknown}), "doesn't say when " + number + " starts, so it may be soon.", "Its owner"},
		"the asker's own button":     {helpers(answer.Answer{Kind: answer.SecondPersonNeeded}), "someone else who may do so has to confirm. Nothing was done; the card is still open. Its owner can cancel it, and these people can help: @BOB, <!subteam^S0ADMINS1>.", "@ANA"},
		"the owner's own button":     {helpers(answer.Answer{Kind: answer.SecondPersonNeeded, OwnerCant: true}), "someone else who may do so has to confirm. Nothing was done; the card is still open. These people can help: @BOB, <!subteam^S0ADMINS1>.", "@ANA"},
		"only the asker":             {answer.Answer{Kind: answer.SecondPersonNeeded, Request: r, OwnerCant: true, Users: []string{sample.Ana}}, "the card is still open.", "help"},
		"not their button":           {helpers(answer.Answer{Kind: answer.NotYourButton}), "the card is still open. Its owner can cancel it, and these people can help: " + people, ""},
		"another person's meetings":  {helpers(answer.Answer{Kind: answer.NotTheirs}), "You can list someone else's meetings only if you may cancel any meeting, or if they let you cancel theirs. Nothing was done. These people can help: " + people, "914"},
		"may ask":                    {helpers(answer.Answer{Kind: answer.MayAskOwner, Who: sample.Olga}), "it is @OLGA's, and you aren't one of the people who may cancel any meeting. Nothing was done, but you can ask the owner. These people can help: " + people, "Its owner"},
		"wrong channel":              {answer.Answer{Kind: answer.WrongChannel, Request: r, Channels: []string{"C0OPS0001", "C0OPS0002"}}, "`/cancel-meeting` doesn't work in this conversation. Nothing was done. It works in <#C0OPS0001>, <#C0OPS0002>.", ""},
		"wrong channel, none is set": {answer.Answer{Kind: answer.WrongChannel, Channels: []string{"*"}}, "doesn't work in this conversation. Nothing was done.", "It works"},
		"too many":                   {answer.Answer{Kind: answer.TooMany, Wait: 59 * time.Second}, "Nothing was done with this one. Try again in 59 seconds.", ""},
	} {
		said, _ := draw("en", test.a)
		if !strings.Contains(said, test.want) || test.silent != "" && strings.Contains(said, test.silent) {
			t.Errorf("%s: %q, want %q and not %q", name, said, test.want, test.silent)
		}
	}
	many := make([]string, 13)
	for i := range many {
		many[i] = "U0BOB" + strings.Repeat("A", i)
	}
	if said, _ := draw("en", answer.Answer{Kind: answer.NotAllowed, Users: many}); !strings.HasSuffix(said, ", 3 more.") {
		t.Errorf("thirteen people: %q", said)
	}
	if _, buttons := draw("en", answer.Answer{Kind: answer.MayAskOwner, Request: r, Who: sample.Olga}); !slices.Equal(buttons, []string{action.AskOwner + ": Ask the owner"}) {
		t.Errorf("buttons = %q", buttons)
	}
}

// TestLateClicks: the answer to a late click says by whom and how the card was answered.
func TestLateClicks(t *testing.T) {
	t.Parallel()
	finals := sample.Finals()
	for name, test := range map[string]struct {
		a    answer.Answer
		want string
	}{
		"being cancelled":       {answer.Answer{Kind: answer.AlreadyAnswered, Request: sample.Change(sample.Planned(), sample.InState(cancellation.Calling))}, "This card has already been answered. @BOB has confirmed it, and it is being cancelled."},
		"confirmed":             {answer.Answer{Kind: answer.UndoTooLate, Request: sample.Change(sample.Planned(), sample.InState(cancellation.Confirmed))}, "It was too late to undo. @BOB has confirmed it, and it is being cancelled."},
		"not repeated":          {answer.Answer{Kind: answer.UndoTooLate, Request: sample.Change(sample.Planned(), sample.InState(cancellation.Calling), sample.StoppedBy(sample.Ana))}, "It was too late to undo. @BOB has confirmed it, and it is being cancelled. If the meeting service refuses it for now, the bot won't try again."},
		"cancelled":             {answer.Answer{Kind: answer.UndoTooLate, Request: finals["cancelled"]}, "It was too late to undo. The meeting 914 087 436 was cancelled by @BOB."},
		"kept":                  {answer.Answer{Kind: answer.AlreadyAnswered, Request: finals["kept"]}, "This card has already been answered. @BOB chose to keep the meeting 914 087 436. Nothing was changed."},
		"failed":                {answer.Answer{Kind: answer.AlreadyAnswered, Request: finals["failed"]}, "It is unchanged. The meeting service can't be reached right now. Try again in a few minutes."},
		"still asked":           {answer.Answer{Kind: answer.AlreadyAnswered, Request: sample.Planned()}, "This card has already been answered."},
		"settled":               {answer.Answer{Kind: answer.Settled, Request: finals["gone"]}, "The outcome is known now. The meeting 914 087 436 was already gone: there was nothing left to cancel."},
		"expired":               {answer.Answer{Kind: answer.CardExpired, Request: sample.Change(sample.Running(), sample.EndAsked)}, "This card has expired. Nothing was done. To ask again, type `/cancel-meeting 914087436 --end`"},
		"changed":               {answer.Answer{Kind: answer.MeetingChanged, Request: sample.Planned()}, "The meeting 914 087 436 changed after the card was shown. Nothing was done. The card asks again, with the new details."},
		"open card":             {answer.Answer{Kind: answer.OpenCard, Request: sample.Planned(), Link: sample.Link}, "Answer that one. <" + sample.Link + "|Open the card>"},
		"open card, no address": {answer.Answer{Kind: answer.OpenCard, Request: sample.Planned(), Link: "javascript:x"}, "Answer that one."},
		"under way":             {answer.Answer{Kind: answer.UnderWay, Request: sample.Planned(), Who: sample.Bob, Link: sample.Link}, "so there is no second card. @BOB has confirmed it, and it is being cancelled. <" + sample.Link + "|Open the card>"},
		"asked":                 {answer.Answer{Kind: answer.OwnerAsked, Request: sample.Planned(), Who: sample.Olga, Until: sample.Noon}, "@OLGA is being asked whether to cancel " + number + ". You'll get a direct message about how it ends. The question is open until Tue 2026-12-01 12:00 UTC."},
		"asked already":         {answer.Answer{Kind: answer.AskedAlready, Request: sample.Planned(), Who: sample.Olga}, "@OLGA has already been asked about " + number + " for you. Nothing was done."},
	} {
		if said, _ := draw("en", test.a); !strings.HasSuffix(said, test.want) {
			t.Errorf("%s: %q, want it to end in %q", name, said, test.want)
		}
	}
}
