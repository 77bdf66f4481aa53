package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"github.com/slack-go/slack"
)

// methodRespond names answers through a response_url in errors and metrics; the address itself is a secret.
const methodRespond = "response_url"

// respondBody is the JSON of an answer. slack-go's own types send more than Slack's page has.
type respondBody struct {
	ResponseType string               `json:"response_type,omitempty"`
	Replace      *bool                `json:"replace_original,omitempty"`
	Thread       string               `json:"thread_ts,omitempty"`
	Text         string               `json:"text,omitempty"`
	Blocks       []slack.Block        `json:"blocks,omitempty"`
	Metadata     *slack.SlackMetadata `json:"metadata,omitempty"`
	UnfurlLinks  *bool                `json:"unfurl_links,omitempty"`
	UnfurlMedia  *bool                `json:"unfurl_media,omitempty"`
}

// Respond answers through a response_url, which needs no membership and works 5 times within 30 minutes. Each answer,
// even a failed one, may count. ErrGone means that the url is used up.
// See https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
func (b *Bot) Respond(ctx context.Context, to Secret, r Response) error {
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
	start := time.Now()
	err = b.lanes.through(ctx, methodRespond, to.Reveal(), func() error {
		callCtx, sent := withSentFlag(ctx)
		err := b.deliver(callCtx, to, body)
		return fault(methodRespond, err, sent.Load())
	})
	b.cfg.Observer.Call(methodRespond, Class(err), time.Since(start))
	return err
}

func (r Response) body() respondBody {
	no := false
	body := respondBody{Replace: &r.Replace, Thread: r.Thread, Text: r.Text, Blocks: r.Blocks}
	if r.Metadata != nil {
		m := r.Metadata.forSlack()
		body.Metadata = &m
	}
	switch {
	case r.Replace:
		// what is replaced keeps its audience
	case r.InChannel:
		body.ResponseType, body.UnfurlLinks, body.UnfurlMedia = "in_channel", &no, &no
	default:
		body.ResponseType = "ephemeral"
	}
	return body
}

// deliver posts body and reads the answer: "ok" as plain text, or JSON, or a 404 for a url that is used up.
func (b *Bot) deliver(ctx context.Context, to Secret, body []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.Reveal(), bytes.NewReader(body))
	if err != nil {
		return &Error{Method: methodRespond, class: ErrGone, notSent: true} // err would quote the url
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	resp, err := b.wire.send(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, answerLimit))
	var v verdict
	isJSON := json.Unmarshal(answer, &v) == nil
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		return &slack.RateLimitedError{RetryAfter: limitOf(resp)}
	case isJSON && !v.OK && v.Error != "":
		return slack.SlackErrorResponse{Err: v.Error, Needed: v.Needed, Provided: v.Provided}
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return &Error{Method: methodRespond, Status: resp.StatusCode, class: ErrGone}
	case resp.StatusCode/100 != 2:
		return slack.StatusCodeError{Code: resp.StatusCode, Status: resp.Status}
	case err != nil:
		return err
	case isJSON && v.OK, bytes.Equal(bytes.TrimSpace(answer), []byte("ok")), len(bytes.TrimSpace(answer)) == 0:
		return nil
	default:
		return errNotJSON
	}
}
