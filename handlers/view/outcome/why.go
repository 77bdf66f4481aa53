package outcome

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Because says why the service or a rule refused, or that the outcome is unknown, and what to
// do now.
func Because(p page.Page, r cancellation.Request) string {
	over := r.State == cancellation.Done && !closedElsewhere(r)
	switch {
	case over && r.Outcome == cancellation.Unknown:
		return p.Say("done.check", words.Vars{"Button": p.Say("button.check", nil)})
	case over && r.Batch == nil && (r.Outcome == cancellation.Refused || r.Outcome == cancellation.Failed):
		return Class(p, r.Why, r)
	}
	return "" // each of several has its own reason
}

// Class returns the sentence for a class of error: what is wrong, and what to do now. Dates
// chosen on a card can't be given as a command, because the reader's zone is unknown; the next
// card offers them again.
func Class(p page.Page, class string, r cancellation.Request) string {
	end := r.End && class != "not_started" || class == "started"
	example := p.Example(r, page.Flags(r, end))
	text := p.Say("why."+ClassKey(class), words.Vars{"Example": example})
	chosen := r.Scope == cancellation.Occurrence && page.TypedDate(r) == ""
	return block.Join("\n", text, p.SayIf(chosen && strings.Contains(text, example), "why.dates_ask_again", nil))
}

// ClassUntil is Class, but if the service asked the bot to wait, it says until when. A zero
// until means that it didn't.
func ClassUntil(p page.Page, class string, r cancellation.Request, until time.Time) string {
	if until.IsZero() {
		return Class(p, class, r)
	}
	key := "why.wait"
	if strings.HasPrefix(class, SlackClass) {
		key = "why.slack_wait"
	}
	return p.Say(key, words.Vars{"When": p.Moment("short", until)})
}

// SlackClass starts the classes of Slack's errors, for which the meeting service must not be
// blamed.
const SlackClass = "slack_"

// ClassKey returns the catalogue's name for a class of error.
func ClassKey(class string) string {
	switch class {
	case "not_found", "started", "not_started", "ended", "transient", "denied", "ambiguous", "bad_request", "auth", "credentials",
		"clock", "locked", "wrong_site", "kind_unknown", "meeting_locked", "throttled", "server", "unavailable", "unknown_outcome", "not_sent", "canceled",
		"not_allowed", "stale", "changed", "unlisted", "post", "stopped", "not_owner", "owner_left", "last_dates", "still_listed", "in_doubt", "slack_throttled", "slack_unavailable":
		return class
	case "slack_missing_scope", "slack_credentials", "slack_refused":
		return "slack_closed"
	}
	return "general"
}

// IsLoginProblem reports whether a class of error is about the bot's own login or permissions, so
// that trying again in a minute won't help.
func IsLoginProblem(class string) bool {
	return class == "locked" || class == "credentials" || class == "clock" || ClassKey(class) == "slack_closed"
}

// SmallPrint says who asked, who confirmed (unless the text does), and what to look for in the
// log.
func SmallPrint(p page.Page, r cancellation.Request) slack.Block {
	if r.State != cancellation.Done || r.Outcome.Removed() {
		return block.Small(p.AskedBy(r))
	}
	reference, named := r.Reference, r.Batch != nil || p.ToOwner && r.UsesDelegation()
	if r.Outcome == cancellation.Gone {
		reference = ""
	}
	confirmed := p.SayIf(r.ConfirmedBy != "" && !named, "done.confirmed_by", words.Vars{"Who": p.Who(r.ConfirmedBy)})
	return block.Small(p.AskedBy(r), confirmed, Reference(p, reference))
}

// Reference says what to look for in the log; empty if there is nothing.
func Reference(p page.Page, id string) string {
	return p.SayIf(id != "", "done.reference", words.Vars{"Reference": "`" + block.Verbatim(id, block.MaxName) + "`"})
}

// CheckAgain returns the button for an unknown outcome, which checks and changes nothing; nil
// for other outcomes.
func CheckAgain(p page.Page, r cancellation.Request) slack.Block {
	if !r.IsUnknown() {
		return nil
	}
	return block.Buttons(block.Button(r.ID, action.CheckAgain, p.Say("button.check", nil)))
}
