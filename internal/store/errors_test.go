package store

import (
	"errors"
	"io"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestExplainCommit tells a commit that was refused from one that was not answered.
func TestExplainCommit(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		err       error
		class     error // nil: none
		unsettled bool
	}{
		{&pgconn.PgError{Code: pgDiskFull}, ErrFull, false},
		{&pgconn.PgError{Code: "40001"}, nil, false},
		{io.ErrUnexpectedEOF, nil, true},
	} {
		got := explainCommit(tt.err)
		if !errors.Is(got, tt.err) || tt.class != nil && !errors.Is(got, tt.class) || errors.Is(got, ErrUnsettled) != tt.unsettled {
			t.Errorf("explainCommit(%v) = %v, want it to be of class %v, unsettled %t", tt.err, got, tt.class, tt.unsettled)
		}
	}
}
