package notice

import (
	"meetingbot/bot"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// Question tells the person who asked the owner how the question ended, or that the meeting
// has changed and the owner is being asked again. It names the meeting by its number only: a
// person who was refused never learns the subject.
func Question(p page.Page, r cancellation.Request) bot.Message {
	p = p.Discreet()
	title, text := questionEnd(p, r)
	_, fallback := questionEnd(p.ForFallback(), r)
	return bot.Message{
		Text:   block.Join("\n", title, fallback),
		Blocks: block.Stack(block.Header(title), block.Section(text), block.Small(p.Say("askowner.your_question", words.Vars{"Owner": p.Who(r.For)}))),
	}
}

// questionEnd returns what the asker is told, as a title and as sentences.
func questionEnd(p page.Page, r cancellation.Request) (title, text string) {
	names := words.Vars{"What": p.What(r), "Owner": p.Who(r.For), "When": p.Moment("short", r.ExpiresAt)}
	switch {
	case r.State == cancellation.Asked && r.AskAgain == cancellation.AskAgainStale:
		return p.Say("askowner.ask_again_stale_title", nil), block.Capitalize(p.Say("askowner.ask_again_stale", names))
	case r.State == cancellation.Asked && r.AskAgain == cancellation.AskAgainUnlisted:
		return p.Say("askowner.ask_again_stale_title", nil), block.Capitalize(p.Say("askowner.ask_again_unlisted", names))
	case r.State == cancellation.Asked:
		return p.Say("askowner.ask_again_title", nil), block.Capitalize(p.Say("askowner.ask_again", names))
	case r.State == cancellation.Expired && r.Card.TS == "":
		return outcome.Title(p, r), block.Capitalize(p.Say("askowner.not_asked", names))
	case r.State == cancellation.Expired:
		return outcome.Title(p, r), block.Capitalize(p.Say("askowner.unanswered", names))
	case r.IsUnknown():
		return outcome.Title(p, r), outcome.Happened(p, r) // the button is on the owner's card
	}
	return outcome.Title(p, r), block.Flow(outcome.Happened(p, r), outcome.Because(p, r))
}
