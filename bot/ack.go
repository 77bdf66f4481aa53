package bot

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// ackWindow is how long an ack is worth sending: late ones still stop redeliveries.
const ackWindow = 10 * time.Second

// ack confirms env to Slack, over the link it came by if that still works, else over any other, waiting a while for one.
func (b *Bot) ack(ctx context.Context, l *link, env envelope, result string) {
	if err := b.confirm(l, env); err != nil {
		b.log.WarnContext(ctx, "slack could not be told that an envelope was received", "kind", env.kind, "envelope", env.id, "error", err)
		result = "ack_lost"
	}
	b.observe(env, result)
}

func (b *Bot) confirm(l *link, env envelope) error {
	data, err := ackFrame(env.id)
	if err != nil {
		return err
	}
	err = l.send(data)
	deadline := env.origin.Received.Add(ackWindow)
	for err != nil {
		live, up := b.links.all()
		for _, other := range live {
			if other.send(data) == nil {
				return nil
			}
		}
		if !b.awaitLink(up, deadline) {
			break
		}
	}
	return err
}

// ackFrame is the bare ack: Slack takes a payload in it too, but answers by other ways have no limit of 20 kB.
func ackFrame(id string) ([]byte, error) {
	data, err := json.Marshal(struct {
		EnvelopeID string `json:"envelope_id"`
	}{id})
	if err == nil && len(data) >= ackLimit {
		err = errors.New("ack: the envelope's id is too long for one")
	}
	return data, err
}

// awaitLink reports whether one more link came up in time.
func (b *Bot) awaitLink(up <-chan struct{}, deadline time.Time) bool {
	timer := time.NewTimer(time.Until(deadline))
	defer timer.Stop()
	select {
	case <-up:
		return true
	case <-b.stopped:
		return false
	case <-timer.C:
		return false
	}
}

func (b *Bot) observe(env envelope, result string) {
	b.cfg.Observer.Envelope(env.kind, result, time.Since(env.origin.Received))
}
