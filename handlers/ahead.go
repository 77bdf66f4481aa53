package handlers

import (
	"context"
	"sync"
	"time"

	"meetingbot/bot"
	"meetingbot/internal/cancellation"
	"meetingbot/internal/command"
	"meetingbot/meetingapi"
)

// What is read here is read while what asks for it is still being stored: a
// command is about to need its meeting, and a click to read it anew. Reading
// changes nothing, and neither needs the other. What nobody takes is dropped.

// readings are those that are under way, or were made and not taken yet. Each is
// taken once, by its key: the envelope that it was begun for, or the request that it
// was handed on to.
type readings[T any] struct {
	mu   sync.Mutex
	made map[string]chan T // closed without a value where nothing was to be read
}

// A reading is what the service said about one meeting.
type reading struct {
	meeting meetingapi.Meeting
	err     error
}

// A finding is what the service said about a number.
type finding struct {
	meetings []meetingapi.Meeting
	err      error
}

// lookAhead begins to look up whom and what a command is about. A person who
// has too much under way already is not served ahead of their turn.
func (h *Handlers) lookAhead(in intake) {
	if in.counted() != kindStart || in.Command.Verb != command.Cancel || h.finds.has(in.id) {
		return // the same envelope, delivered again, is read for once
	}
	h.beside(lookUpTime, func(ctx context.Context) {
		_, _ = h.bot.Person(ctx, bot.UserID(in.person)) // remembered, or asked for again by the step
	})
	readBeside(h, &h.finds, in.id, func(ctx context.Context) (finding, bool) {
		if from, err := h.roomFrom(ctx, &in); err != nil || !from.IsZero() {
			return finding{}, false
		}
		all, err := h.find(ctx, in.Command.Number)
		if err == nil && len(all) == 1 {
			h.findOwnerBeside(facts(all[0], time.Now()))
		}
		return finding{all, err}, true
	})
}

// findAnew returns what was found since the command came, or looks now.
func (h *Handlers) findAnew(ctx context.Context, in *intake, number string) ([]meetingapi.Meeting, error) {
	if f, ok := await(ctx, h.finds.take(in.id)); ok {
		return f.meetings, f.err
	}
	return h.find(ctx, number)
}

// readAhead begins to read the meeting of a card whose asker has pressed a
// button that confirms. Others have to be known first: nobody who may press
// nothing makes the bot read.
func (h *Handlers) readAhead(in intake) {
	switch in.Action {
	case ActionCancel, ActionEnd, ActionCancelSeries, ActionCancelOccurrences:
	default:
		return
	}
	if h.rules.UndoWindow > 0 || h.ahead.has(in.id) {
		return // the call is not near, or the same click is delivered again
	}
	readBeside(h, &h.ahead, in.id, func(ctx context.Context) (reading, bool) {
		r, err := h.store.Request(ctx, in.Request)
		if err != nil || in.person != r.Asker || h.tooLate(r.Request, time.Now()) != nil {
			return reading{}, false
		}
		m, err := h.read(ctx, r.Meeting)
		return reading{m, err}, true
	})
}

// readOn hands the reading that a click has begun on to the request that it
// confirms, or begins one: the call that follows takes it.
func (h *Handlers) readOn(in *intake, r cancellation.Request) {
	if h.rules.UndoWindow > 0 || h.ahead.handOn(in.id, string(r.ID)) {
		return
	}
	readBeside(h, &h.ahead, string(r.ID), func(ctx context.Context) (reading, bool) {
		m, err := h.read(ctx, r.Meeting)
		return reading{m, err}, true
	})
}

// readAnew returns what was read since the click, or reads now.
func (h *Handlers) readAnew(ctx context.Context, r cancellation.Request) (meetingapi.Meeting, error) {
	if got, ok := await(ctx, h.ahead.take(string(r.ID))); ok {
		return got.meeting, got.err
	}
	return h.read(ctx, r.Meeting)
}

// readBeside begins a reading.
func readBeside[T any](h *Handlers, to *readings[T], key string, read func(context.Context) (T, bool)) {
	made := make(chan T, 1)
	to.put(key, made)
	if !h.beside(lookUpTime, func(ctx context.Context) {
		defer close(made)
		if got, ok := read(ctx); ok {
			made <- got
		}
	}) {
		close(made)
	}
}

// await waits for a reading. It returns false where there is none to be had.
func await[T any](ctx context.Context, made chan T) (got T, ok bool) {
	if made == nil {
		return got, false
	}
	select {
	case got, ok = <-made:
	case <-ctx.Done():
	}
	return got, ok
}

// put remembers a reading until it is taken, or too old to be news.
func (a *readings[T]) put(key string, made chan T) {
	time.AfterFunc(lookUpTime, func() { a.drop(key, made) })
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made == nil {
		a.made = map[string]chan T{}
	}
	a.made[key] = made
}

// has tells whether a reading of the key is under way or made.
func (a *readings[T]) has(key string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	_, ok := a.made[key]
	return ok
}

// take returns a reading and forgets it; nil if there is none.
func (a *readings[T]) take(key string) chan T {
	a.mu.Lock()
	defer a.mu.Unlock()
	made := a.made[key]
	delete(a.made, key)
	return made
}

// drop forgets a reading that nobody has taken, by whatever key.
func (a *readings[T]) drop(key string, made chan T) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.made[key] == made {
		delete(a.made, key)
	}
}

// handOn gives a reading another key, and reports whether there was one.
func (a *readings[T]) handOn(from, to string) bool {
	made := a.take(from)
	if made == nil {
		return false
	}
	select {
	case got, ok := <-made:
		if !ok {
			return false // nothing was read
		}
		made = make(chan T, 1)
		made <- got
	default: // still being read
	}
	a.put(to, made)
	return true
}
