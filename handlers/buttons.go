package handlers

import (
	"context"

	"meetingbot/handlers/step"
	"meetingbot/handlers/step/many"
	"meetingbot/handlers/step/owner"
	"meetingbot/handlers/step/press"
	"meetingbot/handlers/view/action"
)

// Clicks returns the step that handles a click. It is the only place that maps buttons to
// actions. For who may press them, see docs/rights.md.
func Clicks(deps *step.Deps) press.Press {
	return press.Press{
		Deps:  deps,
		Offer: owner.Offer,
		Modals: press.Buttons{
			action.AddReason: press.AddReason,
			action.AskOwner:  owner.Modal,
		},
		Single: withTicks(press.Buttons{
			action.Cancel:            press.Confirm,
			action.End:               press.Confirm,
			action.CancelSeries:      press.Confirm,
			action.CancelOccurrences: press.Confirm,
			action.Keep:              press.Keep,
			action.Undo:              press.Undo,
			action.Stop:              press.Undo,
			action.CheckAgain:        press.CheckAgain,
			action.ModalReason:       press.SaveReason,
			action.Choose:            {AnyAge: true, Do: func(ctx context.Context, c *press.Click) error { return asks.Choose(ctx, c.Visit, c.R) }},
			action.ModalAskOwner:     owner.Ask(asks),
		}),
		Several: withTicks(press.Buttons{
			action.Review:      many.Review,
			action.Back:        many.Back,
			action.CancelMany:  many.Confirm,
			action.Keep:        press.Keep,
			action.Undo:        many.Stop,
			action.Stop:        many.Stop,
			action.CheckAgain:  press.CheckAgain,
			action.ModalReason: press.SaveReason,
		}),
		Question: withTicks(press.Buttons{
			action.Cancel:            owner.Confirm,
			action.End:               owner.Confirm,
			action.CancelSeries:      owner.Confirm,
			action.CancelOccurrences: owner.Confirm,
			action.Keep:              owner.Keep,
			action.Mute:              owner.Mute,
			action.Undo:              press.Undo,
			action.Stop:              press.Undo,
			action.CheckAgain:        press.CheckAgain,
		}),
	}
}

// withTicks adds the checkboxes, which work the same on every card.
func withTicks(all press.Buttons) press.Buttons {
	for _, input := range action.Inputs() {
		all[input] = press.Tick
	}
	return all
}
