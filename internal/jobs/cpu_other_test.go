//go:build !unix

package jobs_test

import "time"

// processorTime returns 0, because it is not known here.
func processorTime() time.Duration { return 0 }
