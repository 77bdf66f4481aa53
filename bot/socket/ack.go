package socket

import (
	"context"
	"encoding/json"
	"errors"
	"time"
)

// ackWindow is how long an ack is worth sending: even a late one stops redeliveries.
const ackWindow = 10 * time.Second

// ack acks env over the link it came through, or else over any other; if there is none, it waits a while for one.
func (in *intake) ack(ctx context.Context, l *link, env envelope, result string) {
	if err := in.confirm(l, env); err != nil {
		in.log.WarnContext(ctx, "could not ack a slack envelope", "kind", env.kind, "envelope", env.id, "error", err)
		result = "ack_lost"
	}
	in.observe(env, result)
}

func (in *intake) confirm(l *link, env envelope) error {
	data, err := ackFrame(env.id)
	if err != nil {
		return err
	}
	err = l.send(data)
	deadline := env.origin.Received.Add(ackWindow)
	for err != nil {
		live, up := in.links.all()
		for _, other := range live {
			if other.send(data) == nil {
				return nil
			}
		}
		select {
		case <-up:
		case <-in.closed:
			return err
		case <-time.After(time.Until(deadline)):
			return err
		}
	}
	return nil
}

// ackFrame returns an ack without a payload. Slack would accept one, but limits it to 20 kB, unlike other ways to answer.
func ackFrame(id string) ([]byte, error) {
	data, err := json.Marshal(struct {
		EnvelopeID string `json:"envelope_id"`
	}{id})
	if err == nil && len(data) >= ackLimit {
		err = errors.New("ack: envelope id too long")
	}
	return data, err
}
