package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
)

const methodUpdate = "chat.update"

type posted struct {
	verdict
	Channel   string `json:"channel"`
	TS        string `json:"ts"`
	MessageTS string `json:"message_ts"`
}

// Post posts m to the conversation at.Channel, in the thread under at.TS if that is set, and returns the new message. The
// result's channel may differ from at.Channel. Post never retries: after ErrUnavailable the message may or may not exist.
// See https://docs.slack.dev/reference/methods/chat.postMessage
func (c *Client) Post(ctx context.Context, at MessageRef, m Message) (MessageRef, error) {
	const method = "chat.postMessage"
	form, err := m.form(method, "channel", string(at.Channel), "thread_ts", at.TS, "unfurl_links", "false", "unfurl_media", "false")
	if err != nil {
		return MessageRef{}, err
	}
	var p posted
	err = c.wire.call(ctx, request{method: method, token: c.botToken, place: string(at.Channel), form: form, once: minTimeToPost}, &p)
	if err = require(p.TS, method, err); err != nil {
		return MessageRef{}, err
	}
	return MessageRef{Channel: ChannelID(cmp.Or(p.Channel, string(at.Channel))), TS: p.TS}, nil
}

// DM is like Post to one person. Slack opens the conversation if needed. It returns ErrNoSuchPerson if that person can't be
// messaged.
func (c *Client) DM(ctx context.Context, user UserID, m Message) (MessageRef, error) {
	ref, err := c.Post(ctx, MessageRef{Channel: ChannelID(user)}, m)
	if e, ok := errors.AsType[*Error](err); ok && e.Code == "channel_not_found" {
		e.class = ErrNoSuchPerson // the "channel" was the person
	}
	return ref, err
}

// Update replaces the whole message ref with m. Repeating it is harmless. If Slack refuses, a click's response_url may
// still work. See https://docs.slack.dev/reference/methods/chat.update
func (c *Client) Update(ctx context.Context, ref MessageRef, m Message) error {
	form, err := m.form(methodUpdate, "channel", string(ref.Channel), "ts", ref.TS)
	if err != nil {
		return err
	}
	var p posted
	err = c.call(ctx, methodUpdate, form, &p)
	return require(p.TS, methodUpdate, err)
}

// Ephemeral shows m to one person in a conversation that both they and the bot are in, inside thread if that is set.
// Slack neither keeps the message nor guarantees its delivery.
// See https://docs.slack.dev/reference/methods/chat.postEphemeral
func (c *Client) Ephemeral(ctx context.Context, channel ChannelID, user UserID, thread string, m Message) error {
	const method = "chat.postEphemeral"
	m.Metadata = nil // Slack does not keep it, so it can't be found again
	form, err := m.form(method, "channel", string(channel), "user", string(user), "thread_ts", thread)
	if err != nil {
		return err
	}
	var p posted
	err = c.wire.call(ctx, request{method: method, token: c.botToken, form: form, once: minTimeToTell}, &p)
	return require(p.MessageTS, method, err)
}

// Permalink returns a link to a message.
// See https://docs.slack.dev/reference/methods/chat.getPermalink
func (c *Client) Permalink(ctx context.Context, ref MessageRef) (string, error) {
	const method = "chat.getPermalink"
	var a struct {
		verdict
		Permalink string `json:"permalink"`
	}
	err := c.call(ctx, method, values("channel", string(ref.Channel), "message_ts", ref.TS), &a)
	return a.Permalink, require(a.Permalink, method, err)
}

// form renders m as the arguments of a method, plus others as for values. The caller must have escaped any text written
// by people.
func (m Message) form(method string, others ...string) (url.Values, error) {
	if m.Text == "" {
		return nil, &Error{Method: method, Code: "no_text", class: ErrBadMessage, notSent: true}
	}
	form := values(append(others, "text", m.Text)...)
	if len(m.Blocks) > 0 {
		if err := setJSON(form, method, "blocks", m.Blocks); err != nil {
			return nil, err
		}
	}
	if m.Metadata != nil {
		if err := setJSON(form, method, "metadata", m.Metadata); err != nil {
			return nil, err
		}
	}
	return form, nil
}

// setJSON sets a field of the form to v as JSON, which is how Slack takes structures.
func setJSON(form url.Values, method, name string, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return &Error{Method: method, class: ErrBadMessage, notSent: true, cause: err}
	}
	form.Set(name, string(data))
	return nil
}
