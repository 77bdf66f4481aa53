package slacksim

import (
	"slices"
	"strconv"
	"strings"
)

// conversationOpened is the response of conversations.open.
type conversationOpened struct {
	success
	NoOp        bool `json:"no_op"`
	AlreadyOpen bool `json:"already_open"`
	Channel     struct {
		ID string `json:"id"`
	} `json:"channel"`
}

// openConversation is https://docs.slack.dev/reference/methods/conversations.open, for a
// single person.
func openConversation(c *call) (any, error) {
	s := c.s
	u, ok := s.users[c.args["users"]]
	switch {
	case c.args["users"] == "":
		return nil, refuse("users_list_not_supplied")
	case !ok:
		return nil, refuse("user_not_found")
	case u.Deleted:
		return nil, refuse("user_disabled")
	case u.Bot:
		return nil, refuse("cannot_dm_bot")
	case u.Stranger:
		return nil, refuse("invalid_user_combination")
	}
	known := len(s.rooms)
	r := s.openDM(u.ID)
	opened := conversationOpened{success: success{true}, NoOp: len(s.rooms) == known, AlreadyOpen: len(s.rooms) == known}
	opened.Channel.ID = r.ID
	return opened, nil
}

// conversationShown is the response of conversations.info.
type conversationShown struct {
	success
	Channel struct {
		ID         string `json:"id"`
		Name       string `json:"name"`
		IsPrivate  bool   `json:"is_private"`
		IsArchived bool   `json:"is_archived"`
		IsMember   bool   `json:"is_member"`
	} `json:"channel"`
}

// conversationInfo is https://docs.slack.dev/reference/methods/conversations.info. Slack
// refuses a token without any read scope before it looks, and it doesn't reveal that a
// private channel exists.
func conversationInfo(c *call) (any, error) {
	if !slices.ContainsFunc(c.granted(), func(scope string) bool { return slices.Contains(readScopes, scope) }) {
		return nil, &apiError{code: "missing_scope", needed: strings.Join(readScopes, ","), provided: strings.Join(c.granted(), ",")}
	}
	r, ok := c.s.lookUp(c.args["channel"])
	if !ok || !r.BotMember && !r.isPublic() {
		return nil, refuse("channel_not_found")
	}
	if err := c.requireScope(r.scope("read")); err != nil {
		return nil, err
	}
	shown := conversationShown{success: success{true}}
	shown.Channel.ID, shown.Channel.Name, shown.Channel.IsPrivate = r.ID, r.Name, r.Private
	shown.Channel.IsArchived, shown.Channel.IsMember = r.Archived, r.BotMember
	return shown, nil
}

var readScopes = []string{"channels:read", "groups:read", "im:read", "mpim:read"}

// groupMembers is the response of usergroups.users.list.
type groupMembers struct {
	success
	Users []string `json:"users"`
}

// listGroup is https://docs.slack.dev/reference/methods/usergroups.users.list.
func listGroup(c *call) (any, error) {
	users, ok := c.s.groups[c.args["usergroup"]]
	if team := c.args["team_id"]; !ok || c.s.opts.OrgInstall && team != c.s.opts.TeamID { // groups belong to the workspace
		return nil, refuse("no_such_subteam")
	}
	return groupMembers{success{true}, slices.Clone(users)}, nil
}

// messageList is the response of conversations.history and conversations.replies.
type messageList struct {
	success
	Messages []wireMessage  `json:"messages"`
	HasMore  bool           `json:"has_more"`
	Next     *cursorForMore `json:"response_metadata,omitempty"`
}

type cursorForMore struct {
	Cursor string `json:"next_cursor"`
}

// history is https://docs.slack.dev/reference/methods/conversations.history: the top
// level, newest first, without ephemeral messages.
func history(c *call) (any, error) {
	r, err := c.readableRoom()
	if err != nil {
		return nil, err
	}
	posts := slices.Clone(r.posts)
	slices.Reverse(posts)
	return c.page(r, posts)
}

// replies is https://docs.slack.dev/reference/methods/conversations.replies: the parent
// and then its thread, oldest first.
func replies(c *call) (any, error) {
	r, err := c.readableRoom()
	if err != nil {
		return nil, err
	}
	root, err := r.threadRoot(c.args["ts"])
	if err != nil {
		return nil, err
	}
	return c.page(r, append([]*post{r.byTS[root]}, r.threads[root]...))
}

// readableRoom returns the channel if the bot has the history scope for its kind.
func (c *call) readableRoom() (*room, error) {
	r, err := c.room()
	if err != nil {
		return nil, err
	}
	return r, c.requireScope(r.scope("history"))
}

// scope returns the scope for an operation ("read", "history") on r's kind of conversation.
func (r *room) scope(what string) string {
	kind := "channels"
	switch {
	case r.IM:
		kind = "im"
	case r.MPIM:
		kind = "mpim"
	case r.Private:
		kind = "groups"
	}
	return kind + ":" + what
}

// page returns the part of posts that the arguments ask for.
func (c *call) page(r *room, posts []*post) (any, error) {
	limit, start := 100, 0
	var err error
	if c.args["limit"] != "" {
		if limit, err = strconv.Atoi(c.args["limit"]); err != nil || limit < 1 || limit > 999 {
			return nil, refuse("invalid_limit")
		}
	}
	posts = slices.DeleteFunc(posts, func(p *post) bool { return p.deleted || p.ephemeralFor != "" || !c.within(p.TS) })
	if c.args["cursor"] != "" {
		if start, err = strconv.Atoi(c.args["cursor"]); err != nil || start < 0 || start > len(posts) {
			return nil, refuse("invalid_cursor")
		}
	}
	end := min(start+limit, len(posts))
	answer := messageList{success: success{true}, Messages: []wireMessage{}, HasMore: end < len(posts)}
	for _, p := range posts[start:end] {
		answer.Messages = append(answer.Messages, c.s.wire(p, r, c.isTrue("include_all_metadata")))
	}
	if answer.HasMore {
		answer.Next = &cursorForMore{strconv.Itoa(end)}
	}
	return answer, nil
}

// within applies oldest, latest and inclusive. Timestamps are equally long, so they compare
// as strings.
func (c *call) within(ts string) bool {
	oldest, latest := c.args["oldest"], c.args["latest"]
	if c.isTrue("inclusive") && (ts == oldest || ts == latest) {
		return true
	}
	return (oldest == "" || ts > oldest) && (latest == "" || ts < latest)
}
