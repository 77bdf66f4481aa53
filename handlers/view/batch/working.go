package batch

import (
	"time"

	"github.com/slack-go/slack"

	"meetingbot/bot"
	"meetingbot/handlers/view/action"
	"meetingbot/handlers/view/block"
	"meetingbot/handlers/view/page"
	"meetingbot/handlers/view/words"
	"meetingbot/internal/cancellation"
)

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
	text, brief, row := p.Say("many.working", words.Vars{"Who": p.Who(r.ConfirmedBy)}), "", slack.Block(nil)
	wait, why := t.Wait, "many.waiting"
	if t.WaitWhy == "locked" {
		why = "many.waiting_locked"
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
