package service

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"meetingbot/bot/socket"
	"meetingbot/handlers/view"
	"meetingbot/internal/database"
)

// TestNotTaken holds what a person is told to what is known.
func TestNotTaken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want view.AnswerKind
	}{
		{socket.ErrBusy, view.NotStored},
		{database.ErrFull, view.NotStored},
		{errors.New("anything else"), view.NotStored},
		{fmt.Errorf("begin: %w", errors.Join(database.ErrLocked, context.DeadlineExceeded)), view.NotStored},
		{context.DeadlineExceeded, view.MaybeStored},
		{fmt.Errorf("insert: %w", context.Canceled), view.MaybeStored},
		{fmt.Errorf("commit: %w", errors.Join(database.ErrUnsettled, context.DeadlineExceeded)), view.MaybeStored},
	} {
		if got := notTaken(tt.err); got != tt.want {
			t.Errorf("notTaken(%v) = %q, want %q", tt.err, got, tt.want)
		}
	}
}
