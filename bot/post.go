package bot

import (
	"context"
	"errors"

	"github.com/slack-go/slack"
)

// Post writes m into a conversation and returns where it stands. The channel of the result may differ from the one asked
// for. It is never repeated by the bot itself: after ErrUnavailable the message may or may not be there.
// See https://docs.slack.dev/reference/methods/chat.postMessage
func (b *Bot) Post(ctx context.Context, channel ChannelID, m Message) (MessageRef, error) {
	return b.post(ctx, channel, "", m)
}

// Reply writes m into the thread under parent. As Post.
func (b *Bot) Reply(ctx context.Context, parent MessageRef, m Message) (MessageRef, error) {
	return b.post(ctx, parent.Channel, parent.TS, m)
}

// DM writes m to one person and returns where it stands. Slack opens the conversation by itself. As Post, with
// ErrNoSuchPerson if that person can't be written to.
func (b *Bot) DM(ctx context.Context, user UserID, m Message) (MessageRef, error) {
	ref, err := b.post(ctx, ChannelID(user), "", m)
	if e, ok := errors.AsType[*Error](err); ok && e.Code == "channel_not_found" {
		e.class = ErrNoSuchPerson // the "channel" was the person
	}
	return ref, err
}

func (b *Bot) post(ctx context.Context, channel ChannelID, thread string, m Message) (MessageRef, error) {
	const method = "chat.postMessage"
	options, err := m.options(method)
	if err != nil {
		return MessageRef{}, err
	}
	options = append(options, slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	var ref MessageRef
	err = b.call(ctx, method, string(channel), func(ctx context.Context) error {
		in, ts, err := b.api.PostMessageContext(ctx, string(channel), options...)
		if err == nil && ts == "" {
			return errNoVerdict
		}
		ref = MessageRef{Channel: ChannelID(in), TS: ts}
		return err
	})
	if err != nil {
		return MessageRef{}, err
	}
	if ref.Channel == "" {
		ref.Channel = channel
	}
	return ref, nil
}

// Update replaces the whole message ref by m. Repeating it is harmless. ErrGone means that it can't be changed any more.
// See https://docs.slack.dev/reference/methods/chat.update
func (b *Bot) Update(ctx context.Context, ref MessageRef, m Message) error {
	const method = "chat.update"
	options, err := m.options(method)
	if err != nil {
		return err
	}
	return b.call(ctx, method, "", func(ctx context.Context) error {
		_, ts, _, err := b.api.UpdateMessageContext(ctx, string(ref.Channel), ref.TS, options...)
		if err == nil && ts == "" {
			return errNoVerdict
		}
		return err
	})
}

// Ephemeral shows m to one person in a conversation that both they and the bot are in; with thread, inside that thread.
// Slack does not keep it and does not promise to show it.
// See https://docs.slack.dev/reference/methods/chat.postEphemeral
func (b *Bot) Ephemeral(ctx context.Context, channel ChannelID, user UserID, thread string, m Message) error {
	const method = "chat.postEphemeral"
	m.Metadata = nil // what is not kept can't be found again
	options, err := m.options(method)
	if err != nil {
		return err
	}
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	return b.call(ctx, method, "", func(ctx context.Context) error {
		ts, err := b.api.PostEphemeralContext(ctx, string(channel), string(user), options...)
		if err == nil && ts == "" {
			return errNoVerdict
		}
		return err
	})
}

// Permalink returns the address of a message, for a link in another conversation.
// See https://docs.slack.dev/reference/methods/chat.getPermalink
func (b *Bot) Permalink(ctx context.Context, ref MessageRef) (string, error) {
	var link string
	err := b.call(ctx, "chat.getPermalink", "", func(ctx context.Context) error {
		var err error
		link, err = b.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: string(ref.Channel), Ts: ref.TS})
		if err == nil && link == "" {
			return errNoVerdict
		}
		return err
	})
	return link, err
}

// OpenModal shows a dialog to whoever caused the event that triggerID came with, within 3 seconds of it, once. ErrGone
// means that it was too late.
// See https://docs.slack.dev/reference/methods/views.open
func (b *Bot) OpenModal(ctx context.Context, triggerID string, m Modal) error {
	const method = "views.open"
	if m.Type == "" {
		m.Type = slack.VTModal
	}
	if triggerID == "" {
		return &Error{Method: method, class: ErrGone, notSent: true}
	}
	return b.call(ctx, method, "", func(ctx context.Context) error {
		_, err := b.api.OpenViewContext(ctx, triggerID, m.ModalViewRequest)
		if errors.Is(err, slack.ErrBlockIDNotUnique) {
			return &Error{Method: method, class: ErrBadMessage, notSent: true, cause: err}
		}
		return err
	})
}

// options renders m for slack-go. Text and metadata are the caller's, escaped where they came from people.
func (m Message) options(method string) ([]slack.MsgOption, error) {
	if m.Text == "" {
		return nil, &Error{Method: method, Code: "no_text", class: ErrBadMessage, notSent: true}
	}
	options := []slack.MsgOption{slack.MsgOptionText(m.Text, false)}
	if len(m.Blocks) > 0 {
		options = append(options, slack.MsgOptionBlocks(m.Blocks...))
	}
	if m.Metadata != nil {
		options = append(options, slack.MsgOptionMetadata(m.Metadata.forSlack()))
	}
	return options, nil
}

func (m Metadata) forSlack() slack.SlackMetadata {
	payload := make(map[string]any, len(m.Payload))
	for key, value := range m.Payload {
		payload[key] = value
	}
	return slack.SlackMetadata{EventType: m.Type, EventPayload: payload}
}
