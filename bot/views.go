package bot

import (
	"context"
	"errors"

	"github.com/slack-go/slack"
)

// OpenModal shows a dialog to the person whose event triggerID came with. It works once, within 3 seconds of the event.
// ErrGone means that it was too late; after ErrUnavailable the dialog may be open.
// See https://docs.slack.dev/reference/methods/views.open
func (c *Client) OpenModal(ctx context.Context, triggerID string, m Modal) error {
	const method = "views.open"
	if triggerID == "" {
		return &Error{Method: method, class: ErrGone, notSent: true}
	}
	form := values("trigger_id", triggerID)
	if err := setJSON(form, method, "view", m.typed()); err != nil {
		return err
	}
	return c.call(ctx, method, form, &verdict{})
}

// PublishHome draws a user's Home tab. If hash is set to that of the view it replaces, from HomeOpened or a Click, and the
// view has been redrawn since, it returns ErrHashConflict. Repeating it without a hash is harmless.
// See https://docs.slack.dev/reference/methods/views.publish
func (c *Client) PublishHome(ctx context.Context, user UserID, h Home, hash string) error {
	const method = "views.publish"
	h.Type = slack.VTHomeTab
	form := values("user_id", string(user), "hash", hash)
	if err := setJSON(form, method, "view", h.HomeTabViewRequest); err != nil {
		return err
	}
	return callInTeam(ctx, c, method, form, &verdict{})
}

// BlockProblem is one thing that Slack rejects in blocks.
type BlockProblem struct {
	Pointer string `json:"pointer"` // JSON pointer to it: "/blocks/0/text"
	Code    string `json:"code"`    // "failed_constraint"
	Message string `json:"message"`
}

// ValidateBlocks asks Slack what is wrong with v, a Message, Modal or Home, without showing it to anyone. No problems and
// a nil error mean that Slack would accept it. See https://docs.slack.dev/reference/methods/blocks.validate
func (c *Client) ValidateBlocks(ctx context.Context, v any) ([]BlockProblem, error) {
	const method = "blocks.validate"
	name := "view"
	switch of := v.(type) {
	case Message:
		name, v = "message", struct {
			Text   string        `json:"text"`
			Blocks []slack.Block `json:"blocks,omitempty"`
		}{of.Text, of.Blocks}
	case Modal:
		v = of.typed()
	case Home:
		of.Type = slack.VTHomeTab
		v = of.HomeTabViewRequest
	default:
		return nil, &Error{Method: method, class: ErrBadMessage, notSent: true, cause: errors.New("neither a message nor a view")}
	}
	form := values()
	if err := setJSON(form, method, name, v); err != nil {
		return nil, err
	}
	var a struct {
		verdict
		Errors []BlockProblem `json:"errors"`
	}
	err := c.call(ctx, method, form, &a)
	if errors.Is(err, ErrBadMessage) && len(a.Errors) > 0 {
		err = nil // the refusal is the answer
	}
	return a.Errors, err
}

func (m Modal) typed() slack.ModalViewRequest {
	m.Type = slack.VTModal
	return m.ModalViewRequest
}
