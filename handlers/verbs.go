package handlers

import (
	"context"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/ask"
	"meetingbot/handlers/step/many"
	"meetingbot/handlers/step/owner"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/view"
)

// clicks is the step of a click, with what each button does: this is the one place that
// says so. Who may press it is in docs/rights.md.
func clicks(deps *step.Deps, asks ask.Ask) press.Press {
	return press.Press{
		Deps:  deps,
		Offer: owner.Offer,
		Windows: press.Verbs{
			view.ActionAddReason: press.AddReason(),
			view.ActionAskOwner:  owner.Window(),
		},
		Single: ticking(press.Verbs{
			view.ActionCancel:            press.Confirm(),
			view.ActionEnd:               press.Confirm(),
			view.ActionCancelSeries:      press.Confirm(),
			view.ActionCancelOccurrences: press.Confirm(),
			view.ActionKeep:              press.Keep(),
			view.ActionUndo:              press.Undo(),
			view.ActionStop:              press.Undo(),
			view.ActionCheckAgain:        press.CheckAgain(press.LookAgain),
			view.ModalReason:             press.SaveReason(),
			view.ActionChoose:            {Do: func(ctx context.Context, c *press.Click) error { return asks.Choose(ctx, c.Visit, c.R) }},
			view.ModalAskOwner:           owner.Ask(asks),
		}),
		Several: ticking(press.Verbs{
			view.ActionReview:     many.Review(),
			view.ActionBack:       many.Back(),
			view.ActionCancelMany: many.Confirm(),
			view.ActionKeep:       press.Keep(),
			view.ActionUndo:       press.Undo(),
			view.ActionStop:       many.Stop(),
			view.ActionCheckAgain: press.CheckAgain(many.LookAgain),
			view.ModalReason:      press.SaveReason(),
		}),
		Question: ticking(press.Verbs{
			view.ActionCancel:            owner.Confirm(),
			view.ActionEnd:               owner.Confirm(),
			view.ActionCancelSeries:      owner.Confirm(),
			view.ActionCancelOccurrences: owner.Confirm(),
			view.ActionKeep:              owner.Keep(),
			view.ActionMute:              owner.Mute(),
			view.ActionUndo:              press.Undo(),
			view.ActionStop:              press.Undo(),
			view.ActionCheckAgain:        press.CheckAgain(press.LookAgain),
		}),
	}
}

// ticking adds the checkboxes, which do the same on every card.
func ticking(v press.Verbs) press.Verbs {
	for _, input := range view.Inputs() {
		v[input] = press.Tick()
	}
	return v
}
