package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"

	"github.com/slack-go/slack"
)

// methodRespond stands for a response_url, which is secret, in errors and metrics.
const methodRespond = "response_url"

// respondBody is the JSON of an answer. slack-go's own types send fields that Slack doesn't document.
type respondBody struct {
	ResponseType string        `json:"response_type,omitempty"`
	Replace      bool          `json:"replace_original"`
	Thread       string        `json:"thread_ts,omitempty"`
	Text         string        `json:"text,omitempty"`
	Blocks       []slack.Block `json:"blocks,omitempty"`
	Metadata     *Metadata     `json:"metadata,omitempty"`
	UnfurlLinks  *bool         `json:"unfurl_links,omitempty"`
	UnfurlMedia  *bool         `json:"unfurl_media,omitempty"`
}

// Respond answers through a response_url, which needs no membership and works 5 times within 30 minutes. Failed answers
// may count too. ErrGone means that the URL is used up.
// See https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
func (c *Client) Respond(ctx context.Context, to Secret, r Response) error {
	if to.IsZero() {
		return &Error{Method: methodRespond, class: ErrGone, notSent: true}
	}
	if r.Text == "" {
		return &Error{Method: methodRespond, Code: "no_text", class: ErrBadMessage, notSent: true}
	}
	body, err := json.Marshal(r.body())
	if err != nil {
		return &Error{Method: methodRespond, class: ErrBadMessage, notSent: true, cause: err}
	}
	deliver := func(ctx context.Context) error { return c.wire.deliver(ctx, to, body) }
	switch {
	case r.Replace: // people don't notice a repeated replacement
		return c.wire.throttled(ctx, methodRespond, to.Reveal(), deliver)
	case r.InChannel:
		return c.wire.once(ctx, minTimeToPost, methodRespond, to.Reveal(), deliver)
	default:
		return c.wire.once(ctx, minTimeToTell, methodRespond, to.Reveal(), deliver)
	}
}

func (r Response) body() respondBody {
	no := false
	body := respondBody{Replace: r.Replace, Thread: r.Thread, Text: r.Text, Blocks: r.Blocks, Metadata: r.Metadata}
	switch {
	case r.Replace:
		// a replacement keeps its audience
	case r.InChannel:
		body.ResponseType, body.UnfurlLinks, body.UnfurlMedia = "in_channel", &no, &no
	default:
		body.ResponseType = "ephemeral"
	}
	return body
}

func (w *wire) deliver(ctx context.Context, to Secret, body []byte) error {
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(limited, http.MethodPost, to.Reveal(), bytes.NewReader(body))
	if err != nil {
		return &Error{Method: methodRespond, class: ErrGone, notSent: true} // err would quote the url
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, sent, err := w.send(ctx, req)
	if err != nil {
		return classify(methodRespond, err, sent)
	}
	defer resp.Body.Close()
	return readResponse(resp)
}

// readResponse reads a response_url's answer: "ok" as plain text, JSON, or a 404 if the URL is used up.
func readResponse(resp *http.Response) error {
	text, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	text = bytes.TrimSpace(text)
	var v verdict
	isJSON := json.Unmarshal(text, &v) == nil
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return &Error{Method: methodRespond, Status: resp.StatusCode, RetryAfter: parseRetryAfter(resp), class: ErrThrottled}
	case isJSON && !v.OK && v.Error != "":
		return refusal(methodRespond, resp.StatusCode, &v)
	case resp.StatusCode/100 != 2:
		return &Error{Method: methodRespond, Status: resp.StatusCode, class: classifyResponse(resp.StatusCode)}
	case err != nil:
		return classify(methodRespond, err, true)
	case isJSON && v.OK, bytes.Equal(text, []byte("ok")), len(text) == 0:
		return nil
	default:
		return classify(methodRespond, errNotJSON, true)
	}
}
