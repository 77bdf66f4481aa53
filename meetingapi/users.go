package meetingapi

import (
	"context"
	"net/http"
	"net/url"
	"slices"
)

// usersAtOnce is how many users are asked for in one call. The page gives no
// limit; the directory's pages are of this size.
const usersAtOnce = 100

// Users looks several people up, as few calls as possible. People whom the
// directory does not know, or does not show to this login, are absent from the
// result; that is no error. No ids, no call.
func (c *Client) Users(ctx context.Context, uuids []string) (map[string]User, error) {
	type key struct {
		ID string `json:"id"`
	}
	found := make(map[string]User, len(uuids))
	for some := range slices.Chunk(uuids, usersAtOnce) {
		keys := make([]key, len(some))
		for i, id := range some {
			keys[i] = key{id}
		}
		err := c.read(ctx, call{
			op: OpUser, method: http.MethodPost, limit: largeBody,
			path: "/v1/usg/abs/users/list", query: url.Values{"idType": {"USER_ID"}}, body: keys,
		}, func(r reply) error {
			var rows list[wireUser]
			if err := r.decode(&rows); err != nil {
				return err
			}
			for _, w := range rows {
				if w.StatusCode.n < 2 && slices.Contains(some, string(w.ID)) {
					found[string(w.ID)] = w.user()
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}
