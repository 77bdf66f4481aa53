package store

import (
	"context"
	"encoding/json"
	"time"

	"meetingbot/internal/cancellation"
)

// Get returns a request, or [ErrNotFound]. A transaction locks it.
func (rs Requests) Get(ctx context.Context, id cancellation.ID) (Request, error) {
	return rs.one(ctx, `WHERE id = $1`+rs.from.lock, id)
}

// Parts returns the parts of a request, ordered by id. A transaction locks them.
func (rs Requests) Parts(ctx context.Context, parent cancellation.ID) ([]Request, error) {
	return rs.all(ctx, `WHERE parent = $1 AND parent <> '' ORDER BY id`+rs.from.lock, parent)
}

// OpenCard returns the request that has an open card for this meeting in this channel,
// confirmed or not, or [ErrNotFound]. A card that fell back to a direct message doesn't
// count.
func (rs Requests) OpenCard(ctx context.Context, channel, meetingID string) (Request, error) {
	return rs.one(ctx, `WHERE channel = $1 AND meeting = $2 AND state IN ('asked', 'confirmed', 'calling')
			AND (card_channel = '' OR card_channel = channel)
		ORDER BY created_at DESC LIMIT 1`, channel, meetingID)
}

// OpenCards returns the requests with an open card about a meeting, confirmed or not, in
// any channel, oldest first.
func (rs Requests) OpenCards(ctx context.Context, meeting string) ([]Request, error) {
	return rs.all(ctx, `WHERE id IN (SELECT id FROM request WHERE meeting = $1 UNION ALL SELECT request FROM card_meeting WHERE meeting = $1)
			AND state IN ('asked', 'confirmed', 'calling') ORDER BY created_at`, meeting)
}

// Due returns the ids of at most limit unanswered requests that had expired by the given
// time, longest overdue first.
func (rs Requests) Due(ctx context.Context, by time.Time, limit int) ([]cancellation.ID, error) {
	ids, err := queryAll(ctx, rs.from, scanOne[cancellation.ID], `SELECT id FROM request
		WHERE state IN ('received', 'asked') AND expires_at <= $1 ORDER BY expires_at LIMIT $2`, by.UnixMilli(), limit)
	return ids, wrap("due requests", err)
}

// Waiting returns at most limit requests that wait for an answer which the person may be
// entitled to give, the last to expire first. Questions to this person come before cards
// that anyone entitled may answer.
func (rs Requests) Waiting(ctx context.Context, person string, limit int) ([]cancellation.Request, error) {
	// The first condition is that of the index on expires_at. Without it, SQLite reads all requests ever made.
	return rs.plain(ctx, `WHERE state IN ('received', 'asked') AND state = 'asked' AND parent = '' AND addressee IN ('', $1) AND expires_at > $2
		ORDER BY addressee DESC, expires_at DESC LIMIT $3`, person, rs.from.Now().UnixMilli(), limit)
}

// CancelledOf returns at most limit requests that have removed meetings of an owner since
// the given time, latest first.
func (rs Requests) CancelledOf(ctx context.Context, owner string, since time.Time, limit int) ([]cancellation.Request, error) {
	return rs.plain(ctx, `WHERE owner = $1 AND owner <> '' AND closed_at >= $2 AND outcome IN ('cancelled', 'ended')
		ORDER BY closed_at DESC LIMIT $3`, owner, since.UnixMilli(), limit)
}

// A HistoryFilter narrows [Requests.History]. The zero filter matches everything.
type HistoryFilter struct {
	Person  string // only what this Slack user asked for or owns
	Meeting string // only the meeting with this id or number
}

// History returns the newest limit finished requests, newest first. It leaves out requests
// that never had a card, such as pickers and refusals, and superseded ones, whose card went
// to another request. A card with several meetings is listed instead of its parts, unless
// the filter is for a meeting, or for an owner who isn't the asker and need not see the
// rest.
func (rs Requests) History(ctx context.Context, f HistoryFilter, limit int) ([]cancellation.Request, error) {
	among := "" // each half of a union has an index
	if f.Person != "" {
		among += ` AND id IN (SELECT id FROM request WHERE asker = $1 UNION ALL SELECT id FROM request WHERE owner = $1 AND owner <> '')`
	}
	if f.Meeting != "" {
		among += ` AND id IN (SELECT id FROM request WHERE meeting = $2 UNION ALL SELECT id FROM request WHERE number = $2 AND number <> meeting)`
	}
	return rs.plain(ctx, `WHERE closed_at IS NOT NULL AND state <> 'superseded' AND shown = 1
			AND (parent = '' OR $2 <> '' OR ($1 <> '' AND asker <> $1))`+among+`
		ORDER BY created_at DESC LIMIT $3`, f.Person, f.Meeting, limit)
}

// Finished returns the newest limit finished requests about a meeting, newest first, like
// [Requests.History], but with the parts of cards with several meetings.
func (rs Requests) Finished(ctx context.Context, meeting string, limit int) ([]cancellation.Request, error) {
	return rs.plain(ctx, `WHERE meeting = $1 AND closed_at IS NOT NULL AND state <> 'superseded' AND shown = 1
		ORDER BY created_at DESC LIMIT $2`, meeting, limit)
}

// CallingOrEnded returns the requests about any of these meetings that are making their call, or
// have ended since the given time, newest first.
func (rs Requests) CallingOrEnded(ctx context.Context, meetings []string, since time.Time) ([]cancellation.Request, error) {
	if len(meetings) == 0 {
		return nil, nil
	}
	args := []any{since.UnixMilli()}
	return rs.plain(ctx, `WHERE meeting IN (`+bind(&args, meetings...)+`)
			AND (state = 'calling' OR closed_at >= $1 AND state <> 'superseded' AND shown = 1)
		ORDER BY created_at DESC`, args...)
}

// one returns the first request that matches a condition.
func (rs Requests) one(ctx context.Context, where string, args ...any) (Request, error) {
	all, err := rs.all(ctx, where, args...)
	return first("request", all, err)
}

// plain returns requests that won't be saved, without their versions.
func (rs Requests) plain(ctx context.Context, where string, args ...any) ([]cancellation.Request, error) {
	all, err := rs.all(ctx, where, args...)
	return Plain(all), err
}

// Plain returns requests without their versions.
func Plain(all []Request) (plain []cancellation.Request) {
	for _, r := range all {
		plain = append(plain, r.Request)
	}
	return plain
}

// all returns the requests that match a condition.
func (rs Requests) all(ctx context.Context, where string, args ...any) ([]Request, error) {
	all, err := queryAll(ctx, rs.from, scanRequest, `SELECT version, body FROM request `+where, args...)
	return all, wrap("read requests", err)
}

func scanRequest(row Row) (Request, error) {
	var r Request
	var body string
	if err := row.Scan(&r.version, &body); err != nil {
		return Request{}, err
	}
	err := json.Unmarshal([]byte(body), &r.Request)
	r.stored = columnsOf(r.Request)
	return r, wrap("decode request", err)
}
