package service

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"meetingbot/bot/socket"
	"meetingbot/handlers/view/answer"
	"meetingbot/internal/database"
)

// TestNotTaken holds what a person is told to what is known.
func TestNotTaken(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err  error
		want answer.Kind
	}{
		{socket.ErrBusy, answer.NotStored},
		{database.ErrFull, answer.NotStored},
		{errors.New("anything else"), answer.NotStored},
		{fmt.Errorf("begin: %w", errors.Join(database.ErrLocked, context.DeadlineExceeded)), answer.NotStored},
		{fmt.Errorf("begin: %w", context.DeadlineExceeded), answer.NotStored},
		{fmt.Errorf("insert: %w", context.DeadlineExceeded), answer.NotStored},
		{socket.ErrOverdue, answer.MaybeStored},
		{fmt.Errorf("commit: %w", errors.Join(database.ErrUnsettled, context.DeadlineExceeded)), answer.MaybeStored},
	} {
		if got := notTaken(tt.err); got != tt.want {
			t.Errorf("notTaken(%v) = %q, want %q", tt.err, got, tt.want)
		}
	}
}
