package batch

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/card"
	"meetingbot/handlers/view/outcome"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

// How much of a card with several meetings to show. Slack allows 12,000 characters
// per message: twenty lines, a long reason and the meetings that can't be cancelled
// fit.
const (
	maxLine     = 80   // of a subject in a line
	maxLineName = 40   // of a name in a line
	maxSection  = 2800 // of the lines in one section
	shownLeft   = 10   // meetings that can't be cancelled which are listed
	shownSeries = 5    // series named because all their dates are on the card
)

// Draw draws the card with several meetings as of now.
func Draw(p page.Page, r cancellation.Request, now time.Time) bot.Message {
	switch r.State {
	case cancellation.Asked:
		if r.Batch.Review {
			return reviewPage(p, r)
		}
		return offerPage(p, r)
	case cancellation.Confirmed, cancellation.Calling:
		if cancellation.CanUndo(r, now) {
			return undoable(p, r, now)
		}
		return working(p, r, now)
	case cancellation.Received, cancellation.Done, cancellation.Declined, cancellation.Expired, cancellation.Superseded: // Received has no card yet
	}
	return final(p, r)
}

// offerPage draws the first page: what can be ticked, and what can't be cancelled.
func offerPage(p page.Page, r cancellation.Request) bot.Message {
	b, title := r.Batch, p.Count("many.title", outcome.Listed(r.Batch), nil)
	intro := block.Join("\n", card.WhyAskAgain(p, r), block.Flow(asksAbout(p, r), p.Say("many.first", nil)), aboutRunning(p, r), aboutSeries(p, b))
	blocks := block.Stack(block.Header(title), block.Section(intro), block.Section("*"+p.Say("many.pick", nil)+"*"))
	for i, input := range action.MeetingInputs() {
		if first := i * action.MaxTicks; first < len(b.Items) {
			group := meetingBoxes(p, b, input, first)
			blocks = append(blocks, slack.NewActionBlock(action.PageBlock(r.ID, r.Batch.Revision, input), group))
		}
	}
	blocks = append(blocks, cutNote(p, b), leftOut(p, b), moreNote(p, b), p.Reason(r))
	blocks = append(blocks, slack.NewActionBlock(action.PageBlock(r.ID, r.Batch.Revision, "answer"),
		block.Button(r.ID, action.Review, p.Say("many.button_review", nil)).WithStyle(slack.StylePrimary),
		block.Button(r.ID, action.Keep, p.Say("many.button_keep", nil)), card.AddReason(p, r),
	), block.Small(p.AskedBy(r), card.Expires(p, r), secondNote(p, r, b.All())))
	fallback := p.ForFallback()
	return bot.Message{
		Text:   block.Join("\n", title, asksAbout(fallback, r), linesBriefly(fallback, b, b.All(), willEnd)),
		Blocks: block.Stack(blocks...),
	}
}

// asksAbout says who asks about how many meetings, and for which days. If they need more than
// one card, it says how many there are.
func asksAbout(p page.Page, r cancellation.Request) string {
	b := r.Batch
	v := words.Vars{"Who": p.Who(r.Asker), "Days": p.Days(b.Days), "Whose": p.Who(r.Asker)}
	if b.Whose != "" {
		v["Whose"] = whose(b)
	}
	if b.Days == "" {
		return p.Count("many.numbers", len(b.Items), v)
	}
	key, first := "many.days", ""
	if p.Bare || v["Whose"] == "" {
		key = "many.days_bare"
	}
	if b.More > 0 {
		first = p.Count("many.first_of", len(b.Items), nil)
	}
	return block.Flow(p.Count(key, len(b.Items)+b.More, v), first)
}

// whose names the person whose meetings are on the card: as a mention or, if they are not in
// Slack, by the owner name of the meetings.
func whose(b *cancellation.Batch) string {
	if block.IsID(b.Whose, "UW") {
		return block.Mention(b.Whose)
	}
	for _, m := range b.Meetings {
		if name := block.Escape(m.OwnerName, block.MaxName); name != "" {
			return name
		}
	}
	return block.Escape(b.Whose, block.MaxName)
}

// aboutRunning says what a tick means if a meeting is or may be running.
func aboutRunning(p page.Page, r cancellation.Request) string {
	running := r.Batch.Where(func(it cancellation.Item) bool { return it.Running })
	return block.Join("\n", p.CountAny("many.running", len(running)), aboutUnknown(p, r.Batch, r.End))
}

// aboutUnknown says what will happen to items that may have started.
func aboutUnknown(p page.Page, b *cancellation.Batch, end bool) string {
	unknown := b.Where(func(it cancellation.Item) bool {
		return !it.Running && !b.Meetings[it.Meeting].StateKnown && it.Date.ID == ""
	})
	some, only := "many.state_unknown", "many.only_state_unknown"
	if end {
		some, only = "many.state_unknown_end", "many.only_state_unknown_end"
	}
	if len(b.Items) == 1 {
		return p.SayIf(len(unknown) > 0, only, nil)
	}
	return p.CountAny(some, len(unknown))
}

// aboutSeries says that dates are cancelled rather than the series, and names series with all
// their dates on the card.
func aboutSeries(p page.Page, b *cancellation.Batch) string {
	var texts []string
	whole := 0
	for i, m := range b.Meetings {
		var dates []string
		for _, it := range b.Items {
			if it.Meeting == i && it.Date.ID != "" {
				dates = append(dates, it.Date.ID)
			}
		}
		if len(dates) > 0 && len(texts) == 0 {
			texts = append(texts, p.Say("many.dates_only", nil))
		}
		if len(dates) == 0 || !m.Remaining(dates) {
			continue
		}
		if whole++; whole <= shownSeries {
			short := m
			short.Subject = block.Plain(m.Subject, maxLine) // cut before escaping
			texts = append(texts, block.Capitalize(p.Count("many.dates_all", len(dates), words.Vars{"What": p.What(cancellation.Request{Meeting: short})})))
		}
	}
	return block.Join("\n", append(texts, p.CountAny("many.left_more", whole-shownSeries))...)
}

// meetingBoxes returns one element with its share of the items, beginning with number first.
// An option's value is its position.
func meetingBoxes(p page.Page, b *cancellation.Batch, input string, first int) *slack.CheckboxGroupsBlockElement {
	group := slack.NewCheckboxGroupsBlockElement(input)
	for i := first; i < min(first+action.MaxTicks, len(b.Items)); i++ {
		it := b.Items[i]
		option := slack.NewOptionBlockObject(strconv.Itoa(i), block.Mrkdwn(card.Tick(p, b.Start(it))), block.PlainText(boxNote(p, b, it), block.MaxLabel))
		group.Options = append(group.Options, option)
		if it.Ticked {
			group.InitialOptions = append(group.InitialOptions, option)
		}
	}
	return group
}

// boxNote says which meeting a box is for. The mark of a running one comes first and is never
// cut.
func boxNote(p page.Page, b *cancellation.Batch, it cancellation.Item) string {
	m := b.Meetings[it.Meeting]
	subject, owner := m.Subject, block.Plain(m.OwnerName, 20)
	if p.Bare {
		subject, owner = block.Grouped(numberIn(m)), ""
	}
	if block.Plain(subject, block.MaxLabel) == "" { // Slack refuses an empty note, and the card with it
		subject = p.Say("many.untitled", nil)
	}
	mark := p.SayIf(it.Running, "many.mark_running", nil)
	const placeholder = "…" // for the subject, which gets the room that is left
	others := utf8.RuneCountInString(block.Join(" · ", mark, placeholder, owner)) - 1
	return block.Join(" · ", mark, block.Plain(subject, block.MaxLabel-others), owner)
}

func numberIn(m cancellation.Meeting) string { return page.NumberOf(cancellation.Request{Meeting: m}) }

// cutNote says that names were cut, if any were.
func cutNote(p page.Page, b *cancellation.Batch) slack.Block {
	if !slices.ContainsFunc(b.Items, func(it cancellation.Item) bool { return strings.Contains(boxNote(p, b, it), "…") }) {
		return nil
	}
	return block.Small(p.Say("many.shortened", nil))
}

// undoable draws one countdown for all meetings.
func undoable(p page.Page, r cancellation.Request, now time.Time) bot.Message {
	undo, title := p.Say("button.undo", nil), p.Say("undo.title", nil)
	text := func(p page.Page) string {
		return p.Count("many.undo", len(r.Batch.Ticked()), words.Vars{
			"Who": p.Who(r.ConfirmedBy), "Button": undo, "Left": p.Length(r.UndoUntil.Sub(now)), "When": p.Moment("clock", r.UndoUntil),
		})
	}
	blocks := append(block.Stack(block.Header(title), block.Section(text(p))), lines(p, r.Batch, r.Batch.Ticked(), itemLine)...)
	blocks = append(blocks, p.Reason(r), block.Buttons(block.Button(r.ID, action.Undo, undo)), block.Small(p.AskedBy(r)))
	fallback := p.ForFallback()
	return bot.Message{Text: block.Join("\n", title, text(fallback), linesBriefly(fallback, r.Batch, r.Batch.Ticked(), willEnd)), Blocks: block.Stack(blocks...)}
}

// working draws the progress, with a button to stop while some meetings have to wait.
func working(p page.Page, r cancellation.Request, now time.Time) bot.Message {
	t, title := r.Batch.Tally(), p.Say("working.title", nil)
	items := r.Batch.Ticked()
	counted := p.Say("many.progress", words.Vars{"Final": t.Final, "All": max(t.All, len(items))})
	text, brief, row := p.Count("many.working", len(items), words.Vars{"Who": p.Who(r.ConfirmedBy)}), "", slack.Block(nil)
	wait, why := t.Wait, "many.waiting"
	switch t.WaitWhy {
	case "locked":
		why = "many.waiting_locked"
	case cancellation.WhyInDoubt:
		why = "many.waiting_doubt"
	}
	if r.Batch.Paused.After(wait) {
		wait, why = r.Batch.Paused, "many.paused"
	}
	if now.Before(wait) {
		stop := p.Say("button.stop", nil)
		text = p.Say(why, words.Vars{"When": p.Moment("short", wait), "Button": stop})
		brief = p.Say(why, words.Vars{"When": p.UTC(wait), "Button": stop})
		row = block.Buttons(block.Button(r.ID, action.Stop, stop))
	}
	blocks := append(block.Stack(block.Header(title), block.Section("*"+counted+"*", text)), lines(p, r.Batch, items, progressLine)...)
	blocks = append(blocks, p.Reason(r), row, block.Small(p.AskedBy(r)))
	return bot.Message{Text: block.Join("\n", title, counted, brief), Blocks: block.Stack(blocks...)}
}
