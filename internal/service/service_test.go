package service

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"meetingbot/bot"
	"meetingbot/handlers"
	"meetingbot/internal/store"
)

// TestNotTaken holds what a person is told to what is known.
func TestNotTaken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want handlers.AnswerKind
	}{
		{bot.ErrBusy, handlers.NotStored},
		{store.ErrFull, handlers.NotStored},
		{errors.New("anything else"), handlers.NotStored},
		{fmt.Errorf("begin: %w", errors.Join(store.ErrLocked, context.DeadlineExceeded)), handlers.NotStored},
		{context.DeadlineExceeded, handlers.MaybeStored},
		{fmt.Errorf("insert: %w", context.Canceled), handlers.MaybeStored},
		{fmt.Errorf("commit: %w", errors.Join(store.ErrUnsettled, context.DeadlineExceeded)), handlers.MaybeStored},
	} {
		if got := notTaken(tt.err); got != tt.want {
			t.Errorf("notTaken(%v) = %q, want %q", tt.err, got, tt.want)
		}
	}
}
