package doctor

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"meetingbot/internal/config"
	"meetingbot/meetingapi"
)

// maxAccounts is how many accounts of OWNER_MAP are looked up, at up to three calls each,
// because the running bot shares the service's limits.
const maxAccounts = 20

// mappedAccounts returns a finding for each of some accounts in OWNER_MAP that the service
// doesn't know, by account or by UUID. It says nothing about those that can't be looked up.
func mappedAccounts(ctx context.Context, c *meetingapi.Reader, owners config.Owners) (found []finding) {
	names := slices.Sorted(maps.Keys(owners))
	for i := range min(len(names), maxAccounts) {
		name := names[i*len(names)/min(len(names), maxAccounts)]
		_, err := c.Member(ctx, name)
		if meetingapi.IsNotFound(err) {
			_, err = c.User(ctx, name)
		}
		if meetingapi.IsNotFound(err) {
			found = append(found, warning(fmt.Sprintf("OWNER_MAP: the meeting service has no account or user UUID %s", name), "correct it, or remove it"))
		}
	}
	return found
}
