package store

import (
	"context"
	"strings"

	"meetingbot/internal/cancellation"
)

// Watches reads which meetings are watched because they have open cards.
type Watches struct{ from source }

// WatchesTx is [Watches] in a transaction.
type WatchesTx struct{ Watches }

// Add counts one more open card for a meeting. It reports whether the caller must begin to
// watch the meeting, because nobody does yet.
func (w WatchesTx) Add(ctx context.Context, meeting string) (begin bool, err error) {
	cards, err := queryValue[int64](ctx, w.from.tx, `INSERT INTO watch (meeting, cards) VALUES ($1, 1)
		ON CONFLICT (meeting) DO UPDATE SET cards = watch.cards + 1 RETURNING cards`, meeting)
	return cards == 1, wrap("watch meeting", err)
}

// Cards returns how many cards were counted for a meeting, or 0 if it is not watched.
func (w Watches) Cards(ctx context.Context, meeting string) (cards int64, err error) {
	cards, err = queryValue[int64](ctx, w.from, `SELECT cards FROM watch WHERE meeting = $1`, meeting)
	return cards, wrap("watched meeting", err)
}

// OnCard records which meetings a card with several asks about.
func (w WatchesTx) OnCard(ctx context.Context, request cancellation.ID, meetings []string) error {
	var values []string
	var args []any
	for _, m := range meetings {
		values = append(values, `(`+bind[any](&args, m, request)+`)`)
	}
	if len(values) == 0 {
		return nil
	}
	_, err := w.from.tx.Exec(ctx, `INSERT INTO card_meeting (meeting, request) VALUES `+strings.Join(values, `, `)+` ON CONFLICT DO NOTHING`, args...)
	return wrap("store meetings of a card", err)
}

// End stops watching a meeting. It returns [ErrConflict] if another card was counted since
// the call to [Watches.Cards].
func (w WatchesTx) End(ctx context.Context, meeting string, cards int64) error {
	n, err := w.from.tx.Exec(ctx, `DELETE FROM watch WHERE meeting = $1 AND cards = $2`, meeting, cards)
	if err == nil && n == 0 && cards > 0 {
		err = ErrConflict
	}
	if err != nil {
		return wrap("stop watching meeting", err)
	}
	_, err = w.from.tx.Exec(ctx, `DELETE FROM card_meeting WHERE meeting = $1`, meeting)
	return wrap("forget cards of a meeting", err)
}
